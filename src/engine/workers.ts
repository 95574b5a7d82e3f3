import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { Klokke } from '../contract/klokke.ts';

/** What may travel as a process variable: ids and outcomes, never a person (docs: contract/prosess.ts). */
export type Prosessverdi = string | number | boolean | null;
export type Prosessvariabler = Record<string, Prosessverdi>;

/** One activated job, without the client's methods: a handler answers by its return value and by nothing else. */
export interface Jobb {
  noekkel: string;
  type: string;
  prosessId: string;
  prosessversjon: number;
  prosessdefinisjonsnoekkel: string;
  prosessinstansnoekkel: string;
  elementId: string;
  elementinstansnoekkel: string;
  /** Task headers of the diagram, e.g. `{ mal: 'vedtak' }`. */
  hoder: Record<string, string>;
  /** Tries that are left, this one included. */
  forsoekIgjen: number;
  /** Only on the jobs of user-task listeners. */
  brukeroppgave: Brukeroppgave | null;
}

export interface Brukeroppgave {
  userTaskKey: string;
  assignee: string | null;
  kandidatgrupper: string[];
  kandidatbrukere: string[];
  frist: Date | null;
  formKey: string | null;
  prioritet: number;
}

export interface Arbeidskontekst {
  /** The transaction that also writes the job's receipt: everything the handler writes goes through it. */
  tx: EntityManager;
  jobb: Jobb;
  klokke: Klokke;
}

/**
 * What a handler answers. `{}` completes the job. `bpmnFeil` throws a BPMN error (its writes are kept).
 * `frist` corrects the due date and is for `creating` listeners only. To fail, throw: the runtime rolls back, counts down
 * the tries and turns the last failure into a technical task.
 */
export type Arbeidsresultat =
  | { variabler?: Prosessvariabler }
  | { bpmnFeil: { kode: string; melding?: string } }
  | { frist: Date };

/**
 * One job type. The runtime runs `utfoer` in one transaction together with a receipt keyed by job and instance, so a job that
 * is handed out again answers what the first run answered and has no second effect. What leaves the database inside
 * `utfoer` (mail, archive) must carry an id that makes its own repeat harmless, since the commit can still fail after it.
 */
export interface Arbeider<V = unknown> {
  type: string;
  /** The variables the handler needs; also decides which are fetched. A job that does not fit fails with the field's name. */
  variabler: z.ZodType<V>;
  utfoer(k: Arbeidskontekst, variabler: V): Promise<Arbeidsresultat>;
}

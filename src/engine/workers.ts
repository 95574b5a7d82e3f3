import { setMaxListeners } from 'node:events';
import { setTimeout as vent } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Klokke } from '../contract/klokke.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { feilkode, feilsetning, feilslag, Systemfeil, type Feilslag } from '../logg/index.ts';
import { lesMotorfeil, medTidsgrense, type CamundaClient } from './client.ts';
import { alleTreff } from './sider.ts';

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

/** What a handler has before its transaction is open. */
export interface Forberedelse {
  ds: DataSource;
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
  /** What a task listener corrects on the user task before it is shown. */
  | { rettelser: { frist?: Date; eierId?: string } };

/**
 * One job type. The runtime runs `utfoer` in one transaction together with a receipt keyed by job and instance, so a job that
 * is handed out again answers what the first run answered and has no second effect. What leaves the database inside
 * `utfoer` (mail, archive) must carry an id that makes its own repeat harmless, since the commit can still fail after it.
 */
export interface Arbeider<V = unknown, F = unknown> {
  type: string;
  /** The variables the handler needs; also decides which are fetched. A job that does not fit fails with the field's name. */
  variabler: z.ZodType<V>;
  /**
   * Slow work before the transaction opens (drawing a PDF, handing a letter to a channel), so that no row lock or connection is
   * held meanwhile. Runs on every hand-out of the job: what it writes must be keyed so that a repeat finds the first.
   */
  forbered?(k: Forberedelse, variabler: V): Promise<F>;
  /** `forberedt` is what `forbered` answered; undefined without it. */
  utfoer(k: Arbeidskontekst, variabler: V, forberedt: F): Promise<Arbeidsresultat>;
}

/** What is known when a job has failed for the last time and the engine is about to raise an incident. */
export interface Jobbstopp {
  jobb: Jobb;
  sakId: string | null;
  feil: string;
}

export interface Arbeidervalg {
  klient: CamundaClient;
  ds: DataSource;
  klokke: Klokke;
  logg: Pick<Logger, 'info' | 'warn' | 'error'>;
  arbeidere: readonly Arbeider[];
  /**
   * What the engine knows this process's jobs by. The same after a restart, so that jobs which a killed process took with it are
   * handed out again at once instead of after their time-out; two processes never share it.
   */
  navn: string;
  /** Runs in the transaction of every job, before the handler (e.g. to remember which instance belongs to which case). */
  vedJobb?: (tx: EntityManager, jobb: Jobb, sakId: string) => Promise<void>;
  /** Writes the technical task of a job that has no tries left, before the engine is told. */
  vedStopp: (tx: EntityManager, stopp: Jobbstopp) => Promise<void>;
  /** Handlers at once in this process, over all types: each holds one database connection. */
  samtidige?: number;
  /** How long the engine leaves a job to us before it hands it out again. Short, since a repeat is harmless. */
  jobbTidMs?: number;
  /** How long one poll waits for work. Short, since a vanished worker's poll can still take jobs. */
  pollTidMs?: number;
}

export interface Arbeiderstatus {
  type: string;
  utfoert: number;
  feilet: number;
}

export interface Arbeiderdrift {
  /** Stops polling, lets running handlers finish (at most 5 s). Safe to call twice. */
  stopp(): Promise<void>;
  status(): Arbeiderstatus[];
  /** When the poller that has been silent longest last had an answer, or had no room for more work (performance.now()). */
  sistRunde(): number;
}

/** A fault that another try cannot mend: the job goes straight to a technical task. */
class Uoverkommelig extends Systemfeil {}

type Raajobb = Awaited<ReturnType<CamundaClient['activateJobs']>>['jobs'][number];

const kvittertResultat = z.union([
  z.object({ bpmnFeil: z.object({ kode: z.string(), melding: z.string().optional() }) }),
  z.object({ rettelser: z.object({ frist: z.coerce.date().optional(), eierId: z.string().optional() }) }),
  // receipts written before corrections could be more than a due date
  z.object({ frist: z.coerce.date() }).transform((rettelser) => ({ rettelser })),
  z.object({
    variabler: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  }),
]);

function datoEllerNull(verdi: string | null | undefined): Date | null {
  if (!verdi) return null;
  const tid = new Date(verdi);
  return Number.isNaN(tid.getTime()) ? null : tid;
}

function tilJobb(raa: Raajobb): Jobb {
  const u = raa.userTask;
  return {
    noekkel: raa.jobKey,
    type: raa.type,
    prosessId: raa.processDefinitionId,
    prosessversjon: raa.processDefinitionVersion,
    prosessdefinisjonsnoekkel: raa.processDefinitionKey,
    prosessinstansnoekkel: raa.processInstanceKey,
    elementId: raa.elementId,
    elementinstansnoekkel: raa.elementInstanceKey,
    hoder: Object.fromEntries(Object.entries(raa.customHeaders).map(([navn, verdi]) => [navn, String(verdi)])),
    forsoekIgjen: raa.retries,
    brukeroppgave: u?.userTaskKey
      ? {
          userTaskKey: u.userTaskKey,
          assignee: u.assignee || null,
          kandidatgrupper: u.candidateGroups ?? [],
          kandidatbrukere: u.candidateUsers ?? [],
          frist: datoEllerNull(u.dueDate),
          formKey: u.formKey || null,
          prioritet: u.priority ?? 50,
        }
      : null,
  };
}

/**
 * No fault of the job, so it costs no try: the database is away, overloaded, or two did the same at once. A full disk is also met by
 * what the job writes outside the database, where only a technical task tells anybody; within the database the task could not be
 * written either.
 */
const UTEN_SKYLD: ReadonlySet<Feilslag> = new Set(['borte', 'overlast', 'avbrutt', 'samtidig']);
function erDatabasebrudd(feil: unknown): boolean {
  return UTEN_SKYLD.has(feilslag(feil)) || /^(53100|58030)$/.test(feilkode(feil));
}

/** Hands out a limited number of places, first come first served. */
class Plasser {
  private ledige: number;
  private readonly koe: (() => void)[] = [];

  constructor(antall: number) {
    this.ledige = antall;
  }

  async ta(): Promise<void> {
    if (this.ledige > 0) this.ledige--;
    else await new Promise<void>((klar) => this.koe.push(klar));
  }

  gi(): void {
    const neste = this.koe.shift();
    if (neste) neste();
    else this.ledige++;
  }
}

const MAKS_PER_TYPE = 8;
const LENGSTE_PAUSE_MS = 5_000;

/**
 * Starts one poller per job type. While the cluster is away the pollers wait longer and longer (at most 5 s) and go on by
 * themselves when it is back. Every job is acknowledged: completed, BPMN error, or failed; an answer that does not reach the
 * engine is repeated from the receipt when the job is handed out again.
 */
export function startArbeidere(valg: Arbeidervalg): Arbeiderdrift {
  const { klient, ds, klokke, logg, vedJobb, vedStopp } = valg;
  const jobbTidMs = valg.jobbTidMs ?? 30_000;
  const pollTidMs = valg.pollTidMs ?? 10_000;
  const plasser = new Plasser(valg.samtidige ?? 6);
  const avbryt = new AbortController();
  setMaxListeners(0, avbryt.signal); // every poller sleeps on it while the cluster is away
  const paagaaende = new Set<{ cancel(): void }>();
  const iArbeid = new Set<Promise<void>>();
  const status = new Map<string, Arbeiderstatus>();
  const sistRunde = new Map<string, number>();
  const startet = performance.now();
  const sov = (ms: number): Promise<void> => vent(ms, undefined, { signal: avbryt.signal }).catch(() => undefined);

  async function iEnTransaksjon(arbeider: Arbeider, jobb: Jobb, variabler: unknown, sakId: string | null) {
    const forberedt = await arbeider.forbered?.({ ds, jobb, klokke }, variabler);
    return iTransaksjon(ds, async (tx): Promise<Arbeidsresultat> => {
      const nye: unknown[] = await tx.query(
        `insert into jobbkvittering (jobb_noekkel, prosessinstans, type) values ($1, $2, $3)
         on conflict do nothing returning 1`,
        [jobb.noekkel, jobb.prosessinstansnoekkel, jobb.type],
      );
      if (nye.length === 0) {
        const rader: { resultat: unknown }[] = await tx.query(
          `select resultat from jobbkvittering where jobb_noekkel = $1 and prosessinstans = $2`,
          [jobb.noekkel, jobb.prosessinstansnoekkel],
        );
        return kvittertResultat.parse(rader[0]?.resultat);
      }
      if (sakId && vedJobb) await vedJobb(tx, jobb, sakId);
      const resultat = await arbeider.utfoer({ tx, jobb, klokke }, variabler, forberedt);
      await tx.query(`update jobbkvittering set resultat = $3 where jobb_noekkel = $1 and prosessinstans = $2`, [
        jobb.noekkel,
        jobb.prosessinstansnoekkel,
        JSON.stringify(resultat),
      ]);
      return resultat;
    });
  }

  function meld(raa: Raajobb, resultat: Arbeidsresultat): Promise<unknown> & { cancel(): void } {
    const { jobKey } = raa;
    if ('bpmnFeil' in resultat) {
      const { kode, melding } = resultat.bpmnFeil;
      return klient.throwJobError({ jobKey, errorCode: kode, ...(melding ? { errorMessage: melding } : {}) });
    }
    if ('rettelser' in resultat) {
      const { frist, eierId } = resultat.rettelser;
      const corrections = { ...(frist && { dueDate: frist.toISOString() }), ...(eierId && { assignee: eierId }) };
      return klient.completeJob({ jobKey, result: { type: 'userTask', denied: false, corrections } });
    }
    return klient.completeJob(resultat.variabler ? { jobKey, variables: resultat.variabler } : { jobKey });
  }

  /** Tells the engine; repeats until the job's own deadline, after which the engine hands the job out again anyway. */
  async function meldTilMotoren(raa: Raajobb, gjoer: () => Promise<unknown> & { cancel(): void }): Promise<void> {
    const frist = Date.now() + jobbTidMs;
    for (let pause = 100; ; pause = Math.min(pause * 2, LENGSTE_PAUSE_MS)) {
      try {
        await medTidsgrense(gjoer(), 10_000);
        return;
      } catch (feil) {
        const { status: kode, melding, kanProevesIgjen } = lesMotorfeil(feil);
        if (kode === 404) return; // finished or cancelled meanwhile: nothing left to tell
        if (!kanProevesIgjen || avbryt.signal.aborted || Date.now() + pause > frist) {
          logg.warn(
            { jobb: raa.jobKey, type: raa.type, kode, feil: melding },
            'Motoren tok ikke imot svaret på en jobb.',
          );
          return;
        }
        await sov(pause);
      }
    }
  }

  async function mislykkes(raa: Raajobb, jobb: Jobb, sakId: string | null, feil: unknown): Promise<void> {
    const tekst = feilsetning(feil);
    let igjen = feil instanceof Uoverkommelig ? 0 : Math.max(0, jobb.forsoekIgjen - 1);
    let retryBackOff = Math.min(60_000, 500 * 4 ** Math.max(0, 3 - jobb.forsoekIgjen));
    if (erDatabasebrudd(feil)) {
      igjen = jobb.forsoekIgjen;
      retryBackOff = 3_000;
    } else if (igjen === 0) {
      try {
        await iTransaksjon(ds, (tx) => vedStopp(tx, { jobb, sakId, feil: tekst }));
      } catch (stoppfeil) {
        // Without the task nobody would see the stop, so the job keeps its last try until the task can be written.
        logg.error({ err: stoppfeil, jobb: jobb.noekkel }, 'Kunne ikke lage oppgave om en jobb som stoppet.');
        igjen = jobb.forsoekIgjen;
        retryBackOff = 3_000;
      }
    }
    logg.warn({ err: feil, type: jobb.type, jobb: jobb.noekkel, sakId, igjen }, 'En jobb mislyktes.');
    const errorMessage = tekst.slice(0, 2_000);
    await meldTilMotoren(raa, () => klient.failJob({ jobKey: raa.jobKey, retries: igjen, retryBackOff, errorMessage }));
  }

  async function behandle(arbeider: Arbeider, raa: Raajobb, teller: Arbeiderstatus): Promise<void> {
    const jobb = tilJobb(raa);
    const sakId = z.uuid().safeParse(raa.variables['sakId']).data ?? null;
    await plasser.ta();
    let resultat: Arbeidsresultat;
    try {
      const tolket = arbeider.variabler.safeParse(raa.variables);
      if (!tolket.success) {
        // Only where and which rule: zod's own sentences quote the value.
        const felt = tolket.error.issues.map((i) => `${i.path.join('.')}: ${i.code}`).join('; ');
        throw new Uoverkommelig(`Prosessvariablene passer ikke til jobben ${jobb.type}: ${felt}`);
      }
      resultat = await iEnTransaksjon(arbeider, jobb, tolket.data, sakId);
    } catch (feil) {
      teller.feilet++;
      await mislykkes(raa, jobb, sakId, feil).finally(() => plasser.gi());
      return;
    }
    plasser.gi();
    teller.utfoert++;
    await meldTilMotoren(raa, () => meld(raa, resultat));
  }

  async function poll(arbeider: Arbeider): Promise<void> {
    const teller: Arbeiderstatus = { type: arbeider.type, utfoert: 0, feilet: 0 };
    status.set(arbeider.type, teller);
    const oensket = arbeider.variabler instanceof z.ZodObject ? Object.keys(arbeider.variabler.shape) : [];
    const fetchVariable = oensket.length > 0 ? [...new Set([...oensket, 'sakId'])] : ['sakId'];
    const aktive = new Set<Promise<void>>();
    let pause = 0;
    while (!avbryt.signal.aborted) {
      if (aktive.size >= MAKS_PER_TYPE) {
        await Promise.race(aktive);
        sistRunde.set(arbeider.type, performance.now());
        continue;
      }
      const start = Date.now();
      try {
        const kall = klient.activateJobs({
          type: arbeider.type,
          worker: valg.navn,
          maxJobsToActivate: MAKS_PER_TYPE - aktive.size,
          timeout: jobbTidMs,
          requestTimeout: pollTidMs,
          fetchVariable,
        });
        paagaaende.add(kall);
        const { jobs } = await medTidsgrense(kall, pollTidMs + 5_000).finally(() => paagaaende.delete(kall));
        if (pause > 0) logg.info({ type: arbeider.type }, 'Motoren svarer igjen.');
        pause = 0;
        sistRunde.set(arbeider.type, performance.now());
        for (const raa of jobs) {
          const arbeid = behandle(arbeider, raa, teller).catch((feil: unknown) => {
            logg.error({ err: feil, type: arbeider.type }, 'Uventet feil i en jobb.');
          });
          aktive.add(arbeid);
          iArbeid.add(arbeid);
          void arbeid.finally(() => {
            aktive.delete(arbeid);
            iArbeid.delete(arbeid);
          });
        }
        // An engine that answers an empty poll at once must not make this a busy loop.
        if (jobs.length === 0 && Date.now() - start < 20) await sov(50);
      } catch (feil) {
        if (avbryt.signal.aborted) break;
        if (pause === 0) {
          logg.warn({ type: arbeider.type, feil: lesMotorfeil(feil).melding }, 'Motoren svarer ikke. Prøver igjen.');
        }
        pause = Math.min(LENGSTE_PAUSE_MS, Math.max(200, pause * 2));
        await sov(pause * (0.75 + Math.random() / 2));
      }
    }
  }

  /**
   * Gives back what an earlier process of the same name took and never answered (kill -9). Best effort: without it the jobs come
   * back after their time-out.
   */
  async function frigjoerEtterDrept(): Promise<void> {
    const naa = klokke.naa().getTime();
    try {
      const sider = alleTreff((page) =>
        klient.searchJobs(
          { filter: { worker: valg.navn, state: 'CREATED' }, page },
          { consistency: { waitUpToMs: 0 } },
        ),
      );
      for await (const jobber of sider) {
        for (const { jobKey, deadline } of jobber) {
          if (!deadline || Date.parse(deadline) <= naa) continue;
          await medTidsgrense(klient.updateJob({ jobKey, changeset: { timeout: 1 } }), 2_000);
        }
      }
    } catch (feil) {
      logg.info(
        { feil: lesMotorfeil(feil).melding },
        'Jobber etter en tidligere prosess kommer tilbake når tiden deres er ute.',
      );
    }
  }

  const klar = frigjoerEtterDrept();
  const pollere = valg.arbeidere.map((arbeider) => klar.then(() => poll(arbeider)));
  return {
    async stopp() {
      avbryt.abort();
      for (const kall of paagaaende) kall.cancel();
      const ferdig = Promise.all([...pollere, ...iArbeid]);
      await Promise.race([ferdig, vent(5_000, undefined, { ref: false })]);
    },
    sistRunde: () => Math.min(...valg.arbeidere.map(({ type }) => sistRunde.get(type) ?? startet)),
    status: () => [...status.values()].map((s) => ({ ...s })).sort((a, b) => a.type.localeCompare(b.type)),
  };
}

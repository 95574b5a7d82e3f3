import { z } from 'zod';
import type { Arbeider } from '../src/engine/workers.ts';
import { Systemfeil } from '../src/logg/index.ts';
import { avbryt } from '../src/oppgave/index.ts';

const variabler = z.object({});

/** Lytteren `canceling` på alle brukeroppgaver: saken går en annen vei, og oppgaven skal ut av listene. */
export const oppgaveAvbrytes: Arbeider<z.infer<typeof variabler>> = {
  type: 'oppgave-avbrytes',
  variabler,
  async utfoer({ tx, jobb, klokke }) {
    if (!jobb.brukeroppgave) throw new Systemfeil('Jobben hører ikke til en brukeroppgave.');
    await avbryt(tx, jobb.brukeroppgave.userTaskKey, jobb.prosessinstansnoekkel, klokke.naa());
    return {};
  },
};

import type { z } from 'zod';
import type { Arbeider } from '../src/engine/workers.ts';
import { harAktivPlan } from '../src/plan/index.ts';
import { sakvariabel } from './avhengigheter.ts';

/** Om personen har plan fra før: en person har aldri mer enn én individuell plan (regel 1). */
export function sjekkAktivPlan(): Arbeider<z.output<typeof sakvariabel>> {
  return {
    type: 'sjekk-aktiv-plan',
    variabler: sakvariabel,
    async utfoer({ tx }, { sakId }) {
      return { variabler: { harPlan: await harAktivPlan(tx, sakId) } };
    },
  };
}

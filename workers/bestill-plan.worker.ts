import type { z } from 'zod';
import type { Arbeider } from '../src/engine/workers.ts';
import { bestillPlan as bestill } from '../src/plan/index.ts';
import { sakvariabel } from './avhengigheter.ts';

/** Melder PlanBestilt gjennom utboksen: rutinen for å utarbeide planen lytter når den er satt i drift. */
export function bestillPlan(): Arbeider<z.output<typeof sakvariabel>> {
  return {
    type: 'bestill-plan',
    variabler: sakvariabel,
    async utfoer({ tx, klokke }, { sakId }) {
      const { planId } = await bestill(tx, klokke, sakId);
      return { variabler: { planId } };
    },
  };
}

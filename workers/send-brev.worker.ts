import type { z } from 'zod';
import { hodeGjelder } from '../src/contract/prosess.ts';
import type { Arbeider } from '../src/engine/workers.ts';
import { sendPlanlagte } from '../src/utsending/index.ts';
import { sakvariabel, type Arbeideravh } from './avhengigheter.ts';

/** Sender sakens brev av slaget oppgavehodet `gjelder` nevner, hvert av dem én gang. */
export function sendBrev({ utsending }: Arbeideravh): Arbeider<z.output<typeof sakvariabel>, void> {
  return {
    type: 'send-brev',
    variabler: sakvariabel,
    async forbered({ ds, klokke, jobb }, { sakId }) {
      await sendPlanlagte(ds, klokke, utsending, sakId, hodeGjelder.parse(jobb.hoder).gjelder);
    },
    utfoer: () => Promise.resolve({}),
  };
}

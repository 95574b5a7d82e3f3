import type { z } from 'zod';
import { brevmottakere, foreloepigSvarbrev, hentRammer } from '../src/brev/index.ts';
import { dagIOslo } from '../src/contract/tid.ts';
import type { Arbeider } from '../src/engine/workers.ts';
import { hentSakForBrev } from '../src/sak/index.ts';
import { sendPlanlagte, sikreBrev } from '../src/utsending/index.ts';
import { sakvariabel, type Arbeideravh } from './avhengigheter.ts';

/** Foreløpig svar når saken ikke er avgjort en måned etter at anmodningen ble mottatt. */
export function sendForeloepigSvar({ utsending }: Arbeideravh): Arbeider<z.output<typeof sakvariabel>, void> {
  return {
    type: 'send-foreloepig-svar',
    variabler: sakvariabel,
    async forbered({ ds, klokke }, { sakId }) {
      await sikreBrev(ds, klokke, {
        sakId,
        gjelderId: sakId,
        mal: 'foreloepig-svar',
        gjelder: 'foreloepig-svar',
        av: null,
        async lag() {
          const dag = dagIOslo(klokke.naa());
          const sak = await hentSakForBrev(ds.manager, sakId, dag);
          const rammer = await hentRammer(ds.manager, dag);
          return { brev: foreloepigSvarbrev(sak, rammer), mottakere: brevmottakere(sak, dag).alle };
        },
      });
      await sendPlanlagte(ds, klokke, utsending, sakId, 'foreloepig-svar');
    },
    utfoer: () => Promise.resolve({}),
  };
}

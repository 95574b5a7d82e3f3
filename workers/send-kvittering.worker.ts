import type { z } from 'zod';
import { brevmottakere, hentRammer, kvitteringsbrev } from '../src/brev/index.ts';
import { dagIOslo } from '../src/contract/tid.ts';
import type { Arbeider } from '../src/engine/workers.ts';
import { hentSakForBrev } from '../src/sak/index.ts';
import { sendPlanlagte, sikreBrev } from '../src/utsending/index.ts';
import { sakvariabel, type Arbeideravh } from './avhengigheter.ts';

/** Kvittering til den anmodningen gjelder. */
export function sendKvittering({ utsending }: Arbeideravh): Arbeider<z.output<typeof sakvariabel>, void> {
  return {
    type: 'send-kvittering',
    variabler: sakvariabel,
    async forbered({ ds, klokke }, { sakId }) {
      await sikreBrev(ds, klokke, {
        sakId,
        gjelderId: sakId,
        mal: 'kvittering',
        gjelder: 'kvittering',
        av: null,
        async lag() {
          const dag = dagIOslo(klokke.naa());
          const sak = await hentSakForBrev(ds.manager, sakId, dag);
          const rammer = await hentRammer(ds.manager, dag);
          return { brev: kvitteringsbrev(sak, rammer), mottakere: brevmottakere(sak, dag).alle };
        },
      });
      await sendPlanlagte(ds, klokke, utsending, sakId, 'kvittering');
    },
    utfoer: () => Promise.resolve({}),
  };
}

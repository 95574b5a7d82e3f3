import type { z } from 'zod';
import { arkiverSaken, AVSLUTNING, krevAltArkivert } from '../src/arkiv/index.ts';
import { bestiltBrev, brevmottakere, hentRammer, ulagdeBestillinger } from '../src/brev/index.ts';
import { hodeAvsluttSak } from '../src/contract/prosess.ts';
import { dagIOslo } from '../src/contract/tid.ts';
import type { Arbeider } from '../src/engine/workers.ts';
import { avsluttSak as avslutt, hentSakForBrev } from '../src/sak/index.ts';
import { sendPlanlagte, sikreBrev } from '../src/utsending/index.ts';
import { sakvariabel, type Arbeideravh } from './avhengigheter.ts';

/** Det siste i saken: bestilte brev lages og sendes, resten arkiveres, og saken lukkes med grunnen i oppgavehodet. */
export function avsluttSak({ utsending, arkiv }: Arbeideravh): Arbeider<z.output<typeof sakvariabel>, void> {
  return {
    type: 'avslutt-sak',
    variabler: sakvariabel,
    async forbered({ ds, klokke }, { sakId }) {
      for (const bestilling of await ulagdeBestillinger(ds.manager, sakId)) {
        await sikreBrev(ds, klokke, {
          sakId,
          gjelderId: bestilling.gjelderId,
          mal: bestilling.innhold.mal,
          gjelder: bestilling.innhold.mal,
          av: bestilling.av,
          async lag() {
            const dag = dagIOslo(klokke.naa());
            const sak = await hentSakForBrev(ds.manager, sakId, dag);
            const rammer = await hentRammer(ds.manager, dag);
            return { brev: bestiltBrev(sak, rammer, bestilling), mottakere: brevmottakere(sak, dag).alle };
          },
        });
      }
      await sendPlanlagte(ds, klokke, utsending, sakId);
      await arkiverSaken(ds, klokke, arkiv, sakId, AVSLUTNING);
    },
    async utfoer({ tx, klokke, jobb }, { sakId }) {
      await krevAltArkivert(tx, sakId);
      await avslutt(tx, klokke, sakId, hodeAvsluttSak.parse(jobb.hoder).grunn);
      return {};
    },
  };
}

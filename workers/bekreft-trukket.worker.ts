import type { z } from 'zod';
import { arkiverSaken, AVSLUTNING } from '../src/arkiv/index.ts';
import { brevmottakere, hentRammer, trukketbrev } from '../src/brev/index.ts';
import { dagIOslo } from '../src/contract/tid.ts';
import type { Arbeider } from '../src/engine/workers.ts';
import { Systemfeil } from '../src/logg/index.ts';
import { bekreftTrukket as bekreft, hentSakForBrev } from '../src/sak/index.ts';
import { sendPlanlagte, sikreBrev } from '../src/utsending/index.ts';
import { sakvariabel, type Arbeideravh } from './avhengigheter.ts';

/** Bekreftelsen på at anmodningen er trukket, og slutten på saken. */
export function bekreftTrukket({ utsending, arkiv }: Arbeideravh): Arbeider<z.output<typeof sakvariabel>, void> {
  return {
    type: 'bekreft-trukket',
    variabler: sakvariabel,
    async forbered({ ds, klokke }, { sakId }) {
      await sikreBrev(ds, klokke, {
        sakId,
        gjelderId: sakId,
        mal: 'bekreftelse-trukket',
        gjelder: 'trukket',
        av: null,
        async lag() {
          const dag = dagIOslo(klokke.naa());
          const sak = await hentSakForBrev(ds.manager, sakId, dag);
          if (!sak.trekk) throw new Systemfeil(`Saken ${sakId} er ikke trukket.`);
          const trekk = { begrunnelse: sak.trekk.begrunnelse, trukket: dagIOslo(sak.trekk.registrert) };
          const rammer = await hentRammer(ds.manager, dag);
          return { brev: trukketbrev(sak, rammer, trekk), mottakere: brevmottakere(sak, dag).alle };
        },
      });
      await sendPlanlagte(ds, klokke, utsending, sakId);
      await arkiverSaken(ds, klokke, arkiv, sakId, AVSLUTNING);
    },
    async utfoer({ tx, klokke }, { sakId }) {
      await bekreft(tx, klokke, sakId);
      return {};
    },
  };
}

import type { z } from 'zod';
import { henvendelsesbrev, hentRammer } from '../src/brev/index.ts';
import { dagIOslo } from '../src/contract/tid.ts';
import type { Arbeider } from '../src/engine/workers.ts';
import { Systemfeil } from '../src/logg/index.ts';
import { hentPaagaaendeOppdrag, merkHenvendelseSendt } from '../src/oppnevning/index.ts';
import { hentSakForBrev } from '../src/sak/index.ts';
import { sendPlanlagte, sikreBrev } from '../src/utsending/index.ts';
import { sakvariabel, type Arbeideravh } from './avhengigheter.ts';

/** Skriftlig henvendelse til enheten som skal utpeke en ansatt, med bakgrunn og begrunnelse (Stavanger). */
export function sendHenvendelse({ utsending }: Arbeideravh): Arbeider<z.output<typeof sakvariabel>, string> {
  return {
    type: 'send-henvendelse',
    variabler: sakvariabel,
    async forbered({ ds, klokke }, { sakId }) {
      const oppdrag = await hentPaagaaendeOppdrag(ds.manager, sakId);
      if (!oppdrag) throw new Systemfeil(`Saken ${sakId} har ikke noe oppdrag å spørre om.`);
      await sikreBrev(ds, klokke, {
        sakId,
        gjelderId: oppdrag.id,
        mal: 'henvendelse',
        gjelder: 'henvendelse',
        av: null,
        async lag() {
          const dag = dagIOslo(klokke.naa());
          const sak = await hentSakForBrev(ds.manager, sakId, dag);
          return {
            brev: henvendelsesbrev(sak, await hentRammer(ds.manager, dag), oppdrag),
            mottakere: [
              { slag: 'enhet', id: oppdrag.enhetId, navn: oppdrag.enhetNavn, adresselinjer: [], kopi: false },
            ],
          };
        },
      });
      await sendPlanlagte(ds, klokke, utsending, sakId, 'henvendelse');
      return oppdrag.id;
    },
    async utfoer({ tx, klokke }, _variabler, oppdragId) {
      await merkHenvendelseSendt(tx, klokke, oppdragId);
      return {};
    },
  };
}

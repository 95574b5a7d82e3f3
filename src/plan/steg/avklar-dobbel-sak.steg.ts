import { LOESNINGER, type Data } from '../../contract/steg/avklar-dobbel-sak.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg } from '../../oppgave/steg.ts';
import { brevmottakerTekst, grunnlag, laasAapenSak } from '../../sak/index.ts';
import { bestillPlansvar, foreslaaPlansvar, forhaandsvisPlansvar, planTekst } from '../brev.ts';
import { hentEksisterendePlan } from '../eksisterende.ts';

const FORSLAG_TIL_SVAR =
  'To saker ble behandlet samtidig, og planen er innvilget i den andre. Det som er kommet fram i denne saken, kan tas inn i den planen.';

/** To åpne saker om samme person: den som tapte kappløpet om planen, avklares og avsluttes (regel 1). */
export const avklarDobbelSak: Steg<Data> = {
  id: 'avklar-dobbel-sak',
  async kontekst(k) {
    return {
      planTekst: planTekst(await hentEksisterendePlan(k.tx, k.sakId)),
      brevtekst: await foreslaaPlansvar(k, FORSLAG_TIL_SVAR),
    };
  },
  async utfoer(k, data) {
    const { naa } = await laasAapenSak(k);
    const plan = await hentEksisterendePlan(k.tx, k.sakId);
    await bestillPlansvar(k, data.brevtekst, naa);
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: 'dobbel-sak-avklart',
      tekst: `{av} avklarte dobbeltbehandlingen: ${LOESNINGER[data.loesning].toLowerCase()}. ${data.begrunnelse}`,
    });
    if (plan && data.loesning === 'samles') {
      await skrivHendelse(k.tx, {
        naa,
        sakId: plan.sakId,
        av: k.bruker,
        type: 'beskjed-til-plankoordinator',
        tekst: `Beskjed fra {av}: det nye i en sak som ble behandlet samtidig, tas inn i planen. ${data.begrunnelse}`,
        data: { planId: plan.id },
      });
    }
    return { variabler: {}, melding: 'Dobbeltbehandlingen er avklart. Beskjeden sendes, og saken avsluttes.' };
  },
  async hvaSkjer(k) {
    const { sak } = await grunnlag(k);
    return {
      '': `Beskjeden sendes til ${brevmottakerTekst(sak)}, og denne saken avsluttes. Planen i den andre saken gjelder.`,
    };
  },
  forhaandsvis: forhaandsvisPlansvar,
};

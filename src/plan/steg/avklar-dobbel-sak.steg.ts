import { LOESNINGER, type Data } from '../../contract/steg/avklar-dobbel-sak.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg } from '../../oppgave/steg.ts';
import { brevmottakerTekst, grunnlag, laasAapenSak, tekstfelt } from '../../sak/index.ts';
import { bestillPlansvar, egetIPlansvar, forhaandsvisPlansvar, planTekst } from '../brev.ts';
import { hentEksisterendePlan } from '../eksisterende.ts';

/** Løsningen som er valgt i data som ennå ikke er sendt inn; null når ingenting er valgt. */
function valgtLoesning(data: unknown): keyof typeof LOESNINGER | null {
  const valgt = tekstfelt(data, 'loesning');
  return valgt === 'samles' || valgt === 'avsluttes' ? valgt : null;
}

/** To åpne saker om samme person: den som tapte kappløpet om planen, avklares og avsluttes (regel 1). */
export const avklarDobbelSak: Steg<Data> = {
  id: 'avklar-dobbel-sak',
  brevfelter: ['brevtekst'],
  async kontekst(k) {
    return { planTekst: planTekst(await hentEksisterendePlan(k.tx, k.sakId)) };
  },
  async utfoer(k, data) {
    const { naa } = await laasAapenSak(k);
    const plan = await hentEksisterendePlan(k.tx, k.sakId);
    await bestillPlansvar(k, data.loesning, data.brevtekst ?? '', naa);
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
  async utkast(k, data) {
    return { ...data, brevtekst: await egetIPlansvar(k, valgtLoesning(data), tekstfelt(data, 'brevtekst')) };
  },
  forhaandsvis: (k, data) => forhaandsvisPlansvar(k, valgtLoesning(data), data),
};

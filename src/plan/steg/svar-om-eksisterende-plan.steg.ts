import type { Data } from '../../contract/steg/svar-om-eksisterende-plan.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg } from '../../oppgave/steg.ts';
import {
  anmodningTekst,
  brevmottakerTekst,
  grunnlag,
  laasAapenSak,
  stengForTrekk,
  tekstfelt,
} from '../../sak/index.ts';
import { bestillPlansvar, egetIPlansvar, forhaandsvisPlansvar, planTekst } from '../brev.ts';
import { hentEksisterendePlan } from '../eksisterende.ts';

const FORSLAG_TIL_SVAR =
  'Det som er nytt i anmodningen, tas inn i planen som finnes. Plankoordinatoren tar kontakt for å snakke om hva som skal endres.';

/** En tjenestemottaker har aldri mer enn én plan (regel 1): den som spør får svar, og plankoordinatoren får vite det. */
export const svarOmEksisterendePlan: Steg<Data> = {
  id: 'svar-om-eksisterende-plan',
  brevfelter: ['brevtekst'],
  async kontekst(k) {
    const { sak } = await grunnlag(k);
    const plan = await hentEksisterendePlan(k.tx, k.sakId);
    return {
      planTekst: planTekst(plan),
      plankoordinatorNavn: plan?.plankoordinator ?? 'Planen har ingen plankoordinator nå',
      anmodningTekst: anmodningTekst(sak),
      brevtekst: FORSLAG_TIL_SVAR,
    };
  },
  async utfoer(k, data) {
    const { naa } = await laasAapenSak(k);
    const plan = await hentEksisterendePlan(k.tx, k.sakId);
    await stengForTrekk(k.tx, k.sakId);
    await bestillPlansvar(k, null, data.brevtekst, naa);
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: 'svart-om-plan',
      tekst: '{av} svarte at personen har individuell plan fra før.',
    });
    if (plan) {
      await skrivHendelse(k.tx, {
        naa,
        sakId: plan.sakId,
        av: k.bruker,
        type: 'beskjed-til-plankoordinator',
        tekst: `Beskjed til plankoordinatoren fra {av}: ${data.beskjedTilPlankoordinator}`,
        data: { planId: plan.id },
      });
    }
    return { variabler: {}, melding: 'Svaret sendes, og plankoordinatoren får beskjeden. Saken avsluttes.' };
  },
  async hvaSkjer(k) {
    const { sak } = await grunnlag(k);
    const plan = await hentEksisterendePlan(k.tx, k.sakId);
    const beskjed = plan?.plankoordinator
      ? `${plan.plankoordinator} ser beskjeden i saken om planen.`
      : 'Beskjeden står i saken om planen.';
    return { '': `Svaret sendes til ${brevmottakerTekst(sak)}. ${beskjed} Saken avsluttes uten vedtak.` };
  },
  async utkast(k, data) {
    return { ...data, brevtekst: await egetIPlansvar(k, null, tekstfelt(data, 'brevtekst')) };
  },
  forhaandsvis: (k, data) => forhaandsvisPlansvar(k, null, data),
};

import type { StegId } from '../../src/contract/prosess.ts';
import { dagIOslo, leggTilDager } from '../../src/contract/tid.ts';

/** Dagen anmodningene kom: for to dager siden. */
export const MOTTATT = leggTilDager(dagIOslo(new Date()), -2);

/**
 * Gyldige svar på hvert steg, slik en saksbehandler ville fylt dem ut. Testene overstyrer det de handler om.
 * @param mottatt dagen anmodningen kom, etter klokka den som bruker svarene går etter
 */
export const lagStegdata = (mottatt: string): Record<StegId, Record<string, unknown>> => ({
  'registrer-anmodning': {
    mottattDato: mottatt,
    fremsattAv: 'paaroerende',
    fremsattAvNavn: 'Marit Nordmann',
    gjelder: 'ip',
    anmodning: 'Moren ringte og ba om individuell plan for datteren.',
    bekreftet: 'ja',
  },
  'avklar-instans': {
    regime: 'helse',
    vedtaksinstans: 'hsk-hillevaag',
    begrunnelse: 'Personen bor i vårt område og får helse- og omsorgstjenester.',
  },
  'svar-om-eksisterende-plan': {
    brevtekst: 'Du har alt en individuell plan. Plankoordinatoren din tar kontakt.',
    beskjedTilPlankoordinator: 'Planeier har bedt om plan på nytt. Ta kontakt og avklar behovet.',
  },
  'informer-og-avklar': {
    informertDato: mottatt,
    informertMaate: 'moete',
    temaer: [
      'hva-er-ip',
      'hva-er-plankoordinator',
      'hvem-kan-vaere',
      'kriterier',
      'lovverk',
      'langvarige-og-koordinerte',
      'framgangsmaate',
      'saksgang',
    ],
    informertOm: ['muligheter-og-begrensninger', 'egen-deltakelse'],
    tolk: 'nei',
    samtykkegiver: 'planeier',
    samtykkekompetanse: 'ja',
    vilDelta: 'selv',
    oenske: 'ip',
    oenskeBeskrivelse: 'Jeg vil slippe å fortelle alt på nytt hver gang.',
  },
  'dokumenter-avslaatt-tilbud': {
    begrunnelse: 'Planeier synes hjelpen henger godt sammen i dag.',
    informertOmSenere: true,
    brevtekst: 'Du har takket nei til individuell plan og koordinator. Du kan be om det senere.',
  },
  'kartlegg-og-vurder': {
    kriterier: 'Kriteriene er oppfylt.',
    varighet: 'over-ett-aar',
    antallTjenester: 4,
    koordineringsbehov: 'Fire tjenester må ses i sammenheng.',
    kritiskeOverganger: 'Ingen kjente overganger det neste året.',
    aktiveTjenester: 'Hjemmetjeneste, fysioterapi, avlastning og psykisk helse.',
    samarbeidsparter: 'Fastlege og sykehus.',
    brukersOensker: 'Én å forholde seg til.',
    oenskeOmPlankoordinator: 'Ingen bestemt.',
    medvirkning: 'selv',
    kriterierOppfylt: 'ja',
    anbefaling: 'ip',
  },
  'fatt-vedtak': {
    utfall: 'ip',
    hjemmel: ['pbrl-2-5'],
    begrunnelse: 'Behovet er langvarig og tjenestene må samordnes.',
    tidsbegrenset: 'nei',
    brevtekst: 'Ta gjerne kontakt med meg hvis noe er uklart.',
  },
  'godkjenn-vedtak': { godkjent: 'ja' },
  'avklar-dobbel-sak': {
    loesning: 'samles',
    begrunnelse: 'Avklart med planeier at alt samles i den planen som finnes.',
    brevtekst: 'Du har alt en sak om individuell plan. Vi tar med det nye dit.',
  },
  'vurder-valg': {
    planeiersOenske: 'Ønsker en fra hjemmetjenesten.',
    kriterier: ['oenske', 'egnet'],
    utenforEnheten: 'ja',
    valgtEnhet: 'hjemmetjenesten-nord',
    bakgrunn: 'Planeier har daglig hjelp fra dere og har tillit til de ansatte.',
    begrunnelse: 'De kjenner planeier best.',
  },
  'utpek-ansatt': { kanUtpeke: 'ja', ansattId: 'jonas-vik' },
  'avklar-videre': { merTid: 'ja', begrunnelse: 'Enheten trenger en uke til.' },
  'bekreft-oppdrag': { bekreftet: 'ja', kjennerRollen: true, avklartMedLeder: true },
  'avklar-svar': { merTid: 'ja', begrunnelse: 'Svarer i løpet av uka.' },
  'avklar-opplaering': { merTid: 'ja', begrunnelse: 'Kurset er om to uker.' },
});
/** Svarene når klokka er maskinens. */
export const STEGDATA = lagStegdata(MOTTATT);

/** Hvem som gjør hvert steg i demokommunen. */
export const HVEM: Record<StegId, string> = {
  'registrer-anmodning': 'ola-hansen',
  'avklar-instans': 'ola-hansen',
  'svar-om-eksisterende-plan': 'ola-hansen',
  'informer-og-avklar': 'ola-hansen',
  'dokumenter-avslaatt-tilbud': 'ola-hansen',
  'kartlegg-og-vurder': 'ola-hansen',
  'fatt-vedtak': 'ingrid-bakke',
  'godkjenn-vedtak': 'per-lunde',
  'avklar-dobbel-sak': 'ola-hansen',
  'vurder-valg': 'ola-hansen',
  'utpek-ansatt': 'siri-dahl',
  'avklar-videre': 'kari-moe',
  'bekreft-oppdrag': 'jonas-vik',
  'avklar-svar': 'kari-moe',
  'avklar-opplaering': 'kari-moe',
};

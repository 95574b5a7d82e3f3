import { alderPaa, leggTilDager, leggTilMaaneder, nesteVirkedag } from '../contract/tid.ts';
import type { Brevbestilling, Brevinnhold } from './bestilling.ts';
import { egenTekst, lagBrev } from './brev.ts';
import { klageadresse } from './klage.ts';
import { avgjoerelsen } from './maler.ts';
import type {
  Brev,
  Brevdata,
  Brevhode,
  HvemSpoer,
  Koordinatorrolle,
  Mottaker,
  Oenske,
  Regime,
  Tiltale,
  Utfall,
  Klagefrister,
} from './typer.ts';
import { Systemfeil } from '../logg/index.ts';

/** En part i saken brev kan gå til. */
interface Part extends Mottaker {
  rolle: 'planeier' | 'forelder' | 'verge' | 'fullmektig' | 'barnevern';
}
interface EnhetNavn {
  id: string;
  navn: string;
}
/** Det brevene trenger om saken. Passer til `SakForBrev`, men brev kjenner ikke saken ellers. */
export interface Saksgrunnlag {
  sakId: string;
  saksnummer: string;
  mottatt: string;
  oenske: Oenske;
  regime: Regime;
  person: { id: string; navn: string; fodselsdato: string; beskyttetAdresse: boolean };
  mottakere: Part[];
  anmodning: { oenske: Oenske; hvemSpoer: HvemSpoer; hvemSpoerNavn: string };
  mottaksenhet: EnhetNavn;
  vedtaksinstans: EnhetNavn;
}
/** Det som er likt for alle brev fra kommunen den dagen. */
export interface Rammer {
  kommune: string;
  /** brevets dato, 'åååå-mm-dd' */
  dato: string;
  klagefristUker: Klagefrister;
  /** adressen klager sendes til, når kommunen har satt den opp */
  postadresse?: string | undefined;
}
/** Det som er avgjort, og det som er skrevet til mottakeren ved siden av. */
export interface Vedtaksinnhold {
  utfall: Utfall;
  hjemmel: string;
  begrunnelse: string;
  tilDato: string | null;
  /** det som er skrevet til mottakeren; null når det ikke er noe. Eldre vedtak har hele den gamle brevteksten her */
  brevtekst: string | null;
  fattetAv: string;
  godkjentAv: string | null;
}

/** Fra denne alderen samtykker og mottar man selv i helsespørsmål (pbrl § 4-3). */
const EGEN_MOTTAKER_FRA = 16;

/** Den et brev sendes til, og om det er en kopi. */
export interface Brevmottaker {
  slag: 'planeier' | 'representant' | 'ansatt' | 'enhet';
  id: string;
  navn: string;
  adresselinjer: string[];
  kopi: boolean;
}

function somMottaker(part: Part, person: Saksgrunnlag['person'], kopi: boolean): Brevmottaker {
  const skjult = part.beskyttetAdresse || person.beskyttetAdresse;
  const linjer = [part.adresse, `${part.postnummer} ${part.poststed}`].map((l) => l.trim()).filter((l) => l !== '');
  return {
    slag: part.rolle === 'planeier' ? 'planeier' : 'representant',
    id: part.rolle === 'planeier' ? person.id : `${part.rolle}:${part.navn}`,
    navn: part.navn,
    adresselinjer: skjult ? [] : linjer,
    kopi,
  };
}

/**
 * Hvem sakens brev går til. Fra seksten år: personen selv, med kopi til verge og fullmektig. Yngre: foreldrene eller den
 * som er i deres sted (barnevern, verge); er ingen registrert, «Foresatte til …» på barnets adresse.
 */
export function brevmottakere(sak: Saksgrunnlag, dato: string): { tilPlaneier: boolean; alle: Brevmottaker[] } {
  const planeier = sak.mottakere.find((m) => m.rolle === 'planeier');
  if (!planeier) throw new Systemfeil(`Saken ${sak.sakId} har ingen planeier å skrive til.`);
  const tilPlaneier = alderPaa(sak.person.fodselsdato, dato) >= EGEN_MOTTAKER_FRA;
  if (tilPlaneier) {
    const kopier = sak.mottakere.filter((m) => m.rolle === 'verge' || m.rolle === 'fullmektig');
    return {
      tilPlaneier,
      alle: [somMottaker(planeier, sak.person, false), ...kopier.map((m) => somMottaker(m, sak.person, true))],
    };
  }
  const foresatte = sak.mottakere.filter((m) => m.rolle !== 'planeier');
  const alle =
    foresatte.length > 0
      ? foresatte.map((m) => somMottaker(m, sak.person, false))
      : [somMottaker({ ...planeier, navn: `Foresatte til ${planeier.navn}` }, sak.person, false)];
  return { tilPlaneier, alle };
}

function hode(
  sak: Saksgrunnlag,
  rammer: Rammer,
  valg: { undertegnere?: Brevhode['undertegnere']; kopi?: string[]; mottaker?: Mottaker } = {},
): Brevhode {
  const { tilPlaneier, alle } = brevmottakere(sak, rammer.dato);
  const hoved = alle.filter((m) => !m.kopi);
  const foerste = sak.mottakere.find((m) => (tilPlaneier ? m.rolle === 'planeier' : m.navn === hoved[0]?.navn));
  const adresse = foerste ?? sak.mottakere.find((m) => m.rolle === 'planeier');
  const beskyttet = sak.person.beskyttetAdresse || (adresse?.beskyttetAdresse ?? false);
  return {
    kommune: rammer.kommune,
    enhet: sak.vedtaksinstans.navn,
    saksnummer: sak.saksnummer,
    dato: rammer.dato,
    mottaker: valg.mottaker ?? {
      navn: hoved.map((m) => m.navn).join(' og '),
      adresse: beskyttet ? '' : (adresse?.adresse ?? ''),
      postnummer: beskyttet ? '' : (adresse?.postnummer ?? ''),
      poststed: beskyttet ? '' : (adresse?.poststed ?? ''),
      beskyttetAdresse: beskyttet,
    },
    gjelder: sak.person.navn,
    undertegnere: valg.undertegnere ?? [{ navn: sak.vedtaksinstans.navn, tittel: rammer.kommune }],
    kopi: [...(valg.mottaker ? [] : alle.filter((m) => m.kopi).map((m) => m.navn)), ...(valg.kopi ?? [])],
  };
}

function tiltale(sak: Saksgrunnlag, rammer: Rammer): Tiltale {
  return { planeier: sak.person.navn, tilPlaneier: brevmottakere(sak, rammer.dato).tilPlaneier };
}

/** Kvittering til den anmodningen gjelder; den kommer formelt fra tjenestemottakeren, også når en annen formidler den. */
export function kvitteringsbrev(sak: Saksgrunnlag, rammer: Rammer): Brev {
  const frist = leggTilMaaneder(sak.mottatt, 1);
  return lagBrev('kvittering', hode(sak, rammer), {
    ...tiltale(sak, rammer),
    oenske: sak.anmodning.oenske,
    mottatt: sak.mottatt,
    hvemSpoer: sak.anmodning.hvemSpoer,
    hvemSpoerNavn: sak.anmodning.hvemSpoerNavn,
    svarfrist: frist > rammer.dato ? frist : null,
  });
}

/** Foreløpig svar når saken ikke er avgjort innen én måned. */
export function foreloepigSvarbrev(sak: Saksgrunnlag, rammer: Rammer): Brev {
  return lagBrev('foreloepig-svar', hode(sak, rammer), {
    ...tiltale(sak, rammer),
    oenske: sak.anmodning.oenske,
    mottatt: sak.mottatt,
    ventet: null,
  });
}

/** Bekreftelse på at anmodningen er trukket. `trukket` er datoen, 'åååå-mm-dd'. */
export function trukketbrev(sak: Saksgrunnlag, rammer: Rammer, trekk: { begrunnelse: string; trukket: string }): Brev {
  return lagBrev('bekreftelse-trukket', hode(sak, rammer), {
    ...tiltale(sak, rammer),
    oenske: sak.anmodning.oenske,
    mottatt: sak.mottatt,
    ...trekk,
  });
}

function klageTil(sak: Saksgrunnlag, rammer: Rammer): string {
  return klageadresse(sak.vedtaksinstans.navn, rammer.kommune, rammer.postadresse);
}

/** Svar til den som har plan fra før, og det som er skrevet til mottakeren. */
function eksisterendePlanbrev(
  sak: Saksgrunnlag,
  rammer: Rammer,
  avNavn: string,
  svar: Pick<Brevdata['svar-eksisterende-plan'], 'plankoordinator' | 'loesning'>,
  skrevet: string,
): Brev {
  return lagBrev(
    'svar-eksisterende-plan',
    hode(sak, rammer, { undertegnere: [{ navn: avNavn, tittel: 'saksbehandler' }] }),
    plansvardata(sak, rammer, svar),
    skrevet,
  );
}

function plansvardata(
  sak: Saksgrunnlag,
  rammer: Rammer,
  svar: Pick<Brevdata['svar-eksisterende-plan'], 'plankoordinator' | 'loesning'>,
): Brevdata['svar-eksisterende-plan'] {
  return {
    ...tiltale(sak, rammer),
    mottatt: sak.mottatt,
    regime: sak.regime,
    enhet: sak.vedtaksinstans.navn,
    klageTil: klageTil(sak, rammer),
    klagefristUker: rammer.klagefristUker,
    ...svar,
  };
}

/** Bekreftelse til den som takket nei: grunnen slik den er dokumentert, og det som er skrevet til mottakeren. */
function avslaattTilbudbrev(sak: Saksgrunnlag, rammer: Rammer, avNavn: string, grunn: string, skrevet: string): Brev {
  return lagBrev(
    'avslaatt-tilbud',
    hode(sak, rammer, { undertegnere: [{ navn: avNavn, tittel: 'saksbehandler' }] }),
    avslaattTilbuddata(sak, rammer, grunn),
    skrevet,
  );
}

function avslaattTilbuddata(sak: Saksgrunnlag, rammer: Rammer, grunn: string): Brevdata['avslaatt-tilbud'] {
  return { ...tiltale(sak, rammer), oenske: sak.anmodning.oenske, mottatt: sak.mottatt, grunn };
}

/** Vedtaksbrevet: det som er avgjort, slik det er lagret, og det som er skrevet til mottakeren. */
export function vedtaksbrev(sak: Saksgrunnlag, rammer: Rammer, vedtak: Vedtaksinnhold): Brev {
  const undertegnere = [
    { navn: vedtak.fattetAv, tittel: 'beslutter' },
    ...(vedtak.godkjentAv ? [{ navn: vedtak.godkjentAv, tittel: 'beslutter' }] : []),
  ];
  return lagBrev(
    'vedtak',
    hode(sak, rammer, { undertegnere }),
    vedtaksdata(sak, rammer, vedtak),
    vedtak.brevtekst ?? '',
  );
}

function vedtaksdata(
  sak: Saksgrunnlag,
  rammer: Rammer,
  vedtak: Omit<Vedtaksinnhold, 'brevtekst' | 'fattetAv' | 'godkjentAv'>,
): Brevdata['vedtak'] {
  return {
    ...tiltale(sak, rammer),
    utfall: vedtak.utfall,
    oenske: sak.anmodning.oenske,
    regime: sak.regime,
    mottatt: sak.mottatt,
    enhet: sak.vedtaksinstans.navn,
    klageTil: klageTil(sak, rammer),
    hjemmel: vedtak.hjemmel,
    begrunnelse: vedtak.begrunnelse,
    tilDato: vedtak.tilDato,
    klagefristUker: rammer.klagefristUker,
  };
}

/** Brevet et steg har bestilt. */
export function bestiltBrev(
  sak: Saksgrunnlag,
  rammer: Rammer,
  b: Pick<Brevbestilling, 'innhold' | 'tekst' | 'avNavn'>,
): Brev {
  switch (b.innhold.mal) {
    case 'svar-eksisterende-plan':
      return eksisterendePlanbrev(sak, rammer, b.avNavn, b.innhold.grunnlag, b.tekst);
    case 'avslaatt-tilbud':
      return avslaattTilbudbrev(sak, rammer, b.avNavn, b.innhold.grunnlag.grunn, b.tekst);
  }
}

/** Det som er skrevet til et bestilt brev utover det brevet sier av seg selv; se `egenTekst`. */
export function egetIBestilling(sak: Saksgrunnlag, rammer: Rammer, innhold: Brevinnhold, skrevet: string): string {
  switch (innhold.mal) {
    case 'svar-eksisterende-plan':
      return egenTekst(innhold.mal, plansvardata(sak, rammer, innhold.grunnlag), skrevet);
    case 'avslaatt-tilbud':
      return egenTekst(innhold.mal, avslaattTilbuddata(sak, rammer, innhold.grunnlag.grunn), skrevet);
  }
}

/** Det som er skrevet til et vedtaksbrev utover det brevet sier av seg selv; se `egenTekst`. */
export function egetIVedtak(
  sak: Saksgrunnlag,
  rammer: Rammer,
  vedtak: Omit<Vedtaksinnhold, 'fattetAv' | 'godkjentAv'>,
): string {
  return egenTekst('vedtak', vedtaksdata(sak, rammer, vedtak), vedtak.brevtekst ?? '');
}

/** Setningen vedtaksbrevet i saken ville sagt hvert utfall med. */
export function utfallssetning(sak: Saksgrunnlag, rammer: Rammer, utfall: Utfall): string {
  return avgjoerelsen({ ...tiltale(sak, rammer), oenske: sak.anmodning.oenske }, utfall);
}

/** Dager enheten har på seg til å svare på henvendelsen (10 virkedager, som fristen på oppgaven). */
const SVARFRIST_DAGER = 14;

/** Henvendelsen til enheten som skal utpeke en ansatt: bakgrunn og begrunnelse (Stavanger, Utnevne plankoordinator). */
export function henvendelsesbrev(
  sak: Saksgrunnlag,
  rammer: Rammer,
  oppdrag: { rolle: Koordinatorrolle; enhetNavn: string; bakgrunn: string; begrunnelse: string; oenske: string },
): Brev {
  const mottaker = { navn: oppdrag.enhetNavn, adresse: '', postnummer: '', poststed: '', beskyttetAdresse: false };
  return lagBrev('henvendelse', hode(sak, rammer, { mottaker }), {
    planeier: sak.person.navn,
    rolle: oppdrag.rolle,
    fraEnhet: sak.vedtaksinstans.navn,
    tilEnhet: oppdrag.enhetNavn,
    bakgrunn: oppdrag.bakgrunn,
    begrunnelse: oppdrag.begrunnelse,
    oenske: oppdrag.oenske,
    svarfrist: nesteVirkedag(leggTilDager(rammer.dato, SVARFRIST_DAGER)),
  });
}

/** Melding om hvem som er oppnevnt, med kopi til den oppnevnte (Folldal, Skriftlig melding til bruker). */
export function oppnevningsbrev(
  sak: Saksgrunnlag,
  rammer: Rammer,
  oppdrag: { rolle: Koordinatorrolle; navn: string; enhetNavn: string; fra: string },
): Brev {
  return lagBrev('oppnevning', hode(sak, rammer, { kopi: [oppdrag.navn] }), {
    ...tiltale(sak, rammer),
    rolle: oppdrag.rolle,
    koordinator: oppdrag.navn,
    koordinatorEnhet: oppdrag.enhetNavn,
    fra: oppdrag.fra,
    enhet: sak.vedtaksinstans.navn,
  });
}

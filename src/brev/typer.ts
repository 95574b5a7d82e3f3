import type { HVEM_SPOER } from '../contract/api.ts';

/** Malene brev lages av. Én mal, én rettslig handling. */
export type Brevmal =
  | 'kvittering'
  | 'foreloepig-svar'
  | 'bekreftelse-trukket'
  | 'svar-eksisterende-plan'
  | 'avslaatt-tilbud'
  | 'vedtak'
  | 'henvendelse'
  | 'oppnevning';

export type Regime = 'helse' | 'nav' | 'barnevern';
/** Klagefristen i uker etter hvert regelverk, fra kommunens oppsett. */
export type Klagefrister = Readonly<Record<Regime, number>>;
export type Oenske = 'ip' | 'koordinator' | 'barnekoordinator' | 'ingen';
export type Utfall = 'ip' | 'koordinator' | 'barnekoordinator' | 'avslag';
export type HvemSpoer = (typeof HVEM_SPOER)[number];
export type Koordinatorrolle = 'plankoordinator' | 'koordinator' | 'barnekoordinator';

/** Den brevet er stilet til. */
export interface Mottaker {
  navn: string;
  adresse: string;
  postnummer: string;
  poststed: string;
  /** true: adressen skrives aldri på brevet, heller ikke om den skulle være fylt ut */
  beskyttetAdresse: boolean;
}

/** Det som står rundt teksten i alle brev. */
export interface Brevhode {
  kommune: string;
  enhet: string;
  saksnummer: string;
  /** 'åååå-mm-dd' */
  dato: string;
  mottaker: Mottaker;
  /** planeiers navn */
  gjelder: string;
  undertegnere: { navn: string; tittel: string }[];
  /** navn på dem som får kopi */
  kopi: string[];
}

/** Hvem teksten snakker til: planeier selv («deg»), eller foresatte, verge og andre («Ida»). */
export interface Tiltale {
  planeier: string;
  tilPlaneier: boolean;
}

/** Det hver mal trenger i tillegg til brevhodet. Datoer er 'åååå-mm-dd'. */
export interface Brevdata {
  kvittering: Tiltale & {
    oenske: Oenske;
    mottatt: string;
    hvemSpoer: HvemSpoer;
    hvemSpoerNavn: string;
    /** siste dag før det skal gis foreløpig svar; null når den er passert (anmodningen ble registrert seint) */
    svarfrist: string | null;
  };
  'foreloepig-svar': Tiltale & {
    oenske: Oenske;
    mottatt: string;
    /** når vedtaket er ventet, når det kan sies */
    ventet: string | null;
  };
  'bekreftelse-trukket': Tiltale & { oenske: Oenske; mottatt: string; trukket: string; begrunnelse: string };
  'svar-eksisterende-plan': Tiltale & {
    mottatt: string;
    regime: Regime;
    enhet: string;
    klagefristUker: Klagefrister;
    plankoordinator: string | null;
    /** enhetens eget svar på det som ble bedt om */
    svar: string;
  };
  'avslaatt-tilbud': Tiltale & { oenske: Oenske; mottatt: string; grunn: string };
  vedtak: Tiltale & {
    utfall: Utfall;
    oenske: Oenske;
    regime: Regime;
    mottatt: string;
    /** enheten som avgjør, og som klagen sendes til */
    enhet: string;
    /** én lovhenvisning per linje eller skilt med semikolon */
    hjemmel: string;
    begrunnelse: string;
    /** siste dag vedtaket gjelder, når det er tidsbegrenset */
    tilDato: string | null;
    klagefristUker: Klagefrister;
  };
  henvendelse: {
    planeier: string;
    rolle: Koordinatorrolle;
    /** enheten som spør */
    fraEnhet: string;
    tilEnhet: string;
    bakgrunn: string;
    begrunnelse: string;
    /** planeiers ønske */
    oenske: string;
    svarfrist: string;
  };
  oppnevning: Tiltale & {
    rolle: Koordinatorrolle;
    koordinator: string;
    koordinatorEnhet: string;
    fra: string;
    /** enheten som har oppnevnt */
    enhet: string;
  };
}

/** Et ferdig satt sammen brev, klart til forhåndsvisning eller PDF. */
export interface Brev {
  mal: Brevmal;
  tittel: string;
  hode: Brevhode;
  /** teksten et menneske kan ha redigert */
  tekst: string;
  /** avsnitt som alltid er med og ikke kan redigeres bort (klageadgang, innsyn); tom når malen ikke har noen */
  fast: string;
}

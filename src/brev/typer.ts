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
/** Hva som skjer med den saken som tapte kappløpet om planen. */
export type Dobbelloesning = 'samles' | 'avsluttes';
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
    /** hvem klagen sendes til, med adresse */
    klageTil: string;
    klagefristUker: Klagefrister;
    plankoordinator: string | null;
    /** hva som ble avklart da to saker ble behandlet samtidig; null når det bare var én */
    loesning: Dobbelloesning | null;
  };
  'avslaatt-tilbud': Tiltale & { oenske: Oenske; mottatt: string; grunn: string };
  vedtak: Tiltale & {
    utfall: Utfall;
    oenske: Oenske;
    regime: Regime;
    mottatt: string;
    /** enheten som avgjør */
    enhet: string;
    /** hvem klagen sendes til, med adresse */
    klageTil: string;
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

/** En del av brevet, og hvem ordene er. */
export interface Brevdel {
  /**
   * `mal`: malens egne ord, skrevet ut fra det som er avgjort. `avgjort`: ord et menneske har skrevet, lagret som en del av
   * avgjørelsen (begrunnelsen). `egen`: det som er skrevet til mottakeren ved siden av. Bare malen har egne overskrifter
   * på øverste nivå, så ingenting noen skriver, kan se ut som avgjørelsen.
   */
  slag: 'mal' | 'avgjort' | 'egen';
  tekst: string;
}

/** Tegn brevets skrift ikke har: de som er skrevet i teksten, og de som står i navn og adresser. */
export interface Tegnmangler {
  tekst: readonly string[];
  navn: readonly string[];
}

/** Et ferdig satt sammen brev, klart til forhåndsvisning eller PDF. All tekst i det består av tegn skriften har. */
export interface Brev {
  mal: Brevmal;
  tittel: string;
  hode: Brevhode;
  deler: readonly Brevdel[];
  mangler: Tegnmangler;
}

/*
 * Lovregisteret: hvilke bestemmelser et vedtak om individuell plan kan bygge på. Rutinene i registeret er eldre enn
 * loven; her står loven slik den gjelder i 2026. Eldre bestemmelser står med sluttdato, så en eldre rutinetekst
 * fortsatt kan slås opp.
 */

export type Regime = 'helse' | 'barnevern' | 'nav';
export const REGIMER = {
  helse: 'Koordinerende enhet (helse og omsorg)',
  barnevern: 'Barneverntjenesten',
  nav: 'NAV',
} as const satisfies Record<Regime, string>;

type Hjemmelbruk = 'ip' | 'koordinator' | 'barnekoordinator' | 'klage' | 'samarbeid' | 'saksbehandling';

export interface Hjemmel {
  /** Fast nøkkel, lagres i vedtaket. */
  readonly id: string;
  /** Loven eller forskriften, med korttittel. */
  readonly lov: string;
  /** Slik den siteres i vedtak og historikk, f.eks. "pbrl § 2-5". */
  readonly kort: string;
  readonly paragraf: string;
  readonly tittel: string;
  readonly brukes: readonly Hjemmelbruk[];
  /** Hvem som kan avgjøre etter den. */
  readonly regimer: readonly Regime[];
  /** Datoen den tok til å gjelde, når den er kjent og betyr noe for eldre saker. */
  readonly gjelderFra: string | null;
  /** Siste dag den gjaldt; null når den gjelder. */
  readonly gjelderTil: string | null;
}

const PBRL = 'Pasient- og brukerrettighetsloven';
const HOL = 'Helse- og omsorgstjenesteloven';
const NAVL = 'Arbeids- og velferdsforvaltningsloven (NAV-loven)';
const SOTJL = 'Sosialtjenesteloven';

/** Hele registeret. Rekkefølgen er den valglistene viser. */
export const HJEMLER: readonly Hjemmel[] = [
  hjemmel('pbrl-2-5', PBRL, 'pbrl', '§ 2-5', 'Rett til individuell plan', ['ip'], ['helse']),
  hjemmel('pbrl-2-5b', PBRL, 'pbrl', '§ 2-5 b', 'Rett til koordinator', ['koordinator', 'ip'], ['helse']),
  hjemmel('pbrl-2-5c', PBRL, 'pbrl', '§ 2-5 c', 'Rett til barnekoordinator', ['barnekoordinator'], ['helse']),
  hjemmel('hol-7-1', HOL, 'hol', '§ 7-1', 'Individuell plan', ['ip'], ['helse']),
  hjemmel('hol-7-2', HOL, 'hol', '§ 7-2', 'Koordinator', ['koordinator', 'ip'], ['helse']),
  hjemmel('hol-7-2a', HOL, 'hol', '§ 7-2 a', 'Barnekoordinator', ['barnekoordinator'], ['helse']),
  hjemmel('hol-7-3', HOL, 'hol', '§ 7-3', 'Koordinerende enhet', ['samarbeid'], ['helse']),
  hjemmel('sphl-2-5', 'Spesialisthelsetjenesteloven', 'sphl', '§ 2-5', 'Individuell plan', ['samarbeid'], ['helse']),
  hjemmel('phvl-4-1', 'Psykisk helsevernloven', 'phvl', '§ 4-1', 'Individuell plan', ['samarbeid'], ['helse']),
  hjemmel('bvl-15-9', 'Barnevernsloven', 'bvl', '§ 15-9', 'Individuell plan', ['ip'], ['barnevern']),
  hjemmel('navl-15', NAVL, 'NAV-loven', '§ 15', 'Samarbeid med brukeren og individuell plan', ['ip'], ['nav']),
  hjemmel('sotjl-28', SOTJL, 'sotjl', '§ 28', 'Rett til individuell plan', ['ip'], ['nav']),
  hjemmel('sotjl-33', SOTJL, 'sotjl', '§ 33', 'Individuell plan i kvalifiseringsprogram', ['ip'], ['nav']),
  hjemmel(
    'sotjl-42',
    SOTJL,
    'sotjl',
    '§ 42',
    'Plikt til å rådføre seg med tjenestemottaker',
    ['saksbehandling'],
    ['nav'],
  ),
  {
    id: 'forskrift-ip-2022',
    lov: 'Forskrift om individuell plan ved ytelse av velferdstjenester',
    kort: 'forskrift om individuell plan',
    paragraf: '',
    tittel: 'Felles forskrift for alle sektorer',
    brukes: ['ip', 'koordinator'],
    regimer: ['helse', 'barnevern', 'nav'],
    gjelderFra: null,
    gjelderTil: null,
  },
  hjemmel('pbrl-2-7', PBRL, 'pbrl', '§ 2-7', 'Forvaltningslovens anvendelse', ['saksbehandling'], ['helse']),
  hjemmel('pbrl-7-2', PBRL, 'pbrl', '§ 7-2', 'Klage', ['klage'], ['helse']),
  hjemmel('pbrl-7-5', PBRL, 'pbrl', '§ 7-5', 'Frist for klage', ['klage'], ['helse']),
  utgaatt(
    'bvl-3-2a',
    'Barnevernloven av 1992',
    'bvl 1992',
    '§ 3-2 a',
    'Plikt til å utarbeide individuell plan',
    '2022-12-31',
  ),
  utgaatt(
    'forskrift-ip-2004',
    'Forskrift om individuell plan etter helselovgivningen og sosialtjenesteloven (FOR-2004-12-23-1837)',
    'forskrift 2004',
    '',
    'Avløst av forskrift om habilitering og rehabilitering, individuell plan og koordinator',
    '2011-12-31',
  ),
];

/**
 * Hjemlene en avgjørelse kan bygge på.
 * @param regime hvem som avgjør
 * @param paaDato dagen avgjørelsen fattes (åååå-mm-dd); bare det som gjelder da, er med
 */
export function hjemlerForVedtak(regime: Regime, paaDato: string): readonly Hjemmel[] {
  return HJEMLER.filter(
    (h) =>
      h.regimer.includes(regime) &&
      h.brukes.some((b) => b === 'ip' || b === 'koordinator' || b === 'barnekoordinator') &&
      (h.gjelderFra === null || h.gjelderFra <= paaDato) &&
      (h.gjelderTil === null || h.gjelderTil >= paaDato),
  );
}

/** Slik hjemmelen skrives i brev og historikk, f.eks. "pbrl § 2-5". Ukjent id gir id-en selv. */
export function hjemmelKort(id: string): string {
  const funnet = HJEMLER.find((h) => h.id === id);
  return funnet ? `${funnet.kort} ${funnet.paragraf}`.trim() : id;
}

/** Valgliste til skjemaet: "Pasient- og brukerrettighetsloven § 2-5 Rett til individuell plan". */
export function hjemmelValg(hjemler: readonly Hjemmel[]): { value: string; label: string }[] {
  return hjemler.map((h) => ({ value: h.id, label: [h.lov, h.paragraf, h.tittel].filter((d) => d !== '').join(' ') }));
}

function hjemmel(
  id: string,
  lov: string,
  kort: string,
  paragraf: string,
  tittel: string,
  brukes: readonly Hjemmelbruk[],
  regimer: readonly Regime[],
): Hjemmel {
  return { id, lov, kort, paragraf, tittel, brukes, regimer, gjelderFra: null, gjelderTil: null };
}

function utgaatt(id: string, lov: string, kort: string, paragraf: string, tittel: string, til: string): Hjemmel {
  return { id, lov, kort, paragraf, tittel, brukes: ['ip'], regimer: [], gjelderFra: null, gjelderTil: til };
}

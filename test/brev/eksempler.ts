import { lagBrev, type Brev, type Brevdata, type Brevhode, type Tiltale } from '../../src/brev/index.ts';

/** Et brevhode; testen overstyrer det den handler om. */
export function lagHode(endringer: Partial<Brevhode> = {}): Brevhode {
  return {
    kommune: 'Sandvik kommune',
    enhet: 'HSK Hillevåg',
    saksnummer: '2026/41',
    dato: '2026-11-23',
    mottaker: {
      navn: 'Kari Nordmann',
      adresse: 'Fjordgata 12',
      postnummer: '4016',
      poststed: 'Sandvik',
      beskyttetAdresse: false,
    },
    gjelder: 'Kari Nordmann',
    undertegnere: [{ navn: 'Ingrid Bakke', tittel: 'beslutter' }],
    kopi: [],
    ...endringer,
  };
}

const TIL_PLANEIER: Tiltale = { planeier: 'Kari Nordmann', tilPlaneier: true };
export const TIL_FORESATTE: Tiltale = { planeier: 'Ida Vik', tilPlaneier: false };

/** Det vedtaksmalen trenger; testen overstyrer det den handler om. */
export function lagVedtaksdata(endringer: Partial<Brevdata['vedtak']> = {}): Brevdata['vedtak'] {
  return {
    ...TIL_PLANEIER,
    utfall: 'ip',
    oenske: 'ip',
    regime: 'helse',
    mottatt: '2026-10-01',
    enhet: 'HSK Hillevåg',
    klageTil: 'HSK Hillevåg, Sandvik kommune, Postboks 100, 4001 Sandvik',
    hjemmel: 'pbrl § 2-5; hol § 7-1',
    begrunnelse: 'Behovet er langvarig.\n\nFem tjenester må ses i sammenheng.',
    tilDato: null,
    klagefristUker: { helse: 4, nav: 3, barnevern: 3 },
    ...endringer,
  };
}

/** Hele teksten i brevet, i den rekkefølgen det leses. */
export function tekstI(brev: Brev): string {
  return brev.deler.map((del) => del.tekst).join('\n\n');
}

/** Ett brev av hver mal, og vedtaket i alle utfall og regimer; navnet er til feilmeldinger. */
export function alleBrev(): Record<string, Brev> {
  const hode = lagHode({ kopi: ['Jonas Vik'] });
  const brev: Record<string, Brev> = {
    kvittering: lagBrev('kvittering', hode, {
      ...TIL_PLANEIER,
      oenske: 'ip',
      mottatt: '2026-11-20',
      hvemSpoer: 'paaroerende',
      hvemSpoerNavn: 'Grete Nordmann',
      svarfrist: '2026-12-20',
    }),
    'foreloepig-svar': lagBrev('foreloepig-svar', hode, {
      ...TIL_FORESATTE,
      oenske: 'barnekoordinator',
      mottatt: '2026-10-20',
      ventet: null,
    }),
    'bekreftelse-trukket': lagBrev('bekreftelse-trukket', hode, {
      ...TIL_PLANEIER,
      oenske: 'koordinator',
      mottatt: '2026-10-20',
      trukket: '2026-11-01',
      begrunnelse: 'Kari ringte og trakk den.',
    }),
    'svar-eksisterende-plan': lagBrev('svar-eksisterende-plan', hode, {
      ...TIL_PLANEIER,
      mottatt: '2026-10-20',
      regime: 'helse',
      enhet: 'HSK Hillevåg',
      klageTil: 'HSK Hillevåg, Sandvik kommune',
      klagefristUker: { helse: 4, nav: 3, barnevern: 3 },
      plankoordinator: 'Jonas Vik',
      loesning: 'samles',
    }),
    'avslaatt-tilbud': lagBrev('avslaatt-tilbud', hode, {
      ...TIL_PLANEIER,
      oenske: 'ip',
      mottatt: '2026-10-20',
      grunn: 'Hjelpen henger godt sammen.',
    }),
    henvendelse: lagBrev('henvendelse', hode, {
      planeier: 'Kari Nordmann',
      rolle: 'plankoordinator',
      fraEnhet: 'HSK Hillevåg',
      tilEnhet: 'Hjemmetjenesten nord',
      bakgrunn: 'Kari har daglig hjelp fra dere.',
      begrunnelse: 'Dere kjenner henne best.',
      oenske: '',
      svarfrist: '2026-12-07',
    }),
    oppnevning: lagBrev('oppnevning', hode, {
      ...TIL_PLANEIER,
      rolle: 'plankoordinator',
      koordinator: 'Jonas Vik',
      koordinatorEnhet: 'Hjemmetjenesten nord',
      fra: '2026-11-23',
      enhet: 'HSK Hillevåg',
    }),
  };
  for (const utfall of ['ip', 'koordinator', 'barnekoordinator', 'avslag'] as const) {
    for (const regime of ['helse', 'nav', 'barnevern'] as const) {
      brev[`vedtak-${utfall}-${regime}`] = lagBrev('vedtak', hode, lagVedtaksdata({ utfall, regime }));
    }
  }
  return brev;
}

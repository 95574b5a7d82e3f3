import type { Forsendelse } from './kanal.ts';

const SISTE_LINJE = /^(\d{4}) (.+)$/;

interface SvarUtForsendelse {
  tittel: string;
  mottaker: {
    postAdresse: { navn: string; adresse1: string | null; postNummer: string | null; postSted: string; land: string };
    digitalAdresse?: { fodselsNummer: string };
  };
  avgivendeSystem: string;
  eksternReferanse: string;
  forsendelsesType: string;
  kryptert: boolean;
  krevNiva4Innlogging: boolean;
  kunDigitalLevering: boolean;
  utskriftsKonfigurasjon: { utskriftMedFarger: boolean; tosidig: boolean };
  metadataFraAvleverendeSystem: {
    saksAar: number;
    saksSekvensNummer: number;
    journalPostType: string;
    tittel: string;
    ekstraMetadata: { key: string; value: string }[];
  };
  dokumenter: { filnavn: string; mimeType: string; skalSigneres: boolean; ekskluderesFraUtskrift: boolean }[];
}

/**
 * Forsendelsen slik KS Fiks SvarUt (forsendelse, REST) beskriver den. Brev i disse sakene har helseopplysninger: de krever
 * innlogging på høyeste nivå, og den som har beskyttet adresse, får brevet bare digitalt og aldri trykt på en konvolutt.
 */
export function svarUtForsendelse(f: Forsendelse): SvarUtForsendelse {
  const linjer = f.mottaker.adresselinjer;
  const post = SISTE_LINJE.exec(linjer.at(-1) ?? '');
  const [aar = 0, loepenummer = 0] = f.saksnummer.split('/').map(Number);
  return {
    tittel: f.tittel,
    mottaker: {
      postAdresse: {
        navn: f.mottaker.navn,
        adresse1: linjer.length > 1 || !post ? (linjer[0] ?? null) : null,
        postNummer: post?.[1] ?? null,
        postSted: post?.[2] ?? '',
        land: 'Norge',
      },
      ...(f.mottaker.fodselsnummer ? { digitalAdresse: { fodselsNummer: f.mottaker.fodselsnummer } } : {}),
    },
    avgivendeSystem: 'Individuell plan',
    eksternReferanse: f.id,
    forsendelsesType: 'individuell-plan',
    kryptert: false,
    krevNiva4Innlogging: true,
    kunDigitalLevering: linjer.length === 0,
    utskriftsKonfigurasjon: { utskriftMedFarger: false, tosidig: true },
    metadataFraAvleverendeSystem: {
      saksAar: aar,
      saksSekvensNummer: loepenummer,
      journalPostType: 'U',
      tittel: f.tittel,
      ekstraMetadata: [
        { key: 'kommune', value: f.kommune },
        { key: 'mottakertype', value: f.mottaker.slag },
      ],
    },
    dokumenter: f.dokumenter.map((d) => ({
      filnavn: d.filnavn,
      mimeType: d.mediatype,
      skalSigneres: false,
      ekskluderesFraUtskrift: false,
    })),
  };
}

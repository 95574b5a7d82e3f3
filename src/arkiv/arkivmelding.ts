import { createHash } from 'node:crypto';
import { dagIOslo } from '../contract/tid.ts';
import { el, skrivXml, type Xml } from './xml.ts';

const NAVNEROM = 'http://www.arkivverket.no/standarder/noark5/arkivmelding';

export interface Arkivpart {
  type: 'Avsender' | 'Mottaker' | 'Kopimottaker' | 'Intern mottaker';
  navn: string;
  /** tom når adressen er beskyttet eller ukjent */
  adresselinjer: string[];
}
export interface Arkivdokument {
  id: string;
  tittel: string;
  retning: 'inn' | 'ut' | 'internt';
  opprettet: Date;
  opprettetAv: string;
  sendt: Date | null;
  filnavn: string;
  parter: Arkivpart[];
}
export interface Arkivsak {
  id: string;
  saksnummer: string;
  /** uten navn: saken gjelder en person, og offentlig tittel skal ikke vise hvem */
  offentligTittel: string;
  tittel: string;
  opprettet: Date;
  opprettetAv: string;
  avsluttet: Date | null;
  mottatt: string;
  administrativEnhet: string;
  part: string;
}
export interface Arkivinnhold {
  meldingId: string;
  tidspunkt: Date;
  sak: Arkivsak;
  dokumenter: Arkivdokument[];
}

const JOURNALPOSTTYPE: Record<Arkivdokument['retning'], string> = {
  inn: 'Inngående dokument',
  ut: 'Utgående dokument',
  internt: 'Organinternt dokument uten oppfølging',
};

/** Alle dokumenter i sakene er taushetsbelagte helse- og personopplysninger. */
function skjerming(): Xml[] {
  return el('skjerming', [
    ...el('tilgangsrestriksjon', 'Unntatt offentlighet'),
    ...el('skjermingshjemmel', 'Offentleglova § 13, jf. forvaltningsloven § 13'),
    ...el('skjermingMetadata', 'Skjerming av tittel og part'),
    ...el('skjermingDokument', 'Skjerming av hele dokumentet'),
  ]);
}

/** En id som alltid er den samme for samme rad og slag, så en arkivmelding som lages på nytt, er lik. */
function avledetId(id: string, slag: string): string {
  const h = createHash('sha256').update(`${slag}:${id}`).digest('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

function korrespondansepart(p: Arkivpart): Xml[] {
  const post = /^(\d{4}) (.+)$/.exec(p.adresselinjer.at(-1) ?? '');
  const gate = post ? p.adresselinjer.slice(0, -1) : p.adresselinjer;
  return el('korrespondansepart', [
    ...el('korrespondanseparttype', p.type),
    ...el('korrespondansepartNavn', p.navn),
    ...gate.flatMap((linje) => el('postadresse', linje)),
    ...el('postnummer', post?.[1] ?? null),
    ...el('poststed', post?.[2] ?? null),
  ]);
}

function journalpost(d: Arkivdokument, sak: Arkivsak, arkivert: Date): Xml[] {
  const opprettet = d.opprettet.toISOString();
  const dato = dagIOslo(d.opprettet);
  return el(
    'basisregistrering',
    [
      ...el('systemID', d.id),
      ...el('opprettetDato', opprettet),
      ...el('opprettetAv', d.opprettetAv),
      ...el('arkivertDato', arkivert.toISOString()),
      ...el('arkivertAv', 'Individuell plan'),
      ...el('referanseForelderMappe', sak.id),
      ...skjerming(),
      ...el('dokumentbeskrivelse', [
        ...el('systemID', avledetId(d.id, 'dokumentbeskrivelse')),
        ...el('dokumenttype', d.retning === 'inn' ? 'Søknad' : 'Brev'),
        ...el('dokumentstatus', 'Dokumentet er ferdigstilt'),
        ...el('tittel', d.tittel),
        ...el('opprettetDato', opprettet),
        ...el('opprettetAv', d.opprettetAv),
        ...el('tilknyttetRegistreringSom', 'Hoveddokument'),
        ...el('dokumentnummer', '1'),
        ...el('tilknyttetDato', opprettet),
        ...el('tilknyttetAv', d.opprettetAv),
        ...el('dokumentobjekt', [
          ...el('versjonsnummer', '1'),
          ...el('variantformat', 'Arkivformat'),
          ...el('opprettetDato', opprettet),
          ...el('opprettetAv', d.opprettetAv),
          ...el('referanseDokumentfil', d.filnavn),
        ]),
      ]),
      ...el('tittel', d.tittel),
      ...el('offentligTittel', sak.offentligTittel),
      ...el('journalposttype', JOURNALPOSTTYPE[d.retning]),
      ...el('journalstatus', d.sendt ? 'Ekspedert' : 'Journalført'),
      ...el('journaldato', dato),
      ...el('dokumentetsDato', dato),
      ...el('mottattDato', d.retning === 'inn' ? opprettet : null),
      ...el('sendtDato', d.sendt ? d.sendt.toISOString() : null),
      ...d.parter.flatMap(korrespondansepart),
    ],
    'journalpost',
  );
}

/**
 * Arkivmeldingen (Noark 5) for sakens dokumenter: én saksmappe med én journalpost per dokument. Rekkefølgen på elementene
 * er skjemaets. Adresser som er beskyttet, er ikke med; fødselsnummer er aldri med.
 */
export function lagArkivmelding({ meldingId, tidspunkt, sak, dokumenter }: Arkivinnhold): string {
  const [aar = '', nummer = ''] = sak.saksnummer.split('/');
  const rot: Xml[] = [
    ...el('system', 'Individuell plan'),
    ...el('meldingId', meldingId),
    ...el('tidspunkt', tidspunkt.toISOString()),
    ...el('antallFiler', String(dokumenter.length)),
    ...el(
      'mappe',
      [
        ...el('systemID', sak.id),
        ...el('mappeID', sak.saksnummer),
        ...el('tittel', sak.tittel),
        ...el('offentligTittel', sak.offentligTittel),
        ...el('opprettetDato', sak.opprettet.toISOString()),
        ...el('opprettetAv', sak.opprettetAv),
        ...el('avsluttetDato', sak.avsluttet ? sak.avsluttet.toISOString() : null),
        ...skjerming(),
        ...dokumenter.flatMap((d) => journalpost(d, sak, tidspunkt)),
        ...el('saksaar', aar),
        ...el('sakssekvensnummer', nummer),
        ...el('saksdato', sak.mottatt),
        ...el('administrativEnhet', sak.administrativEnhet),
        ...el('saksansvarlig', sak.administrativEnhet),
        ...el('saksstatus', sak.avsluttet ? 'Avsluttet' : 'Under behandling'),
        ...el('sakspart', [...el('sakspartNavn', sak.part), ...el('sakspartRolle', 'Tjenestemottaker')]),
      ],
      'saksmappe',
    ),
  ];
  const barn = rot.map((x) => skrivXml(x, '  ')).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>
<arkivmelding xmlns="${NAVNEROM}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
${barn}
</arkivmelding>
`;
}

import type { Arkivinnhold } from '../../src/arkiv/arkivmelding.ts';

/** En arkivmelding med alle slags dokumenter; testen overstyrer det den handler om. */
export function lagArkivinnhold(endringer: Partial<Arkivinnhold> = {}): Arkivinnhold {
  const opprettet = new Date('2026-11-23T09:00:00Z');
  return {
    meldingId: 'f3a6f0a2-0d1c-4b6e-9a63-3d2f5d9b6f10',
    tidspunkt: new Date('2026-11-24T10:00:00Z'),
    sak: {
      id: '0b7f3a50-2f0e-4a57-8f0a-2f9a3a6d1c11',
      saksnummer: '2026/41',
      offentligTittel: 'Individuell plan',
      tittel: 'Individuell plan – Kari <Nordmann> & sønn',
      opprettet,
      opprettetAv: 'Ola Hansen',
      avsluttet: null,
      mottatt: '2026-11-20',
      administrativEnhet: 'HSK Hillevåg',
      part: 'Kari Nordmann',
    },
    dokumenter: [
      {
        id: '11111111-1111-4111-8111-111111111111',
        tittel: 'Anmodning',
        retning: 'inn',
        opprettet,
        opprettetAv: 'Ola Hansen',
        sendt: null,
        filnavn: 'dokument-001.pdf',
        parter: [{ type: 'Avsender', navn: 'Kari Nordmann', adresselinjer: [] }],
      },
      {
        id: '22222222-2222-4222-8222-222222222222',
        tittel: 'Vedtak om individuell plan: innvilget',
        retning: 'ut',
        opprettet,
        opprettetAv: 'Individuell plan',
        sendt: opprettet,
        filnavn: 'dokument-002.pdf',
        parter: [
          { type: 'Mottaker', navn: 'Kari Nordmann', adresselinjer: ['Storgata 1', '4013 Sandvik'] },
          { type: 'Kopimottaker', navn: 'Jonas Vik', adresselinjer: [] },
        ],
      },
      {
        id: '33333333-3333-4333-8333-333333333333',
        tittel: 'Henvendelse om plankoordinator',
        retning: 'internt',
        opprettet,
        opprettetAv: 'Individuell plan',
        sendt: null,
        filnavn: 'dokument-003.pdf',
        parter: [{ type: 'Intern mottaker', navn: 'Hjemmetjenesten nord', adresselinjer: [] }],
      },
    ],
    ...endringer,
  };
}

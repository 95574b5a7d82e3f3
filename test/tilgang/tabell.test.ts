import { expect } from 'chai';
import { ROLLER, type Innlogget, type Rolle } from '../../src/contract/tilgang.ts';
import { HANDLINGER, enheterFor, kan, sakfilter, type Forhold, type Handling } from '../../src/tilgang/index.ts';

const EGEN = 'hsk-hillevaag';
const som = (rolle: Rolle): Innlogget => ({ id: 'x', navn: 'X', roller: [{ rolle, enhetId: EGEN, enhetNavn: EGEN }] });
const FORHOLD: Record<string, Forhold> = {
  ingen: {},
  'fremmed enhet': { enhetId: 'hsk-madla' },
  'egen enhet': { enhetId: EGEN },
  oppgave: { enhetId: 'hsk-madla', oppgave: true },
  oppdrag: { enhetId: 'hsk-madla', oppdrag: true },
};

/** Fasiten skrevet for hånd: rolle → handling → forholdene som åpner. Alt annet er stengt. */
const ALLTID = ['ingen', 'fremmed enhet', 'egen enhet', 'oppgave', 'oppdrag'];
const OPPGAVE = {
  'oppgave:les': ['oppgave'],
  'oppgave:ta': ['oppgave'],
  'oppgave:fullfoer': ['oppgave'],
  'rutine:les': ALLTID,
};
const ENHETENS = {
  'sak:les': ['egen enhet'],
  'dokument:les': ['egen enhet'],
  'oppgave:les': ['egen enhet', 'oppgave'],
};
const LEDELSE = {
  'enhet:oppgaver': ['egen enhet'],
  'oppgave:fordel': ['egen enhet'],
  'oppgave:besvar-for': ['egen enhet'],
  'bruker:les': ['egen enhet'],
  'bruker:avslutt-rolle': ['egen enhet'],
};
const KURS = { 'kompetanse:les': ['egen enhet'], 'kompetanse:registrer': ['egen enhet'] };
const FASIT: Record<Rolle, Partial<Record<Handling, string[]>>> = {
  saksbehandler: {
    ...OPPGAVE,
    ...ENHETENS,
    ...KURS,
    'sak:opprett': ['egen enhet'],
    'sak:trekk': ['egen enhet'],
    'dokument:registrer': ['egen enhet'],
    'person:soek': ALLTID,
    'person:opprett': ALLTID,
  },
  beslutter: { ...OPPGAVE, ...ENHETENS },
  plankoordinator: { ...OPPGAVE, 'sak:les': ['oppdrag'], 'dokument:les': ['oppdrag'] },
  plandeltaker: OPPGAVE,
  virksomhetsleder: { ...OPPGAVE, ...KURS, ...LEDELSE },
  leder: { ...OPPGAVE, ...ENHETENS, ...KURS, ...LEDELSE },
  prosesseier: { 'rutine:les': ALLTID },
  systemansvarlig: {
    ...OPPGAVE,
    'oppgave:fordel': ALLTID,
    'bruker:les': ALLTID,
    'bruker:avslutt-rolle': ALLTID,
    'bruker:sperr': ALLTID,
    'drift:les': ALLTID,
    'drift:proev-igjen': ALLTID,
  },
  arkivansvarlig: { 'rutine:les': ALLTID },
};

describe('tilgang: matrisen rolle × handling × forhold', () => {
  for (const rolle of ROLLER) {
    it(`${rolle} får det tabellen sier, og ikke noe mer`, () => {
      for (const handling of HANDLINGER) {
        for (const [navn, forhold] of Object.entries(FORHOLD)) {
          const ventet = FASIT[rolle][handling]?.includes(navn) ?? false;
          expect(kan(som(rolle), handling, forhold), `${rolle} ${handling} ${navn}`).to.equal(ventet);
        }
      }
    });
  }

  it('uten roller er alt stengt', () => {
    const ingen: Innlogget = { id: 'x', navn: 'X', roller: [] };
    for (const handling of HANDLINGER) {
      for (const forhold of Object.values(FORHOLD)) expect(kan(ingen, handling, forhold)).to.equal(false);
    }
  });

  it('rollen i én enhet gir ingenting i en annen', () => {
    const leder: Innlogget = {
      id: 'x',
      navn: 'X',
      roller: [
        { rolle: 'leder', enhetId: 'a', enhetNavn: 'A' },
        { rolle: 'plandeltaker', enhetId: 'b', enhetNavn: 'B' },
      ],
    };
    expect(enheterFor(leder, 'sak:les')).to.deep.equal(['a']);
    expect(kan(leder, 'sak:les', { enhetId: 'b' })).to.equal(false);
  });

  it('listefilteret er usant for den som ikke kan lese noen sak', () => {
    expect(sakfilter(som('systemansvarlig'), 'sak:les', 's', 1)).to.deep.equal({ sql: 'false', parametre: [] });
    expect(sakfilter(som('saksbehandler'), 'sak:les', 's', 3)).to.deep.equal({
      sql: '(s.vedtaksinstans = any($3::text[]))',
      parametre: [[EGEN]],
    });
  });
});

import { expect } from 'chai';
import { soekPersonerPaaNavn, soekPersonPaaNummer } from '../../src/person/index.ts';
import { soek } from '../../src/sok/ruter.ts';
import { startFagdel, type Fagdel } from '../sak/oppsett.ts';

describe('søk', () => {
  let f: Fagdel;
  before(async () => {
    f = await startFagdel();
    for (const navn of ['Åge Aas', 'Ærlig Talt', 'Øystein Vik', 'Anne Vik', 'Zara Vik', 'Aage Vik']) {
      await f.nyPerson({ navn });
    }
  });
  after(() => f.stopp());

  it('personer sorteres på norsk: æ, ø og å sist, og aa som å', async () => {
    const treff = await soekPersonerPaaNavn(f.ds.manager, f.klokke, await f.som('ola-hansen'), 'i');
    expect(treff.map((t) => t.navn)).to.deep.equal(['Anne Vik', 'Zara Vik', 'Ærlig Talt', 'Øystein Vik', 'Aage Vik']);
  });

  it('personer med et navn som begynner slik, kommer før dem som bare har det inni seg', async () => {
    const treff = await soekPersonerPaaNavn(f.ds.manager, f.klokke, await f.som('ola-hansen'), 'a');
    expect(treff.map((t) => t.navn)).to.deep.equal(['Anne Vik', 'Aage Vik', 'Åge Aas', 'Zara Vik', 'Ærlig Talt']);
  });

  it('alle ordene må finnes i navnet, i hvilken rekkefølge som helst', async () => {
    const treff = await soekPersonerPaaNavn(f.ds.manager, f.klokke, await f.som('ola-hansen'), 'vik øy');
    expect(treff.map((t) => t.navn)).to.deep.equal(['Øystein Vik']);
  });

  it('den som ikke har rett til å søke i personer, finner ingen', async () => {
    for (const hvem of ['per-lunde', 'jonas-vik', 'tor-nilsen', 'arne-berg']) {
      const bruker = await f.som(hvem);
      expect(await soekPersonerPaaNavn(f.ds.manager, f.klokke, bruker, 'vik'), hvem).to.deep.equal([]);
      expect((await soek(f.ds, f.klokke, bruker, 'vik')).personer, hvem).to.deep.equal([]);
    }
  });

  it('et fødselsnummer finner personen når det kommer i kroppen, og ingenting når det står i adressen', async () => {
    const [rad] = await f.sql<{ fodselsnummer: string; id: string }>(
      `select id, fodselsnummer from person where navn = 'Zara Vik'`,
    );
    const ola = await f.som('ola-hansen');
    const treff = await soekPersonPaaNummer(f.ds.manager, f.klokke, ola, rad?.fodselsnummer ?? '');
    expect(treff.map((t) => t.id)).to.deep.equal([rad?.id]);
    expect(JSON.stringify(treff)).not.to.contain(rad?.fodselsnummer);
    expect(await soek(f.ds, f.klokke, ola, rad?.fodselsnummer ?? '')).to.deep.equal({
      personer: [],
      saker: [],
      oppgaver: [],
    });
  });

  it('ett tegn søkes det ikke på', async () => {
    expect((await soek(f.ds, f.klokke, await f.som('ola-hansen'), 'v')).personer).to.deep.equal([]);
  });
});

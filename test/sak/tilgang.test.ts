import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { SakDetalj, sakListe } from '../../src/contract/api.ts';
import type { z } from 'zod';
import { hentPersonstatus, hentSak, hentSaker } from '../../src/sak/les.ts';
import { soek } from '../../src/sok/ruter.ts';
import { feilen, startFagdel, tilVedtak, type Fagdel } from './oppsett.ts';

describe('en annen enhets sak', () => {
  let f: Fagdel;
  let egen: string;
  let barnevernets: string;
  before(async () => {
    f = await startFagdel();
    egen = await f.anmod(await f.nyPerson({ navn: 'Åse Ødegård' }));
    const barn = await f.nyPerson({ navn: 'Åse Berg', fodt: '2014-01-02' });
    barnevernets = await f.anmod(barn, { enhetId: 'barnevern', egenSak: true }, 'bente-strand');
  });
  after(() => f.stopp());

  const alle = { sok: '', status: 'alle', fra: 0, antall: 50 } as const;
  async function liste(som: string, sok = ''): Promise<z.infer<typeof sakListe>> {
    return hentSaker(f.ds.manager, await f.som(som), { ...alle, sok });
  }
  async function sak(som: string, sakId: string): Promise<SakDetalj> {
    return hentSak(f.ds.manager, f.klokke, await f.som(som), sakId);
  }

  it('finnes ikke i lista, i tallet eller i fasene', async () => {
    const ola = await liste('ola-hansen');
    expect(ola.rader.map((r) => r.id)).to.deep.equal([egen]);
    expect(ola.totalt).to.equal(1);
    expect(ola.faser).to.deep.equal(['Mottak']);
    expect((await liste('bente-strand')).rader.map((r) => r.id)).to.deep.equal([barnevernets]);
    expect((await liste('tor-nilsen')).totalt).to.equal(0);
  });

  it('finnes ikke i søket, verken på navn eller saksnummer', async () => {
    const ola = await f.som('ola-hansen');
    const treff = await soek(f.ds, f.klokke, ola, 'Åse');
    expect(treff.saker.map((s) => s.id)).to.deep.equal([egen]);
    const [rad] = await f.sql<{ saksnummer: string }>(`select saksnummer from sak where id = $1`, [barnevernets]);
    expect((await soek(f.ds, f.klokke, ola, rad?.saksnummer ?? '')).saker).to.deep.equal([]);
  });

  it('svarer 404 på saksbildet med samme ord som en sak som ikke finnes', async () => {
    expect(await feilen(sak('ola-hansen', barnevernets))).to.deep.equal(await feilen(sak('ola-hansen', randomUUID())));
  });

  it('nevnes ikke når noen spør om personen', async () => {
    const [rad] = await f.sql<{ person_id: string }>(`select person_id from sak where id = $1`, [barnevernets]);
    const status = await hentPersonstatus(f.ds.manager, f.klokke, await f.som('ola-hansen'), rad?.person_id ?? '');
    expect(status.aapenSak).to.equal(null);
    expect(status.harPlan).to.equal(false);
    const egenStatus = await hentPersonstatus(
      f.ds.manager,
      f.klokke,
      await f.som('bente-strand'),
      rad?.person_id ?? '',
    );
    expect(egenStatus.aapenSak?.id).to.equal(barnevernets);
  });

  it('saken følger vedtaksinstansen: den som sendte den fra seg, ser den ikke lenger', async () => {
    const sakId = await f.anmod(await f.nyPerson({ fodt: '2013-01-02' }));
    await f.gjoer(sakId, 'avklar-instans', {
      regime: 'barnevern',
      vedtaksinstans: 'barnevern',
      avklartMed: 'Bente Strand',
    });
    expect((await feilen(sak('ola-hansen', sakId))).status).to.equal(404);
    expect((await sak('bente-strand', sakId)).sak.id).to.equal(sakId);
  });

  it('koordinatoren ser saken først når oppdraget er aktivt', async () => {
    const sakId = await f.anmod(await f.nyPerson());
    await tilVedtak(f, sakId);
    await f.gjoer(sakId, 'fatt-vedtak');
    await f.gjoer(sakId, 'godkjenn-vedtak');
    await f.gjoer(sakId, 'vurder-valg');
    await f.gjoer(sakId, 'utpek-ansatt');
    expect((await feilen(sak('jonas-vik', sakId))).status).to.equal(404);
    await f.gjoer(sakId, 'bekreft-oppdrag');
    await f.sql(`update koordinatoroppdrag set status = 'aktiv', fra = '2026-11-23' where sak_id = $1`, [sakId]);
    expect((await sak('jonas-vik', sakId)).avgjort.map((a) => a.tekst)).to.deep.equal([
      'Individuell plan er innvilget 23. november 2026. Hjemmel: pbrl § 2-5. Fattet av Ingrid Bakke, godkjent av Per Lunde.',
      'Jonas Vik (Hjemmetjenesten nord) er plankoordinator fra 23. november 2026.',
    ]);
  });
});

describe('saksbildet', () => {
  let f: Fagdel;
  before(async () => (f = await startFagdel()));
  after(() => f.stopp());

  it('viser fakta med navn der skjemaet har id-er, og historikken nyeste først', async () => {
    const sakId = await f.anmod(await f.nyPerson());
    await tilVedtak(f, sakId);
    await f.gjoer(sakId, 'fatt-vedtak', { hjemmel: ['pbrl-2-5', 'hol-7-1'] });
    const detalj = await hentSak(f.ds.manager, f.klokke, await f.som('ola-hansen'), sakId);
    expect(detalj.fakta.map((x) => x.stegTittel)).to.deep.equal([
      'avklar-instans',
      'informer-og-avklar',
      'kartlegg-og-vurder',
      'fatt-vedtak',
    ]);
    const verdier = detalj.fakta.flatMap((x) => x.felter.map((felt) => felt.verdi));
    expect(verdier).to.include('HSK Hillevåg').and.include('pbrl § 2-5, hol § 7-1');
    expect(detalj.hendelser.map((h) => h.type)).to.deep.equal([
      'vedtak-foreslaatt',
      'kartlagt',
      'informert',
      'instans-avklart',
      'anmodning-mottatt',
    ]);
    expect(detalj.sak).to.include({ fase: 'Mottak', status: 'aapen', kanTrekkes: true });
  });

  it('viser aldri en beskyttet adresse, og aldri fødselsnummeret', async () => {
    const sakId = await f.anmod(await f.nyPerson({ beskyttetAdresse: true }));
    const detalj = await hentSak(f.ds.manager, f.klokke, await f.som('ola-hansen'), sakId);
    expect(detalj.person).to.include({ adresse: null, beskyttetAdresse: true });
    expect(JSON.stringify(detalj))
      .not.to.match(/\d{11}/)
      .and.not.to.contain('Storgata');
  });

  it('sorterer og filtrerer lista: åpne og avsluttede, navn og saksnummer, og tegn med egen betydning', async () => {
    const ola = await f.som('ola-hansen');
    const sok = (s: string) => hentSaker(f.ds.manager, ola, { sok: s, status: 'aapen', fra: 0, antall: 50 });
    const totalt = (await sok('')).totalt;
    expect((await sok('kari nord')).totalt).to.equal(totalt);
    expect((await sok('%')).totalt).to.equal(0);
    expect((await sok('_')).totalt).to.equal(0);
    const avsluttede = await hentSaker(f.ds.manager, ola, { sok: '', status: 'avsluttet', fra: 0, antall: 50 });
    expect(avsluttede.totalt).to.equal(0);
  });
});

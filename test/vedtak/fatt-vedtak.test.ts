import { expect } from 'chai';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { iverksettVedtak } from '../../src/vedtak/index.ts';
import { lagSteg } from '../../src/steg/index.ts';
import { feilen, startFagdel, tilVedtak, type Fagdel } from '../sak/oppsett.ts';

describe('vedtak', () => {
  let f: Fagdel;
  before(async () => (f = await startFagdel()));
  after(() => f.stopp());

  async function klarSak(fodt = '1980-05-17', endringer: Record<string, unknown> = {}): Promise<string> {
    const sakId = await f.anmod(await f.nyPerson({ fodt }));
    await tilVedtak(f, sakId, endringer);
    return sakId;
  }
  const barn = {
    samtykkegiver: 'foreldre',
    samtykkegiverNavn: 'Marit Nordmann',
    barnetHoert: 'ja',
    barnetsMening: 'Vil ha én å snakke med.',
  };

  it('uten hjemmel eller begrunnelse blir det ikke noe vedtak (regel 6)', async () => {
    const sakId = await klarSak();
    expect((await feilen(f.gjoer(sakId, 'fatt-vedtak', { hjemmel: [] }))).felter).to.deep.equal(['hjemmel']);
    expect((await feilen(f.gjoer(sakId, 'fatt-vedtak', { begrunnelse: '  ' }))).felter).to.deep.equal(['begrunnelse']);
    expect(await f.sql(`select 1 from vedtak where sak_id = $1`, [sakId])).to.have.length(0);
  });

  it('databasen avviser også et vedtak uten hjemmel eller begrunnelse', async () => {
    const sakId = await klarSak();
    await f.gjoer(sakId, 'fatt-vedtak');
    for (const felt of ['hjemmel', 'begrunnelse']) {
      let kode = '';
      try {
        await f.sql(`update vedtak set ${felt} = ' ' where sak_id = $1`, [sakId]);
      } catch (feil) {
        kode = feil instanceof Error && 'code' in feil ? String(feil.code) : '';
      }
      expect(kode, felt).to.equal('23514');
    }
  });

  it('en hjemmel som ikke gir rett til det som innvilges, avvises', async () => {
    const sakId = await klarSak();
    const feil = await feilen(f.gjoer(sakId, 'fatt-vedtak', { utfall: 'ip', hjemmel: ['pbrl-2-5c'] }));
    expect(feil.felter).to.deep.equal(['hjemmel']);
    const ukjent = await feilen(f.gjoer(sakId, 'fatt-vedtak', { hjemmel: ['bvl-3-2a'] }));
    expect(ukjent.felter).to.deep.equal(['hjemmel']);
  });

  it('den som fattet vedtaket, kan ikke godkjenne det selv', async () => {
    const sakId = await klarSak();
    await f.gjoer(sakId, 'fatt-vedtak');
    const feil = await feilen(f.gjoer(sakId, 'godkjenn-vedtak', {}, 'ingrid-bakke'));
    expect(feil.felter).to.deep.equal(['godkjent']);
    await f.gjoer(sakId, 'godkjenn-vedtak', {}, 'per-lunde');
    const [v] = await f.sql<{ status: string; foreslaatt_av: string; godkjent_av: string }>(
      `select * from vedtak where sak_id = $1`,
      [sakId],
    );
    expect(v).to.include({ status: 'fattet', foreslaatt_av: 'ingrid-bakke', godkjent_av: 'per-lunde' });
  });

  it('et underkjent vedtak kommer tilbake med kommentaren og det som var skrevet, og rettes i en ny versjon', async () => {
    const sakId = await klarSak();
    await f.gjoer(sakId, 'fatt-vedtak', { begrunnelse: 'For kort.' });
    await f.gjoer(sakId, 'godkjenn-vedtak', { godkjent: 'nei', kommentar: 'Skriv mer om overgangene.' });
    const kontekst = await f.kontekst(sakId, 'fatt-vedtak');
    const retur = await f.iSteg(
      sakId,
      'fatt-vedtak',
      (k) => lagSteg()['fatt-vedtak'].retur?.(k.tx, sakId) ?? Promise.reject(),
    );
    expect(retur).to.include({ merke: 'Sendt tilbake av Per Lunde', tekst: 'Skriv mer om overgangene.' });
    expect(kontekst['begrunnelse']).to.equal('For kort.');
    await f.gjoer(sakId, 'fatt-vedtak');
    const versjoner = await f.sql(`select versjon, status from vedtak where sak_id = $1 order by versjon`, [sakId]);
    expect(versjoner).to.deep.equal([
      { versjon: 1, status: 'underkjent' },
      { versjon: 2, status: 'til-godkjenning' },
    ]);
  });

  it('barnekoordinator gis bare for barn under 18 år eller et ventet barn (regel 9)', async () => {
    const voksen = await klarSak('1980-05-17');
    const hjemmel = ['pbrl-2-5c', 'hol-7-2a'];
    const feil = await feilen(f.gjoer(voksen, 'fatt-vedtak', { utfall: 'barnekoordinator', hjemmel }));
    expect(feil.felter).to.deep.equal(['ventetBarn']);
    await f.gjoer(voksen, 'fatt-vedtak', { utfall: 'barnekoordinator', hjemmel, ventetBarn: true });
    const yngst = await klarSak('2008-11-24', { ...barn, samtykkegiver: 'planeier' });
    await f.gjoer(yngst, 'fatt-vedtak', { utfall: 'barnekoordinator', hjemmel });
  });

  it('individuell plan gis ikke til en som bare ønsker koordinator', async () => {
    const sakId = await klarSak('1980-05-17', { oenske: 'koordinator', hvorforIkkeIp: 'Vil ikke ha plan.' });
    expect((await feilen(f.gjoer(sakId, 'fatt-vedtak'))).felter).to.deep.equal(['utfall']);
    await f.gjoer(sakId, 'fatt-vedtak', { utfall: 'koordinator', hjemmel: ['pbrl-2-5b'] });
  });

  it('et uredigert brevforslag følger utfallet, hjemmelen og begrunnelsen som velges', async () => {
    const sakId = await klarSak();
    const { brevtekst } = await f.kontekst(sakId, 'fatt-vedtak');
    expect(brevtekst).to.contain('Du får individuell plan.');
    await f.gjoer(sakId, 'fatt-vedtak', { utfall: 'avslag', begrunnelse: 'Tjenestene henger alt sammen.', brevtekst });
    const [v] = await f.sql<{ brevtekst: string }>(`select brevtekst from vedtak where sak_id = $1`, [sakId]);
    expect(v?.brevtekst).to.contain('Du får ikke individuell plan.').and.contain('Tjenestene henger alt sammen.');
  });

  it('forslaget til brev og hjemmel følger utfallet; det vedtaket åpnes med, er sitt eget forslag', async () => {
    const sakId = await klarSak();
    const start = await f.kontekst(sakId, 'fatt-vedtak');
    const forslag = (data: object): Promise<Record<string, unknown>> =>
      f.iSteg(sakId, 'fatt-vedtak', (k) => lagSteg()['fatt-vedtak'].forslag?.(k, data) ?? Promise.reject());
    expect(await forslag(start)).to.deep.equal({ brevtekst: start['brevtekst'], hjemmel: start['hjemmel'] });
    const avslag = await forslag({ ...start, utfall: 'avslag', begrunnelse: 'Tjenestene henger alt sammen.' });
    expect(avslag['brevtekst']).to.contain('Du får ikke individuell plan.').and.contain('henger alt sammen');
    const koordinator = await forslag({ ...start, utfall: 'koordinator' });
    expect(koordinator['hjemmel']).to.include('pbrl-2-5b').and.not.include('pbrl-2-5');
    expect(await forslag({})).to.have.all.keys('brevtekst', 'hjemmel');
  });

  it('et redigert brev som ble sendt tilbake, er ikke forslaget, og regnes derfor som redigert', async () => {
    const sakId = await klarSak();
    await f.gjoer(sakId, 'fatt-vedtak', { brevtekst: 'Du får individuell plan. Skrevet for hånd.' });
    await f.gjoer(sakId, 'godkjenn-vedtak', { godkjent: 'nei', kommentar: 'Skriv mer.' });
    const start = await f.kontekst(sakId, 'fatt-vedtak');
    expect(start['brevtekst']).to.equal('Du får individuell plan. Skrevet for hånd.');
    const forslag = await f.iSteg(
      sakId,
      'fatt-vedtak',
      (k) => lagSteg()['fatt-vedtak'].forslag?.(k, start) ?? Promise.reject(),
    );
    expect(forslag['brevtekst']).to.not.equal(start['brevtekst']);
  });

  it('et redigert brev som motsier utfallet, avvises', async () => {
    const sakId = await klarSak();
    const { brevtekst } = await f.kontekst(sakId, 'fatt-vedtak');
    const feil = await feilen(
      f.gjoer(sakId, 'fatt-vedtak', { utfall: 'avslag', brevtekst: `${String(brevtekst)}\n\nHilsen oss.` }),
    );
    expect(feil.felter).to.deep.equal(['brevtekst']);
  });

  it('forhåndsvisningen viser brevet med det som er skrevet, og HTML i teksten er bare tekst', async () => {
    const sakId = await klarSak();
    const vist = await f.iSteg(
      sakId,
      'fatt-vedtak',
      (k) =>
        lagSteg()['fatt-vedtak'].forhaandsvis?.(k, { utfall: 'avslag', brevtekst: 'Nei. <script>alert(1)</script>' }) ??
        Promise.reject(),
    );
    expect(vist.tittel).to.contain('avslag');
    expect(vist.html).to.contain('&lt;script&gt;').and.contain('Du kan klage');
    expect(vist.html).not.to.contain('<script>');
  });

  it('brevet om et barn stiles til forelderen, og adressen utelates når den er beskyttet', async () => {
    const personId = await f.nyPerson({ navn: 'Ida Strand', fodt: '2020-01-15', beskyttetAdresse: true });
    await f.sql(
      `insert into representasjon (id, person_id, navn, slag, adresse, postnummer, poststed, fra)
       values (gen_random_uuid(), $1, 'Marit Strand', 'forelder', 'Hemmelig vei 2', '4000', 'Sandvik', '2020-01-15')`,
      [personId],
    );
    const sakId = await f.anmod(personId);
    await tilVedtak(f, sakId, { samtykkegiver: 'foreldre', samtykkegiverNavn: 'Marit Strand' });
    const vist = await f.iSteg(
      sakId,
      'fatt-vedtak',
      (k) => lagSteg()['fatt-vedtak'].forhaandsvis?.(k, {}) ?? Promise.reject(),
    );
    expect(vist.html).to.contain('Marit Strand').and.contain('Ida Strand får individuell plan');
    expect(vist.html).not.to.contain('Hemmelig').and.not.to.contain('Storgata');
  });

  it('tidsbegrensningen må ligge fram i tid', async () => {
    const sakId = await klarSak();
    const feil = await feilen(f.gjoer(sakId, 'fatt-vedtak', { tidsbegrenset: 'ja', tidsbegrensetTil: '2026-11-23' }));
    expect(feil.felter).to.deep.equal(['tidsbegrensetTil']);
  });

  it('uten fire øyne er vedtaket fattet med en gang', async () => {
    await f.sql(`update kommune set konfig = konfig || '{"fireOeyne": false}'`);
    try {
      const sakId = await klarSak();
      await f.gjoer(sakId, 'fatt-vedtak');
      const [v] = await f.sql<{ status: string }>(`select status from vedtak where sak_id = $1`, [sakId]);
      expect(v?.status).to.equal('fattet');
      expect(await f.sql(`select 1 from plan where sak_id = $1`, [sakId])).to.have.length(1);
    } finally {
      await f.sql(`update kommune set konfig = konfig || '{"fireOeyne": true}'`);
    }
  });

  it('iverksetting åpner tjenesten én gang, også når jobben prøves på nytt', async () => {
    const sakId = await klarSak();
    await f.gjoer(sakId, 'fatt-vedtak', { tidsbegrenset: 'ja', tidsbegrensetTil: '2028-01-01' });
    await f.gjoer(sakId, 'godkjenn-vedtak');
    await iTransaksjon(f.ds, (tx) => iverksettVedtak(tx, f.klokke, sakId));
    await iTransaksjon(f.ds, (tx) => iverksettVedtak(tx, f.klokke, sakId));
    const tjenester = await f.sql(`select type, fra::text, til::text from tjeneste where sak_id = $1`, [sakId]);
    expect(tjenester).to.deep.equal([{ type: 'ip', fra: '2026-11-23', til: '2028-01-01' }]);
  });
});

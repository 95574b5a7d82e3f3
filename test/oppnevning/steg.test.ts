import { expect } from 'chai';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { hentPaagaaendeOppdrag, registrerOppdrag } from '../../src/oppnevning/index.ts';
import { feilen, startFagdel, tilVedtak, type Fagdel } from '../sak/oppsett.ts';

describe('oppnevning av koordinator', () => {
  let f: Fagdel;
  before(async () => (f = await startFagdel()));
  after(() => f.stopp());

  async function vedtatt(): Promise<string> {
    const sakId = await f.anmod(await f.nyPerson());
    await tilVedtak(f, sakId);
    await f.gjoer(sakId, 'fatt-vedtak');
    await f.gjoer(sakId, 'godkjenn-vedtak');
    return sakId;
  }
  const egen = { utenforEnheten: 'nei', ansattId: 'mette-foss', valgtEnhet: null };

  it('kandidatene vises med oppdrag, kapasitet og opplæring', async () => {
    await f.sql(`insert into koordinatorkapasitet values ('mette-foss', 1) on conflict do nothing`);
    const foerste = await vedtatt();
    await f.gjoer(foerste, 'vurder-valg', egen);
    const kontekst = await f.kontekst(await vedtatt(), 'vurder-valg');
    const kandidater = kontekst['kandidater'];
    expect(kandidater).to.deep.include({
      navn: 'Mette Foss',
      enhet: 'HSK Hillevåg',
      oppdrag: 1,
      kapasitet: '0 av 1',
      kompetanse: 'Mangler: Kurs i plankoordinatorrollen, Kurs i planverktøyet for plankoordinator',
    });
    expect(kontekst['enheter'], 'bare enheter med en virksomhetsleder').to.deep.equal([
      { value: 'hjemmetjenesten-nord', label: 'Hjemmetjenesten nord' },
      { value: 'ppt', label: 'PPT' },
      { value: 'rehab', label: 'Rehabiliteringstjenesten' },
    ]);
  });

  it('den valgte må være ansatt i enheten', async () => {
    const sakId = await vedtatt();
    expect((await feilen(f.gjoer(sakId, 'vurder-valg', { ...egen, ansattId: 'jonas-vik' }))).felter).to.deep.equal([
      'ansattId',
    ]);
    expect((await feilen(f.gjoer(sakId, 'vurder-valg', { valgtEnhet: 'arkiv' }))).felter).to.deep.equal(['valgtEnhet']);
    await f.gjoer(sakId, 'vurder-valg');
    const feil = await feilen(f.gjoer(sakId, 'utpek-ansatt', { ansattId: 'mette-foss' }));
    expect(feil.felter).to.deep.equal(['ansattId']);
  });

  it('barnevern og NAV kan bare ha rollen når planeier også har andre kommunale tjenester', async () => {
    await f.sql(
      `insert into rolletildeling (bruker_id, rolle, enhet_id) values ('hanne-sand', 'virksomhetsleder', 'nav') on conflict do nothing`,
    );
    const sakId = await vedtatt();
    const feil = await feilen(f.gjoer(sakId, 'vurder-valg', { valgtEnhet: 'nav' }));
    expect(feil.felter).to.deep.equal(['andreKommunaleTjenester']);
    await f.gjoer(sakId, 'vurder-valg', { valgtEnhet: 'nav', andreKommunaleTjenester: true });
    await f.sql(`delete from rolletildeling where bruker_id = 'hanne-sand' and rolle = 'virksomhetsleder'`);
  });

  it('et nei i egen enhet gjør valget på nytt, og svaret vises ved neste valg', async () => {
    const sakId = await vedtatt();
    await f.gjoer(sakId, 'vurder-valg', egen);
    await f.gjoer(sakId, 'bekreft-oppdrag', { bekreftet: 'nei', begrunnelse: 'Har for mange.' }, 'mette-foss');
    expect(await hentPaagaaendeOppdrag(f.ds.manager, sakId)).to.equal(null);
    const kontekst = await f.kontekst(sakId, 'vurder-valg');
    expect(kontekst['tidligereSvar']).to.equal('Mette Foss takket nei til å være plankoordinator: Har for mange.');
  });

  it('et nei i en annen enhet lar enheten utpeke en annen på samme henvendelse', async () => {
    const sakId = await vedtatt();
    await f.gjoer(sakId, 'vurder-valg');
    await f.gjoer(sakId, 'utpek-ansatt');
    const foer = await hentPaagaaendeOppdrag(f.ds.manager, sakId);
    await f.gjoer(sakId, 'bekreft-oppdrag', { bekreftet: 'nei', begrunnelse: 'Slutter.' });
    const etter = await hentPaagaaendeOppdrag(f.ds.manager, sakId);
    expect(etter).to.include({ id: foer?.id, status: 'foreslaatt', brukerId: null });
  });

  it('bare den som er spurt, kan svare på oppdraget', async () => {
    const sakId = await vedtatt();
    await f.gjoer(sakId, 'vurder-valg');
    await f.gjoer(sakId, 'utpek-ansatt');
    expect((await feilen(f.gjoer(sakId, 'bekreft-oppdrag', {}, 'mette-foss'))).felter).to.deep.equal(['bekreftet']);
  });

  it('oppdraget registreres én gang, knyttes til planen og gir koordinatoren tilgang til saken', async () => {
    const sakId = await vedtatt();
    await f.gjoer(sakId, 'vurder-valg');
    await f.gjoer(sakId, 'utpek-ansatt');
    await f.gjoer(sakId, 'bekreft-oppdrag');
    const o = await hentPaagaaendeOppdrag(f.ds.manager, sakId);
    if (!o) throw new Error('oppdraget mangler');
    await iTransaksjon(f.ds, (tx) => registrerOppdrag(tx, f.klokke, o.id));
    await iTransaksjon(f.ds, (tx) => registrerOppdrag(tx, f.klokke, o.id));
    const [rad] = await f.sql<{ status: string; plan: boolean }>(
      `select status, plan_id is not null as plan from koordinatoroppdrag where id = $1`,
      [o.id],
    );
    expect(rad).to.deep.equal({ status: 'aktiv', plan: true });
    const hendelser = await f.sql(`select 1 from hendelse where sak_id = $1 and type = 'oppdrag-registrert'`, [sakId]);
    expect(hendelser).to.have.length(1);
  });

  it('lederen gir mer tid eller lar valget gjøres på nytt, med grunn', async () => {
    const sakId = await vedtatt();
    await f.gjoer(sakId, 'vurder-valg');
    await f.gjoer(sakId, 'avklar-videre');
    expect((await hentPaagaaendeOppdrag(f.ds.manager, sakId))?.status).to.equal('foreslaatt');
    await f.gjoer(sakId, 'avklar-videre', { merTid: 'nei', begrunnelse: 'De har sluttet å svare.' });
    expect(await hentPaagaaendeOppdrag(f.ds.manager, sakId)).to.equal(null);
  });

  it('manglende svar og manglende opplæring tar oppdraget fra den spurte', async () => {
    for (const steg of ['avklar-svar', 'avklar-opplaering'] as const) {
      const sakId = await vedtatt();
      await f.gjoer(sakId, 'vurder-valg');
      await f.gjoer(sakId, 'utpek-ansatt');
      await f.gjoer(sakId, steg, { merTid: 'nei', begrunnelse: 'For lenge.' });
      expect(await hentPaagaaendeOppdrag(f.ds.manager, sakId), steg).to.include({
        brukerId: null,
        status: 'foreslaatt',
      });
    }
  });
});

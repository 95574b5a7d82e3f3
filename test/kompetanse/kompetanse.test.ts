import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { sjekkKompetanse, startOpplaering } from '../../src/kompetanse/index.ts';
import { hentOversikt, registrerOppmoete } from '../../src/kompetanse/oppmoete.ts';
import { hentPaagaaendeOppdrag } from '../../src/oppnevning/index.ts';
import { feilen, startFagdel, tilVedtak, type Fagdel } from '../sak/oppsett.ts';

describe('kompetanse', function () {
  this.timeout(60_000);
  let f: Fagdel;
  before(async () => (f = await startFagdel()));
  after(() => f.stopp());
  afterEach(() => settKrav('frist'));

  const settKrav = (verdi: 'frist' | 'blokkerer') =>
    f.sql(`update kommune set konfig = jsonb_set(konfig, '{opplaeringKreves}', to_jsonb($1::text))`, [verdi]);

  /** En sak der den ansatte i egen enhet er spurt; gir oppdraget. */
  async function medOppdrag(ansattId: string): Promise<{ sakId: string; oppdragId: string }> {
    const sakId = await f.anmod(await f.nyPerson());
    await tilVedtak(f, sakId);
    await f.gjoer(sakId, 'fatt-vedtak');
    await f.gjoer(sakId, 'godkjenn-vedtak');
    await f.gjoer(sakId, 'vurder-valg', { utenforEnheten: 'nei', ansattId });
    const oppdrag = await hentPaagaaendeOppdrag(f.ds.manager, sakId);
    return { sakId, oppdragId: oppdrag?.id ?? '' };
  }
  const sjekk = (o: { sakId: string; oppdragId: string }, brukerId: string) =>
    iTransaksjon(f.ds, (tx) => sjekkKompetanse(tx, f.klokke, { ...o, brukerId, rolle: 'plankoordinator' }));
  const moette = async (brukerId: string, kursId: string, av = 'kari-moe', dato = '2026-11-01'): Promise<void> => {
    const bruker = await f.som(av);
    await iTransaksjon(f.ds, (tx) =>
      registrerOppmoete(tx, f.klokke, bruker, { innsendingId: randomUUID(), brukerId, kursId, dato }),
    );
  };
  const meldinger = (navn: string, noekkel: string | null) =>
    f.sql(`select 1 from utboks where innhold->>'navn' = $1 and innhold->>'noekkel' = $2`, [navn, noekkel]);

  it('kurskatalogen har de tre kursene med timetall', async () => {
    expect(await f.sql(`select id, timer::float as timer from kurs order by timer desc`)).to.deep.equal([
      { id: 'plankoordinatorrollen', timer: 3 },
      { id: 'planverktoey-plankoordinator', timer: 2 },
      { id: 'planverktoey-plandeltaker', timer: 1.5 },
    ]);
  });

  it('mangler opplæring og kommunen setter frist: kravet er ett, også når jobben kommer igjen', async () => {
    const o = await medOppdrag('mette-foss');
    const foerste = await sjekk(o, 'mette-foss');
    expect(foerste.kompetanse).to.equal('frist');
    expect(await sjekk(o, 'mette-foss')).to.deep.equal(foerste);
    expect(await f.sql(`select 1 from opplaeringskrav where oppdrag_id = $1`, [o.oppdragId])).to.have.length(1);
  });

  it('fristen settes og behovet meldes én gang', async () => {
    const o = await medOppdrag('mette-foss');
    const { kravId } = await sjekk(o, 'mette-foss');
    for (let i = 0; i < 2; i++) await iTransaksjon(f.ds, (tx) => startOpplaering(tx, f.klokke, kravId ?? ''));
    expect(await meldinger('OpplaeringTrengs', kravId)).to.have.length(1);
    const [krav] = await f.sql<{ frist: string | null }>(
      `select frist::text as frist from opplaeringskrav where id = $1`,
      [kravId],
    );
    expect(krav?.frist).to.match(/^20\d\d-\d\d-\d\d$/);
  });

  it('der manglende opplæring stopper, går oppnevningen videre først når alle kursene er gjennomført', async () => {
    await settKrav('blokkerer');
    const o = await medOppdrag('mette-foss');
    const { kompetanse, kravId } = await sjekk(o, 'mette-foss');
    expect(kompetanse).to.equal('blokkerer');
    await moette('mette-foss', 'plankoordinatorrollen');
    expect(await meldinger('KompetanseRegistrert', kravId)).to.have.length(0);
    await moette('mette-foss', 'planverktoey-plankoordinator');
    await moette('mette-foss', 'planverktoey-plankoordinator', 'kari-moe', '2026-11-02');
    expect(await meldinger('KompetanseRegistrert', kravId)).to.have.length(1);
    expect(await sjekk(await medOppdrag('mette-foss'), 'mette-foss')).to.deep.equal({ kompetanse: 'ok', kravId: null });
  });

  it('den samme innsendingen to ganger blir ett oppmøte', async () => {
    const bruker = await f.som('kari-moe');
    const data = {
      innsendingId: randomUUID(),
      brukerId: 'ola-hansen',
      kursId: 'plankoordinatorrollen',
      dato: '2026-11-03',
    };
    for (let i = 0; i < 2; i++) await iTransaksjon(f.ds, (tx) => registrerOppmoete(tx, f.klokke, bruker, data));
    expect(await f.sql(`select 1 from oppmoete where bruker_id = 'ola-hansen'`)).to.have.length(1);
  });

  it('et kurs fram i tid eller et ukjent kurs avvises med feltet', async () => {
    expect(await feilen(moette('ola-hansen', 'plankoordinatorrollen', 'kari-moe', '2027-01-01'))).to.deep.include({
      status: 422,
      felter: ['dato'],
    });
    expect(await feilen(moette('ola-hansen', 'finnes-ikke'))).to.deep.include({ status: 422, felter: ['kursId'] });
  });

  it('ansatte i en annen enhet svarer som om de ikke finnes', async () => {
    expect((await feilen(moette('anne-lie', 'plankoordinatorrollen'))).status).to.equal(404);
    expect((await feilen(moette('ingen', 'plankoordinatorrollen'))).status).to.equal(404);
  });

  it('oversikten viser bare egne enheter, med gjennomførte kurs og krav som står igjen', async () => {
    const o = await medOppdrag('ingrid-bakke');
    await sjekk(o, 'ingrid-bakke');
    await moette('ingrid-bakke', 'plankoordinatorrollen');
    const oversikt = await hentOversikt(f.ds.manager, f.klokke, await f.som('kari-moe'));
    expect(oversikt.kurs.map((k) => k.id)).to.have.members([
      'plankoordinatorrollen',
      'planverktoey-plankoordinator',
      'planverktoey-plandeltaker',
    ]);
    expect(new Set(oversikt.ansatte.map((a) => a.enhetNavn))).to.deep.equal(new Set(['HSK Hillevåg']));
    const ingrid = oversikt.ansatte.find((a) => a.id === 'ingrid-bakke');
    expect(ingrid?.gjennomfoert).to.deep.equal([{ kursId: 'plankoordinatorrollen', dato: '2026-11-01' }]);
    expect(ingrid?.krav.map((k) => k.kursId)).to.deep.equal(['planverktoey-plankoordinator']);
  });
});

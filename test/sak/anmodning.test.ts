import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { registrerAnmodning, trekkAnmodning } from '../../src/sak/index.ts';
import { feilen, lagAnmodning, startFagdel, tilVedtak, type Fagdel } from './oppsett.ts';

describe('ny anmodning', () => {
  let f: Fagdel;
  before(async () => (f = await startFagdel()));
  after(() => f.stopp());

  it('skriver sak, anmodning, hendelse og startmelding i samme transaksjon', async () => {
    const personId = await f.nyPerson();
    const sakId = await f.anmod(personId, { mottatt: '2026-10-31' });
    const [sak] = await f.sql<{ saksnummer: string; fase: string; status: string }>(`select * from sak where id = $1`, [
      sakId,
    ]);
    expect(sak?.saksnummer).to.match(/^2026\/\d+$/);
    expect(sak).to.include({ fase: 'Mottak', status: 'aapen' });
    const hendelser = await f.sql<{ type: string }>(`select type from hendelse where sak_id = $1`, [sakId]);
    expect(hendelser.map((h) => h.type)).to.deep.equal(['anmodning-mottatt']);
    const [utboks] = await f.sql<{ innhold: Record<string, unknown> }>(`select innhold from utboks where sak_id = $1`, [
      sakId,
    ]);
    expect(utboks?.innhold).to.deep.include({
      navn: 'AnmodningMottatt',
      noekkel: sakId,
      meldingsId: `AnmodningMottatt:${sakId}`,
    });
    expect(utboks?.innhold['variabler']).to.deep.equal({
      sakId,
      mottaksenhet: 'hsk-hillevaag',
      vedtaksinstans: 'hsk-hillevaag',
      skriftlig: true,
      egenSak: false,
      // én måned etter mottak, den 31. blir siste dag i november; norsk vintertid
      foreloepigSvarFrist: '2026-11-30T07:00:00.000Z',
    });
  });

  it('samme innsending to ganger gir samme sak, også når de kommer samtidig', async () => {
    const personId = await f.nyPerson();
    const bruker = await f.som('ola-hansen');
    const a = lagAnmodning({ personId });
    const svar = await Promise.all(
      [1, 2, 3].map(() => iTransaksjon(f.ds, (tx) => registrerAnmodning(tx, f.klokke, bruker, a))),
    );
    expect(new Set(svar.map((s) => s.sakId)).size).to.equal(1);
    const saker = await f.sql(`select 1 from sak where person_id = $1`, [personId]);
    expect(saker).to.have.length(1);
  });

  it('saksnumrene i året har ingen hull, heller ikke når noen avvises', async () => {
    const personer = await Promise.all([1, 2, 3, 4].map(() => f.nyPerson()));
    await Promise.all(personer.map((p) => f.anmod(p)));
    await feilen(f.anmod(personer[0] ?? ''));
    await f.anmod(await f.nyPerson());
    const rader = await f.sql<{ loepenummer: number }>(`select loepenummer from sak where aar = 2026 order by 1`);
    expect(rader.map((r) => r.loepenummer)).to.deep.equal(rader.map((_, i) => i + 1));
  });

  it('en person med åpen sak i egen enhet får ikke en ny, og svaret sier hvilken sak det er', async () => {
    const personId = await f.nyPerson();
    const sakId = await f.anmod(personId);
    const [sak] = await f.sql<{ saksnummer: string }>(`select saksnummer from sak where id = $1`, [sakId]);
    const feil = await feilen(f.anmod(personId));
    expect(feil.status).to.equal(409);
    expect(feil.felter).to.deep.equal(['personId']);
    expect(feil.tekst).to.contain(sak?.saksnummer);
  });

  it('en annen enhets åpne sak røpes ikke: anmodningen registreres', async () => {
    const personId = await f.nyPerson({ fodt: '2015-03-04' });
    await f.anmod(personId, { enhetId: 'barnevern', egenSak: true }, 'bente-strand');
    const sakId = await f.anmod(personId);
    expect(sakId).to.be.a('string');
  });

  it('hvert felt som er feil, får sin melding, og ingenting lagres', async () => {
    const feil = await feilen(
      f.anmod(randomUUID(), {
        enhetId: 'hsk-madla',
        mottatt: '2027-01-01',
        hvemSpoer: 'paaroerende',
      }),
    );
    expect(feil.status).to.equal(422);
    expect(feil.felter).to.have.members(['personId', 'enhetId', 'mottatt', 'hvemSpoerNavn']);
  });

  it('bare barneverntjenesten og NAV har egne saker; kommunen spør bare om barnekoordinator', async () => {
    const personId = await f.nyPerson();
    expect((await feilen(f.anmod(personId, { egenSak: true }))).felter).to.deep.equal(['egenSak']);
    expect((await feilen(f.anmod(personId, { hvemSpoer: 'kommunen' }))).felter).to.deep.equal(['hvemSpoer']);
    const barn = await f.nyPerson({ fodt: '2020-02-02' });
    await f.anmod(barn, { hvemSpoer: 'kommunen', oenske: 'barnekoordinator' });
  });

  it('HTML i teksten lagres som den tekst den er', async () => {
    const notat = '<script>alert(1)</script> & <b>fet</b>';
    const sakId = await f.anmod(await f.nyPerson(), { notat });
    const [rad] = await f.sql<{ notat: string }>(`select notat from anmodning where sak_id = $1`, [sakId]);
    expect(rad?.notat).to.equal(notat);
  });
});

describe('trekk', () => {
  let f: Fagdel;
  before(async () => (f = await startFagdel()));
  after(() => f.stopp());

  async function trekk(sakId: string, innsendingId = randomUUID(), som = 'ola-hansen'): Promise<void> {
    const bruker = await f.som(som);
    await iTransaksjon(f.ds, (tx) =>
      trekkAnmodning(tx, f.klokke, bruker, sakId, { innsendingId, begrunnelse: 'Planeier ringte.' }),
    );
  }

  it('meldes til rutinen én gang, også når skjemaet sendes to ganger', async () => {
    const sakId = await f.anmod(await f.nyPerson());
    const innsendingId = randomUUID();
    await trekk(sakId, innsendingId);
    await trekk(sakId, innsendingId);
    const utboks = await f.sql(`select 1 from utboks where sak_id = $1 and innhold->>'navn' = 'SakTrukket'`, [sakId]);
    expect(utboks).to.have.length(1);
    expect((await feilen(trekk(sakId))).tekst).to.contain('trukket fra før');
  });

  it('går ikke når vedtaket er fattet, og svaret sier hvorfor', async () => {
    const sakId = await f.anmod(await f.nyPerson());
    await tilVedtak(f, sakId);
    await f.gjoer(sakId, 'fatt-vedtak');
    await f.gjoer(sakId, 'godkjenn-vedtak');
    const feil = await feilen(trekk(sakId));
    expect(feil.status).to.equal(409);
    expect(feil.tekst).to.contain('Vedtaket er fattet');
  });

  it('går så lenge vedtaket bare venter på godkjenning; da kan det ikke godkjennes etterpå', async () => {
    const sakId = await f.anmod(await f.nyPerson());
    await tilVedtak(f, sakId);
    await f.gjoer(sakId, 'fatt-vedtak');
    await trekk(sakId);
    const feil = await feilen(f.gjoer(sakId, 'godkjenn-vedtak'));
    expect(feil.status).to.equal(409);
    expect(feil.tekst).to.contain('trukket');
  });

  it('svarer 404 for den som ikke har saken, med samme ord som for en sak som ikke finnes', async () => {
    const sakId = await f.anmod(await f.nyPerson());
    const annen = await feilen(trekk(sakId, randomUUID(), 'anne-lie'));
    const ingen = await feilen(trekk(randomUUID(), randomUUID(), 'anne-lie'));
    expect(annen.status).to.equal(404);
    expect(annen).to.deep.equal(ingen);
  });

  it('et vedtak og et trekk samtidig: nøyaktig ett av dem gjelder', async () => {
    for (let i = 0; i < 5; i++) {
      const sakId = await f.anmod(await f.nyPerson());
      await tilVedtak(f, sakId);
      await f.gjoer(sakId, 'fatt-vedtak');
      const svar = await Promise.allSettled([f.gjoer(sakId, 'godkjenn-vedtak'), trekk(sakId)]);
      expect(svar.filter((s) => s.status === 'fulfilled')).to.have.length(1);
    }
  });
});

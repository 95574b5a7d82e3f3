import { expect } from 'chai';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { lagDatakilde } from '../../src/db/datakilde.ts';
import { lagTestdatabase, type Testdatabase } from '../hjelp/database.ts';

describe('Datakilden', function () {
  this.timeout(120_000);
  let db: Testdatabase;
  let ds: DataSource;
  before(async () => {
    db = await lagTestdatabase();
  });
  after(() => db.slett());
  afterEach(() => ds.destroy());

  it('stopper en spørring som varer for lenge, og svarer på den neste', async () => {
    ds = await lagDatakilde(db.url, 1, { spoerringMs: 200 }).initialize();
    const foer = Date.now();
    const feil: unknown = await ds.query('select pg_sleep(30)').catch((e: unknown) => e);
    expect(feil).to.be.an('error').with.property('code', '57014');
    expect(Date.now() - foer).to.be.lessThan(10_000);
    expect(await ds.query('select 1 as en')).to.deep.equal([{ en: 1 }]);
  });

  it('har en grense også når ingen er nevnt', async () => {
    ds = await lagDatakilde(db.url).initialize();
    expect(await ds.query('show statement_timeout')).to.deep.equal([{ statement_timeout: '30s' }]);
  });

  it('lar migreringene bruke den tiden de trenger', async () => {
    ds = await lagDatakilde(db.url, 1, { spoerringMs: 200 }).initialize();
    const opptatt = new pg.Client({ connectionString: db.url });
    await opptatt.connect();
    try {
      await opptatt.query(
        'create table migrering (id serial primary key, "timestamp" bigint not null, name varchar not null)',
      );
      await opptatt.query('begin; lock table migrering in access exclusive mode');
      const migrert = ds.runMigrations();
      await new Promise((ferdig) => setTimeout(ferdig, 1000));
      await opptatt.query('commit');
      expect(await migrert).to.have.length.greaterThan(5);
    } finally {
      await opptatt.end();
    }
  });
});

import { expect } from 'chai';
import pino from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import { lagDatakilde } from '../../src/db/datakilde.ts';
import { lagMotorklient } from '../../src/engine/client.ts';
import {
  startArbeidere,
  type Arbeider,
  type Arbeiderdrift,
  type Arbeidsresultat,
  type Jobbstopp,
} from '../../src/engine/workers.ts';
import { lagTestdatabase, type Testdatabase } from '../hjelp/database.ts';
import { ventPaa } from '../oppgave/rigg.ts';
import { Systemfeil } from '../../src/logg/index.ts';
import { FalskKlynge, problem } from '../outbox/falsk-klynge.ts';

describe('Worker runtime', () => {
  let db: Testdatabase;
  let ds: DataSource;
  let cluster: FalskKlynge;
  let running: Arbeiderdrift | null = null;
  let stopped: Jobbstopp[] = [];

  before(async () => {
    db = await lagTestdatabase();
    ds = await lagDatakilde(db.url).initialize();
    await ds.runMigrations();
    await ds.query('create table effect (id text)');
  });
  after(async () => {
    await ds.destroy();
    await db.slett();
  });
  beforeEach(async () => {
    await ds.query('truncate effect, jobbkvittering');
    cluster = new FalskKlynge();
    stopped = [];
  });
  afterEach(() => running?.stopp());

  function start(utfoer: (tx: EntityManager) => Promise<Arbeidsresultat>, variabler: z.ZodType = z.object({})): void {
    const arbeider: Arbeider = { type: 'job', variabler, utfoer: ({ tx }) => utfoer(tx) };
    running = startArbeidere({
      navn: 'arbeidertest',
      klient: lagMotorklient({ cluster }),
      ds,
      klokke: { naa: () => new Date() },
      logg: pino({ level: 'silent' }),
      arbeidere: [arbeider],
      vedStopp: async (_tx, stopp) => void stopped.push(stopp),
      pollTidMs: 500,
    });
  }
  const answers = (suffix: string): Promise<unknown[]> =>
    ventPaa(async () => {
      const calls = cluster.som(new RegExp(`/v2/jobs/.*/${suffix}$`));
      return calls.length > 0 ? calls.map((c) => c.kropp) : null;
    }, suffix);
  const effects = async (): Promise<number> => (await ds.query('select count(*)::int as n from effect'))[0].n;

  it('completes a job with the variables its handler answers', async () => {
    start(async () => ({ variabler: { harPlan: true } }));
    cluster.leggJobb({ jobKey: '1', type: 'job' });
    expect(await answers('completion')).to.deep.equal([{ variables: { harPlan: true } }]);
  });

  it('answers a repeated job from the receipt, without a second effect', async () => {
    let n = 0;
    start(async (tx) => {
      await tx.query(`insert into effect values ('x')`);
      return { variabler: { run: ++n } };
    });
    cluster.leggJobb({ jobKey: '1', type: 'job' });
    cluster.leggJobb({ jobKey: '1', type: 'job' });
    await ventPaa(async () => cluster.som(/completion/).length === 2, 'two completions');
    expect(cluster.som(/completion/).map((c) => c.kropp)).to.deep.equal([
      { variables: { run: 1 } },
      { variables: { run: 1 } },
    ]);
    expect(await effects()).to.equal(1);
  });

  it('runs the same key of another instance, since keys restart with another engine', async () => {
    start(async (tx) => {
      await tx.query(`insert into effect values ('x')`);
      return {};
    });
    cluster.leggJobb({ jobKey: '1', type: 'job', processInstanceKey: '100' });
    cluster.leggJobb({ jobKey: '1', type: 'job', processInstanceKey: '101' });
    await ventPaa(async () => (await effects()) === 2, 'two effects');
  });

  it('rolls a failed handler back and hands the job in with one try less', async () => {
    start(async (tx) => {
      await tx.query(`insert into effect values ('x')`);
      throw new Systemfeil('no such letter');
    });
    cluster.leggJobb({ jobKey: '1', type: 'job', retries: 3 });
    const [body] = await answers('failure');
    expect(body).to.include({ retries: 2, errorMessage: 'no such letter' });
    expect(await effects()).to.equal(0);
    expect(stopped).to.deep.equal([]);
  });

  it('writes the technical task before the last try is used up', async () => {
    start(async () => {
      throw new Error('broken');
    });
    cluster.leggJobb({ jobKey: '9', type: 'job', retries: 1 });
    const [body] = await answers('failure');
    expect(body).to.include({ retries: 0 });
    expect(stopped.map((s) => s.jobb.noekkel)).to.deep.equal(['9']);
  });

  it('tells only class, code and place of an error that is not its own: others quote what was sent', async () => {
    start(async (tx) => {
      await tx.query(`select $1::uuid`, ['Kari Nordmann 01020312345']);
      return {};
    });
    cluster.leggJobb({ jobKey: '9', type: 'job', retries: 1 });
    const [body] = await answers('failure');
    expect(body)
      .to.have.property('errorMessage')
      .that.matches(/^QueryFailedError 22P02 \(.+:\d+:\d+\)/);
    expect(stopped[0]?.feil).to.match(/^QueryFailedError 22P02/);
    expect(JSON.stringify([body, stopped[0]?.feil])).not.to.match(/Kari|01020312345/);
  });

  it('says in words that the disk is full, and spends its tries on it, so that somebody is told', async () => {
    start(async () => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write Kari Nordmann.pdf'), { code: 'ENOSPC' });
    });
    cluster.leggJobb({ jobKey: '9', type: 'job', retries: 1 });
    const [body] = await answers('failure');
    expect(body).to.include({ retries: 0 });
    expect(stopped[0]?.feil)
      .to.match(/^Det er ikke plass til mer på disken: Error ENOSPC/)
      .and.not.to.contain('Kari');
  });

  it('stops at once on variables that do not fit, and names them', async () => {
    start(async () => ({}), z.object({ vedtakId: z.string() }));
    cluster.leggJobb({ jobKey: '1', type: 'job', retries: 3, variables: {} });
    const [body] = await answers('failure');
    expect(body).to.include({ retries: 0 });
    expect(stopped[0]?.feil).to.contain('vedtakId');
  });

  it('keeps the writes of a handler that answers with a BPMN error', async () => {
    start(async (tx) => {
      await tx.query(`insert into effect values ('x')`);
      return { bpmnFeil: { kode: 'HarPlan' } };
    });
    cluster.leggJobb({ jobKey: '1', type: 'job' });
    expect(await answers('error')).to.deep.equal([{ errorCode: 'HarPlan' }]);
    expect(await effects()).to.equal(1);
  });

  it('repeats an answer that the engine did not get', async () => {
    let silent = 2;
    cluster.svar(/completion/, () => (silent-- > 0 ? 'ingen-svar' : { status: 204 }));
    start(async () => ({}));
    cluster.leggJobb({ jobKey: '1', type: 'job' });
    await ventPaa(async () => cluster.som(/completion/).length === 3, 'three attempts');
  });

  it('does not repeat an answer to a job that is gone', async () => {
    cluster.svar(/completion/, problem(404, 'NOT_FOUND'));
    start(async () => ({}));
    cluster.leggJobb({ jobKey: '1', type: 'job' });
    await answers('completion');
    cluster.leggJobb({ jobKey: '2', type: 'job' });
    await ventPaa(async () => cluster.som(/jobs\/2\/completion/).length === 1, 'the next job');
    expect(cluster.som(/jobs\/1\/completion/)).to.have.length(1);
  });

  it('goes on by itself when the cluster is back', async () => {
    cluster.borte = true;
    start(async () => ({}));
    cluster.leggJobb({ jobKey: '1', type: 'job' });
    await new Promise((r) => setTimeout(r, 700));
    cluster.borte = false;
    await answers('completion');
  });

  it('counts what it has done per type', async () => {
    start(async () => ({}));
    cluster.leggJobb({ jobKey: '1', type: 'job' });
    await answers('completion');
    expect(running?.status()).to.deep.equal([{ type: 'job', utfoert: 1, feilet: 0 }]);
  });
});

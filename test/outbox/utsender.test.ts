import { randomUUID } from 'node:crypto';
import { setTimeout as vent } from 'node:timers/promises';
import { expect } from 'chai';
import pino from 'pino';
import type { DataSource } from 'typeorm';
import { lagDatakilde } from '../../src/db/datakilde.ts';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { lagMotorklient } from '../../src/engine/client.ts';
import {
  proevUtboksIgjen,
  skrivUtboks,
  startUtsender,
  utboksstatus,
  type Utboksmelding,
  type Utsender,
} from '../../src/outbox/index.ts';
import { lagTestdatabase, type Testdatabase } from '../hjelp/database.ts';
import { ventPaa } from '../oppgave/rigg.ts';
import { FalskKlynge, problem } from './falsk-klynge.ts';

const NAA = new Date('2026-11-23T10:00:00Z');

function melding(noekkel: string): Utboksmelding {
  return {
    slag: 'publiser-melding',
    innhold: { navn: 'M', noekkel, meldingsId: `M:${noekkel}`, ttlMs: 1000, variabler: {} },
  };
}
function fullfoering(): Utboksmelding {
  return {
    slag: 'fullfoer-user-task',
    innhold: { oppgaveId: randomUUID(), userTaskKey: '77', variabler: { ok: true } },
  };
}

describe('Utboksen', () => {
  let db: Testdatabase;
  let ds: DataSource;
  let klynge: FalskKlynge;
  let utsender: Utsender | null = null;
  let utfall: string[] = [];

  before(async () => {
    db = await lagTestdatabase();
    ds = await lagDatakilde(db.url).initialize();
    await ds.runMigrations();
  });
  after(async () => {
    await ds.destroy();
    await db.slett();
  });
  beforeEach(async () => {
    await ds.query('delete from utboks');
    klynge = new FalskKlynge();
    utfall = [];
  });
  afterEach(async () => {
    await utsender?.stopp();
    utsender = null;
  });

  function start(): Utsender {
    utsender = startUtsender({
      ds,
      klient: lagMotorklient({ cluster: klynge }),
      logg: pino({ level: 'silent' }),
      naa: () => NAA,
      tilbakemelding: {
        fullfoert: async () => void utfall.push('fullfoert'),
        gikkVidere: async () => void utfall.push('gikk-videre'),
        feilet: async (_tx, _rad, feil) => void utfall.push(`feilet: ${feil}`),
      },
    });
    return utsender;
  }
  const skriv = (m: Utboksmelding, sakId: string | null = null): Promise<string> =>
    iTransaksjon(ds, (tx) => skrivUtboks(tx, { ...m, sakId, naa: NAA }));
  const tom = (): Promise<unknown> => ventPaa(async () => (await utboksstatus(ds.manager)).venter === 0, 'tom utboks');

  it('sender ikke noe fra en transaksjon som ble rullet tilbake', async () => {
    await iTransaksjon(ds, async (tx) => {
      await skrivUtboks(tx, { ...melding('a'), sakId: null, naa: NAA });
      throw new Error('angrer');
    }).catch(() => undefined);
    start();
    await vent(200);
    expect(klynge.kall).to.deep.equal([]);
  });

  it('sender meldinger om samme sak i rekkefølge, også når den første må vente', async () => {
    const sakId = randomUUID();
    let avslag = 3;
    klynge.svar(/user-tasks/, () => (avslag-- > 0 ? problem(409, 'INVALID_STATE') : { status: 204 }));
    await skriv(fullfoering(), sakId);
    await skriv(melding('etter'), sakId);
    await skriv(melding('annen sak'), randomUUID());
    start();
    await tom();
    const rekkefoelge = klynge.kall.filter((k) => !/GET/.test(k.metode)).map((k) => JSON.stringify(k.kropp));
    const etter = rekkefoelge.findIndex((k) => k.includes('"etter"'));
    expect(etter).to.equal(rekkefoelge.length - 1);
    expect(rekkefoelge.findIndex((k) => k.includes('annen sak'))).to.be.lessThan(etter);
    expect(utfall).to.deep.equal(['fullfoert']);
  });

  it('venter mens motoren er borte, uten å bruke opp forsøk, og går videre når den er tilbake', async () => {
    klynge.borte = true;
    await skriv(melding('a'), randomUUID());
    start();
    await vent(600);
    const foer: { forsoek: number }[] = await ds.query('select forsoek from utboks');
    expect(foer[0]?.forsoek).to.equal(0);
    klynge.borte = false;
    await tom();
    expect(klynge.som(/publication/)).to.have.length(1);
  });

  it('regner 409 på en melding som alt er publisert som sendt', async () => {
    klynge.svar(/publication/, problem(409, 'ALREADY_EXISTS'));
    await skriv(melding('a'));
    start();
    await tom();
    expect((await utboksstatus(ds.manager)).feilet).to.equal(0);
  });

  it('ser av motoren at en oppgave som er borte, alt er fullført av oss', async () => {
    klynge.svar(/completion/, problem(404, 'NOT_FOUND'));
    klynge.svar(/GET .*user-tasks/, { status: 200, kropp: { userTaskKey: '77', state: 'COMPLETED' } });
    await skriv(fullfoering());
    start();
    await tom();
    expect(utfall).to.deep.equal(['fullfoert']);
  });

  it('gjør en avbrutt oppgave til «saken gikk videre»', async () => {
    klynge.svar(/completion/, problem(404, 'NOT_FOUND'));
    klynge.svar(/GET .*user-tasks/, { status: 200, kropp: { userTaskKey: '77', state: 'CANCELED' } });
    await skriv(fullfoering());
    start();
    await tom();
    expect(utfall).to.deep.equal(['gikk-videre']);
  });

  it('melder et endelig avslag, stenger for resten av saken, og sender begge når noen prøver igjen', async () => {
    const sakId = randomUUID();
    klynge.svar(/publication/, problem(400, 'INVALID_ARGUMENT', 'for lang nøkkel'));
    await skriv(melding('a'), sakId);
    await skriv(melding('b'), sakId);
    start();
    await ventPaa(async () => (await utboksstatus(ds.manager)).feilet === 1, 'feilet melding');
    expect(utfall).to.deep.equal(['feilet: 400: for lang nøkkel']);
    expect((await utboksstatus(ds.manager)).venter).to.equal(1);
    klynge.svar(/publication/, { status: 200, kropp: {} });
    expect(await iTransaksjon(ds, (tx) => proevUtboksIgjen(tx, null))).to.equal(1);
    utsender?.vekk();
    await tom();
    expect(klynge.som(/publication/).map((k) => JSON.stringify(k.kropp).includes('"b"'))).to.deep.equal([
      false,
      false,
      true,
    ]);
  });

  it('lar en speiling av hvem som har oppgaven gå tapt heller enn å stenge for saken', async () => {
    klynge.svar(/assignment/, problem(404, 'NOT_FOUND'));
    const sakId = randomUUID();
    await skriv(
      { slag: 'tildel-user-task', innhold: { oppgaveId: randomUUID(), userTaskKey: '7', eierId: 'ola-hansen' } },
      sakId,
    );
    await skriv(melding('a'), sakId);
    start();
    await tom();
    expect((await utboksstatus(ds.manager)).feilet).to.equal(0);
    expect(klynge.som(/publication/)).to.have.length(1);
  });

  it('sender hver rad én gang selv om to utsendere arbeider samtidig', async () => {
    for (let i = 0; i < 30; i++) await skriv(melding(`n${i}`), randomUUID());
    const en = start();
    const to = start();
    await tom();
    await en.stopp();
    await to.stopp();
    const noekler = klynge.som(/publication/).map((k) => JSON.stringify(k.kropp));
    expect(new Set(noekler).size).to.equal(30);
    expect(noekler).to.have.length(30);
  });
});

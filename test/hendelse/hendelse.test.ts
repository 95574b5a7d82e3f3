import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import type { DataSource } from 'typeorm';
import type { Sanntid } from '../../src/contract/api.ts';
import { lagDatakilde } from '../../src/db/datakilde.ts';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import {
  hentHendelser,
  lagHendelseRuter,
  lagHub,
  SANNTIDSKANAL,
  skrivHendelse,
  startLytter,
  varsle,
  type Lytter,
} from '../../src/hendelse/index.ts';
import { lesInnlogget } from '../../src/http/innlogget.ts';
import type { Innlogget } from '../../src/tilgang/index.ts';
import { lagTestdatabase, type Testdatabase } from '../hjelp/database.ts';
import { ventPaa } from '../oppgave/rigg.ts';

const NAA = new Date('2026-11-25T09:00:00Z');
const bruker = (id: string, enhetId: string): Innlogget => ({
  id,
  navn: id,
  roller: [{ rolle: 'saksbehandler', enhetId, enhetNavn: enhetId }],
});

describe('Hendelsesloggen', () => {
  let db: Testdatabase;
  let ds: DataSource;
  before(async () => {
    db = await lagTestdatabase();
    ds = await lagDatakilde(db.url).initialize();
    await ds.runMigrations();
  });
  after(async () => {
    await ds.destroy();
    await db.slett();
  });

  it('har setningen ferdig, med navnet slik det var, og den nyeste først', async () => {
    const sakId = randomUUID();
    await iTransaksjon(ds, async (tx) => {
      const felles = { naa: NAA, sakId, type: 'x' };
      await skrivHendelse(tx, {
        ...felles,
        av: { id: 'ola', navn: 'Ola Hansen' },
        tekst: '{av} fattet vedtak: innvilget.',
      });
      await skrivHendelse(tx, { ...felles, av: null, tekst: 'Brevet ble sendt.' });
    });
    const h = await hentHendelser(ds.manager, sakId);
    expect(h.map((r) => [r.av, r.tekst])).to.deep.equal([
      ['Systemet', 'Brevet ble sendt.'],
      ['Ola Hansen', 'Ola Hansen fattet vedtak: innvilget.'],
    ]);
  });

  it('lar seg ikke endre, slette eller tømme', async () => {
    for (const sql of [`update hendelse set tekst = 'x'`, 'delete from hendelse', 'truncate hendelse']) {
      const feil = await ds.query(sql).then(
        () => null,
        (e: unknown) => String(e),
      );
      expect(feil, sql).to.contain('Hendelsesloggen kan bare vokse');
    }
  });

  it('mister hendelsen sammen med transaksjonen den hørte til', async () => {
    const sakId = randomUUID();
    await iTransaksjon(ds, async (tx) => {
      await skrivHendelse(tx, { naa: NAA, sakId, av: null, type: 'x', tekst: 'x' });
      throw new Error('angrer');
    }).catch(() => undefined);
    expect(await hentHendelser(ds.manager, sakId)).to.deep.equal([]);
  });

  describe('varsler', () => {
    let lytter: Lytter;
    let tjener: Server;
    let adresse = '';
    const oekter = new Map([
      ['oekt-ola', bruker('ola', 'hsk-hillevaag')],
      ['oekt-anne', bruker('anne', 'hsk-madla')],
    ]);
    const hub = lagHub(
      async (varsler) =>
        new Map(
          varsler.map((v) => [`${v.type}:${v.id}`, { serDenne: (b) => b.roller[0]?.enhetId === 'hsk-hillevaag' }]),
        ),
      async () => oekter,
      () => undefined,
    );
    let tilkoblet = 0;
    before(async () => {
      lytter = startLytter(
        db.url,
        { [SANNTIDSKANAL]: (innhold) => hub.motta(innhold) },
        { logg: { warn: () => undefined }, vedTilkobling: () => void tilkoblet++ },
      );
      await ventPaa(async () => tilkoblet === 1, 'lytteren');
      const app = express();
      app.use((req, _res, next) => {
        const id = String(req.query['bruker']);
        Object.assign(req, { session: { brukerId: id }, sessionID: `oekt-${id}` });
        next();
      });
      app.use(lesInnlogget(async (id) => bruker(id, id === 'ola' ? 'hsk-hillevaag' : 'hsk-madla')));
      app.use('/api', lagHendelseRuter({ hub }));
      tjener = createServer(app).listen(0, '127.0.0.1');
      await new Promise((klar) => tjener.once('listening', klar));
      adresse = `http://127.0.0.1:${(tjener.address() as AddressInfo).port}`;
    });
    after(async () => {
      tjener.closeAllConnections();
      tjener.close();
      hub.stopp();
      await lytter.stopp();
    });

    async function foelg(id: string): Promise<{ mottatt: string; lukk: () => void }> {
      const avbryt = new AbortController();
      const svar = await fetch(`${adresse}/api/hendelser?bruker=${id}`, { signal: avbryt.signal });
      expect(svar.headers.get('content-type')).to.contain('text/event-stream');
      const leser = svar.body?.getReader();
      const skjerm = { mottatt: '', lukk: () => avbryt.abort() };
      void (async () => {
        for (;;) {
          const del = await leser?.read().catch(() => null);
          if (!del?.value) return;
          skjerm.mottatt += new TextDecoder().decode(del.value);
        }
      })();
      return skjerm;
    }

    it('når skjermene til dem som har tilgang, og bærer bare id-er', async () => {
      const [ola, anne] = [await foelg('ola'), await foelg('anne')];
      const id = randomUUID();
      await iTransaksjon(ds, (tx) => varsle(tx, { type: 'oppgave', id, sakId: null }));
      await ventPaa(async () => ola.mottatt.includes(id), 'varselet');
      const linje = ola.mottatt.split('\n').find((l) => l.startsWith('data: ') && l.includes(id)) ?? '';
      expect(JSON.parse(linje.slice(6))).to.deep.equal({ type: 'oppgave', id, sakId: null });
      expect(anne.mottatt).to.not.contain(id);
      ola.lukk();
      anne.lukk();
      await ventPaa(async () => hub.antall() === 0, 'avmelding');
    });

    it('slutter når økten er slutt, og følger rollene slik de er når varselet sendes', async () => {
      const [ola, anne] = [await foelg('ola'), await foelg('anne')];
      const vis = async (id: string): Promise<void> =>
        iTransaksjon(ds, (tx) => varsle(tx, { type: 'oppgave', id, sakId: null }));
      try {
        hub.avsluttOekt('oekt-anne');
        await ventPaa(async () => anne.mottatt.includes('event: slutt'), 'slutten for Anne');
        // Rollen er flyttet til en annen enhet, uten at noen har sagt fra til strømmen.
        await new Promise((ok) => setTimeout(ok, 1_100));
        oekter.set('oekt-ola', bruker('ola', 'hsk-madla'));
        const flyttet = randomUUID();
        await vis(flyttet);
        await new Promise((ok) => setTimeout(ok, 1_100));
        // Økten er borte fra databasen, slik den er når den er logget ut i en annen prosess.
        oekter.set('oekt-ola', bruker('ola', 'hsk-hillevaag'));
        oekter.delete('oekt-ola');
        const etter = randomUUID();
        await vis(etter);
        await ventPaa(async () => ola.mottatt.includes('event: slutt'), 'slutten for Ola');
        expect(ola.mottatt).to.not.contain(flyttet).and.not.contain(etter);
        expect(hub.antall()).to.equal(0);
      } finally {
        oekter.set('oekt-ola', bruker('ola', 'hsk-hillevaag'));
        ola.lukk();
        anne.lukk();
      }
    });

    it('sendes ikke når transaksjonen rulles tilbake', async () => {
      const ola = await foelg('ola');
      const id = randomUUID();
      await iTransaksjon(ds, async (tx) => {
        await varsle(tx, { type: 'oppgave', id, sakId: null });
        throw new Error('angrer');
      }).catch(() => undefined);
      const etter = randomUUID();
      await iTransaksjon(ds, (tx) => varsle(tx, { type: 'oppgave', id: etter, sakId: null }));
      await ventPaa(async () => ola.mottatt.includes(etter), 'neste varsel');
      expect(ola.mottatt).to.not.contain(id);
      ola.lukk();
    });

    it('kommer igjen når tilkoblingen til databasen har vært brutt', async () => {
      const foer = tilkoblet;
      await ds.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = 'individuell-plan-lytter'`,
      );
      await ventPaa(async () => tilkoblet > foer, 'ny tilkobling');
      const mottatt: Sanntid[] = [];
      const meldAv = hub.abonner({
        oektId: 'oekt-ola',
        bruker: bruker('ola', 'hsk-hillevaag'),
        send: (v) => mottatt.push(v),
        slutt: () => undefined,
      });
      const id = randomUUID();
      await iTransaksjon(ds, (tx) => varsle(tx, { type: 'sak', id, sakId: id }));
      await ventPaa(async () => mottatt.some((v) => v.id === id), 'varselet');
      meldAv();
    });

    it('vekker den som venter på saken, og slutter å vente når tiden er ute', async () => {
      const sakId = randomUUID();
      const start = Date.now();
      const venter = hub.ventPaaSak(sakId, 5_000);
      await iTransaksjon(ds, (tx) => varsle(tx, { type: 'sak', id: sakId, sakId }));
      await venter;
      expect(Date.now() - start).to.be.lessThan(4_000);
      await hub.ventPaaSak(sakId, 20);
    });
  });
});

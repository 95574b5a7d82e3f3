import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import type { OppgaveListe } from '../../src/contract/api.ts';
import type { StegId } from '../../src/contract/prosess.ts';
import { finnKjoerendePostgres, startEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';
import { Appprosess, ledigPort } from '../hjelp/appprosess.ts';
import { lagTestdatabase } from '../hjelp/database.ts';
import { lagTestmappe } from '../hjelp/mappe.ts';
import { Sakskjoering, ventTil } from '../hjelp/sakskjoering.ts';

/*
 * Sikkerhetskopi og gjenoppretting slik den som drifter gjør det: de to kommandoene, mot en app som går, med åpne saker i hvert
 * steg, et utkast, en tatt oppgave og jobber underveis.
 */

const ROT = path.resolve(import.meta.dirname, '..', '..');
const NOEKKEL = 'en nøkkel med æøå og nok tegn';

function kommando(
  navn: 'backup' | 'restore',
  argumenter: string[],
  miljoe: NodeJS.ProcessEnv,
): Promise<{ kode: number | null; tekst: string }> {
  return new Promise((ok) => {
    const barn = spawn(process.execPath, [`scripts/${navn}.mjs`, ...argumenter], {
      cwd: ROT,
      env: { ...process.env, BACKUP_KEY: '', DATABASE_URL: '', ...miljoe },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let tekst = '';
    for (const stroem of [barn.stdout, barn.stderr]) stroem.on('data', (d: Buffer) => (tekst += String(d)));
    barn.once('close', (kode) => ok({ kode, tekst }));
  });
}

async function paa<T>(url: string, arbeid: (klient: pg.Client) => Promise<T>): Promise<T> {
  const klient = new pg.Client({ connectionString: url });
  await klient.connect();
  try {
    return await arbeid(klient);
  } finally {
    await klient.end();
  }
}

/** Avtrykk av alle rader i alle tabeller, og av sekvensene. Epoken, rekkevidden av nøkler og øktene er prosessens egne. */
function avtrykk(url: string): Promise<Record<string, string>> {
  return paa(url, async (klient) => {
    const { rows } = await klient.query<{ tabell: string }>(
      `select n.nspname || '.' || c.relname as tabell from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname in ('public', 'engine') order by 1`,
    );
    const svar: Record<string, string> = {};
    for (const { tabell } of rows) {
      if (['public.session', 'public.migrering', 'engine.migration', 'engine.epoch', 'engine.writer'].includes(tabell))
        continue;
      const { rows: sum } = await klient.query<{ sum: string }>(
        `select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as sum from ${tabell} t`,
      );
      svar[tabell] = sum[0]?.sum ?? '';
    }
    const { rows: sekvenser } = await klient.query<{ navn: string; siste: string }>(
      `select schemaname || '.' || sequencename as navn, last_value::text as siste from pg_sequences
        where sequencename <> 'epoch_epoch_seq' and sequencename <> 'migrering_id_seq' order by 1`,
    );
    for (const { navn, siste } of sekvenser) svar[navn] = siste;
    return svar;
  });
}

/** Filene i utsending/ og arkiv/, med innhold. */
function filer(dataDir: string): Record<string, string> {
  const svar: Record<string, string> = {};
  for (const rot of ['utsending', 'arkiv']) {
    const mappe = path.join(dataDir, rot);
    for (const f of readdirSync(mappe, { recursive: true, withFileTypes: true })) {
      const sti = path.join(f.parentPath, f.name);
      if (f.isFile()) svar[path.relative(dataDir, sti)] = readFileSync(sti, 'base64');
    }
  }
  return svar;
}

/** Rekken til et innvilget vedtak; saker stanses foran hvert steg. */
const REKKE: StegId[] = [
  'avklar-instans',
  'informer-og-avklar',
  'kartlegg-og-vurder',
  'fatt-vedtak',
  'godkjenn-vedtak',
  'vurder-valg',
  'utpek-ansatt',
  'bekreft-oppdrag',
];

describe('sikkerhetskopi og gjenoppretting', function () {
  this.timeout(300_000);
  let rot: string;
  let dataDir: string;
  let app: Appprosess;
  /** saken som står foran hvert steg */
  const foran = new Map<StegId, string>();
  let utkastOppgave = '';

  before(async () => {
    rot = lagTestmappe('kopi-');
    dataDir = path.join(rot, 'data');
    app = new Appprosess(dataDir, await ledigPort(), { DEMO_DATA: 'ja' });
    app.start();
    await app.ventKlar();
    const k = new Sakskjoering(app.adresse, 120_000);
    await Promise.all(
      REKKE.map(async (steg, i) => {
        const sakId = await k.anmod((await k.nyPerson(`Foran ${steg}`)).id);
        for (const s of REKKE.slice(0, i)) await k.gjoer(sakId, s);
        await k.finnOppgave(sakId, steg);
        foran.set(steg, sakId);
      }),
    );
    utkastOppgave = (await k.finnOppgave(foran.get('kartlegg-og-vurder') ?? '', 'kartlegg-og-vurder')).id;
    const ola = await k.som('ola-hansen');
    await ola.send('POST', `/api/oppgaver/${utkastOppgave}/ta`);
    const lagring = { grunnlag: 0, fane: randomUUID(), nr: 1 };
    const utkast = { ...lagring, data: { kriterier: 'Halvferdig tekst' } };
    // Én rad av hvert av det personene legger igjen: utkast av begge slag, en fordeling og en kommende sperring.
    const lagt = [
      await ola.send('PUT', `/api/oppgaver/${utkastOppgave}/utkast`, utkast),
      await ola.send('PUT', '/api/utkast/ny-anmodning', { ...lagring, data: { notat: 'Halvferdig anmodning' } }),
      await (
        await k.som('kari-moe')
      ).send('POST', '/api/oppgaver/fordel', {
        ider: [(await k.finnOppgave(foran.get('informer-og-avklar') ?? '', 'informer-og-avklar')).id],
        til: 'ola-hansen',
        grunn: 'Må gjøres først',
      }),
      await (
        await k.som('tor-nilsen')
      ).send('POST', '/api/brukere/eva-holm/sperr', { fra: '2099-01-01', grunn: 'Slutter' }),
    ];
    expect(lagt.map((s) => s.status)).to.deep.equal([200, 200, 200, 200]);
  });
  after(async () => {
    await app.stopp('SIGTERM');
    rmSync(rot, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  /** Alle saker som sto foran et steg, føres til slutten. */
  async function foerVidere(adresse: string): Promise<void> {
    const k = new Sakskjoering(adresse, 120_000);
    const utkast = await k.oppgave(utkastOppgave, 'ola-hansen');
    expect(JSON.stringify(utkast), 'utkastet er med').to.include('Halvferdig tekst');
    const mitt = await (await k.som('ola-hansen')).hent('/api/utkast/ny-anmodning');
    expect(JSON.stringify(mitt.kropp), 'også det som ikke er sendt').to.include('Halvferdig anmodning');
    await Promise.all(
      [...foran].map(async ([steg, sakId]) => {
        for (const s of REKKE.slice(REKKE.indexOf(steg))) await k.gjoer(sakId, s);
        expect((await k.ventAvsluttet(sakId)).sak.status).to.equal('avsluttet');
      }),
    );
  }

  /** Det som aldri skal finnes i en hel database. */
  async function kontrollerSending(url: string, mappe: string): Promise<void> {
    await paa(url, async (klient) => {
      const { rows: sendt } = await klient.query<{ id: string }>(
        `select id::text from utsending where sendt is not null order by utsending.id`,
      );
      expect(readdirSync(path.join(mappe, 'utsending')).sort(), 'én forsendelse per sendt brev').to.deep.equal(
        sendt.map((r) => r.id).sort(), // databasen sorterer aa som å
      );
      const { rows: dobbelt } = await klient.query(
        `select sak_id, steg_id from steg_svar group by 1, 2 having count(*) > 1`,
      );
      expect(dobbelt).to.deep.equal([]);
    });
  }

  it('en kryptert kopi tatt under last blir en hel app: hver åpen sak går videre, ingenting sendes to ganger', async () => {
    const fil = path.join(rot, 'under-last.kopi');
    const k = new Sakskjoering(app.adresse, 120_000);
    let ferdig = false;
    const last = [0, 1, 2].map(async (bane) => {
      for (let nr = 0; !ferdig; nr++) {
        const sakId = await k.anmod((await k.nyPerson(`Last ${bane} ${nr}`)).id);
        await k.gjoer(sakId, 'avklar-instans');
        await k.gjoer(sakId, 'informer-og-avklar', { oenske: 'ingen' });
        await k.gjoer(sakId, 'dokumenter-avslaatt-tilbud');
      }
    });
    const tatt = await kommando('backup', [fil], { DATA_DIR: dataDir, BACKUP_KEY: NOEKKEL });
    ferdig = true;
    await Promise.all(last);
    expect(tatt.kode, tatt.tekst).to.equal(0);
    expect(tatt.tekst)
      .to.match(/\d+ rader og \d+ filer/)
      .and.not.to.include('IKKE kryptert');
    expect(statSync(fil).mode & 0o777).to.equal(0o600);
    expect(readFileSync(fil).includes('Foran avklar-instans'), 'ingen klartekst').to.equal(false);
    expect((await fetch(`${app.adresse}/health/ready`)).status, 'appen gikk hele tiden').to.equal(200);

    const ny = path.join(rot, 'etter last');
    const lest = await kommando('restore', [fil], { DATA_DIR: ny, BACKUP_KEY: NOEKKEL });
    expect(lest.kode, lest.tekst).to.equal(0);
    expect(lest.tekst).to.include('Alle må logge inn på nytt');
    for (const navn of ['okthemmelighet', 'installasjon']) {
      expect(readFileSync(path.join(ny, navn), 'utf8')).to.equal(readFileSync(path.join(dataDir, navn), 'utf8'));
    }
    const andre = new Appprosess(ny, await ledigPort());
    try {
      andre.start();
      await andre.ventKlar();
      await foerVidere(andre.adresse);
      const url = (await finnKjoerendePostgres(ny)) ?? '';
      await ventTil('alt er sendt', () =>
        paa(url, async (klient) => {
          const { rows } = await klient.query(
            `select 1 from utsending where sendt is null union all select 1 from utboks where tilstand = 'venter' limit 1`,
          );
          return rows.length === 0 ? true : null;
        }),
      );
      await kontrollerSending(url, ny);
    } finally {
      await andre.stopp('SIGTERM');
    }
  });

  it('en kopi har hver rad, hver teller og hver fil; også en database på en tjener kan være målet', async () => {
    const url = (await finnKjoerendePostgres(dataDir)) ?? '';
    await ventTil('alt er sendt', () =>
      paa(url, async (klient) => {
        const { rows } = await klient.query(
          `select 1 from utsending where sendt is null union all select 1 from utboks where tilstand = 'venter'
           union all select 1 from engine.job where phase in ('READY', 'TAKEN') limit 1`,
        );
        return rows.length === 0 ? true : null;
      }),
    );
    const fil = path.join(rot, 'stille.kopi');
    const noekkelfil = path.join(rot, 'noekkel.txt');
    writeFileSync(noekkelfil, `${NOEKKEL}\n`);
    // Appen er drept; databasen lever videre, og kopien tas av den.
    await app.stopp('SIGKILL');
    const tatt = await kommando('backup', [fil, '--key-file', noekkelfil], { DATA_DIR: dataDir });
    expect(tatt.kode, tatt.tekst).to.equal(0);
    const rett = await avtrykk(url);
    expect(Object.keys(rett).length).to.be.greaterThan(40);

    const ny = path.join(rot, 'stille');
    const lest = await kommando('restore', [fil], { DATA_DIR: ny, BACKUP_KEY: NOEKKEL });
    expect(lest.kode, lest.tekst).to.equal(0);
    const db = await startEmbeddedPostgres({ mappe: ny });
    expect(await avtrykk(db.url)).to.deep.equal(rett);
    await db.stop();
    expect(filer(ny)).to.deep.equal(filer(dataDir));

    const tjener = await lagTestdatabase();
    const paaTjener = path.join(rot, 'paa tjener');
    const miljoe = { DATA_DIR: paaTjener, DATABASE_URL: tjener.url, BACKUP_KEY: NOEKKEL };
    const svar = await kommando('restore', [fil], miljoe);
    expect(svar.kode, svar.tekst).to.equal(0);
    expect(await avtrykk(tjener.url)).to.deep.equal(rett);
    const kopiAvTjener = path.join(rot, 'tjener.kopi');
    expect((await kommando('backup', [kopiAvTjener], miljoe)).kode).to.equal(0);
    const igjen = await kommando('restore', [kopiAvTjener], { ...miljoe, DATA_DIR: path.join(rot, 'enda en') });
    expect(igjen.kode).to.equal(1);
    expect(igjen.tekst).to.include('Databasen er ikke tom. Ingenting er endret');
    expect(await avtrykk(tjener.url), 'den som ikke var tom, er urørt').to.deep.equal(rett);
    expect(readdirSync(path.join(rot, 'enda en'))).to.deep.equal([]);
    await tjener.slett();
    app.start();
    await app.ventKlar();
  });

  it('gal nøkkel, avkortet, endret eller fremmed fil, og en mappe som ikke er tom: sagt i ord, og ingenting er lagt inn', async () => {
    const fil = path.join(rot, 'feil.kopi');
    expect((await kommando('backup', [fil], { DATA_DIR: dataDir, BACKUP_KEY: NOEKKEL })).kode).to.equal(0);
    const aapen = path.join(rot, 'aapen.kopi');
    const uten = await kommando('backup', [aapen], { DATA_DIR: dataDir });
    expect(uten.tekst).to.include('Den er IKKE kryptert');
    const ny = path.join(rot, 'feil');
    const nekter = async (navn: string, miljoe: NodeJS.ProcessEnv, ventet: RegExp): Promise<void> => {
      const svar = await kommando('restore', [navn], { DATA_DIR: ny, ...miljoe });
      expect(svar.kode, svar.tekst).to.equal(1);
      expect(svar.tekst)
        .to.match(ventet)
        .and.not.to.match(/\n\s+at /);
      expect(() => readdirSync(ny), 'mappa er ikke laget').to.throw(/ENOENT/);
    };
    const variant = (kilde: string, navn: string, endre: (sti: string) => void): string => {
      const sti = path.join(rot, navn);
      writeFileSync(sti, readFileSync(kilde));
      endre(sti);
      return sti;
    };
    const snu = (sted: number) => (sti: string) => {
      const innhold = readFileSync(sti);
      const i = sted < 0 ? innhold.length + sted : sted;
      innhold[i] = (innhold[i] ?? 0) ^ 1;
      writeFileSync(sti, innhold);
    };
    const halvveis = Math.floor(statSync(fil).size / 2);
    await nekter(fil, { BACKUP_KEY: 'en helt annen nøkkel' }, /Nøkkelen passer ikke/);
    await nekter(fil, { BACKUP_KEY: 'kort' }, /minst 12 tegn/);
    await nekter(fil, {}, /er kryptert. Sett BACKUP_KEY/);
    await nekter(fil, { DATA_DIR: ny, BACKUP_KEY: NOEKKEL, PORT: 'tull' }, /PORT må være/);
    for (const [nr, sti] of [
      variant(fil, 'kuttet.kopi', (s) => truncateSync(s, halvveis)),
      variant(fil, 'kuttet-litt.kopi', (s) => truncateSync(s, statSync(s).size - 1)),
      variant(fil, 'endret.kopi', snu(halvveis)),
      variant(fil, 'endret-slutt.kopi', snu(-1)),
      variant(fil, 'lengre.kopi', (s) => writeFileSync(s, 'x', { flag: 'a' })),
      variant(aapen, 'aapen-endret.kopi', snu(Math.floor(statSync(aapen).size / 2))),
      variant(aapen, 'aapen-kuttet.kopi', (s) => truncateSync(s, Math.floor(statSync(s).size / 2))),
    ].entries()) {
      const ventet = /kuttet/.test(sti) ? /ikke hel/ : /skadet eller endret/;
      await nekter(sti, { BACKUP_KEY: nr < 5 ? NOEKKEL : '' }, ventet);
    }
    await nekter(path.join(ROT, 'package.json'), {}, /ikke en sikkerhetskopi/);
    await nekter(path.join(rot, 'finnes-ikke'), {}, /kan ikke leses/);
    await nekter(rot, {}, /er ikke en fil/);

    const full = await kommando('restore', [aapen], { DATA_DIR: dataDir });
    expect(full.kode).to.equal(1);
    expect(full.tekst).to.include('er ikke tom. Ingenting er endret');
    expect((await fetch(`${app.adresse}/health/ready`)).status).to.equal(200);

    const finnes = await kommando('backup', [aapen], { DATA_DIR: dataDir });
    expect(finnes.kode).to.equal(1);
    expect(finnes.tekst).to.include('finnes fra før og blir ikke skrevet over');
    const tom = await kommando('backup', [path.join(rot, 'x.kopi')], { DATA_DIR: path.join(rot, 'ingen her') });
    expect(tom.tekst).to.match(/ingen database i .*ingen her/);
    const borte = path.join(rot, 'ingen slik mappe');
    // I /proc kan ingen lage filer; med nøkkel tar det en stund fra fila åpnes til noe skrives i den.
    for (const [fil, ventet] of [
      [path.join(borte, 'x.kopi'), `Mappa ${borte} finnes ikke.`],
      ['/proc/x.kopi', 'Sikkerhetskopien ble ikke tatt.'],
    ] as const) {
      const svar = await kommando('backup', [fil], { DATA_DIR: dataDir, BACKUP_KEY: NOEKKEL });
      expect(svar.kode, svar.tekst).to.equal(1);
      expect(svar.tekst)
        .to.include(ventet)
        .and.not.to.match(/^\s+at |Unhandled/m);
    }
    expect(readdirSync(rot).filter((n) => n.includes('.halv') || n === 'x.kopi')).to.deep.equal([]);
    const bruk = await kommando('backup', [], { DATA_DIR: dataDir });
    expect(bruk.tekst).to.include('Bruk: npm run backup -- FIL');
  });

  it('avbrutt midt i: det sies, databasen som ble startet er stoppet, og ingen halv fil ligger igjen', async () => {
    const fil = path.join(rot, 'avbrutt.kopi');
    expect((await kommando('backup', [fil], { DATA_DIR: dataDir })).kode).to.equal(0);
    const ny = path.join(rot, 'avbrutt');
    const halv = path.join(rot, 'halv.kopi');
    let tjener = 0;
    for (const [navn, argument, miljoe, klar] of [
      [
        'restore',
        fil,
        { DATA_DIR: ny },
        () => {
          const lest = readFileSync(path.join(ny, 'postgres', 'postmaster.pid'), 'utf8');
          tjener = Number(lest.split('\n')[0]);
          return tjener > 0;
        },
      ],
      ['backup', halv, { DATA_DIR: dataDir }, () => readdirSync(rot).some((n) => n.endsWith('.halv'))],
    ] as const) {
      const barn = spawn(process.execPath, [`scripts/${navn}.mjs`, argument], {
        cwd: ROT,
        env: { ...process.env, BACKUP_KEY: '', DATABASE_URL: '', ...miljoe },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let tekst = '';
      for (const stroem of [barn.stdout, barn.stderr]) stroem.on('data', (d: Buffer) => (tekst += String(d)));
      const slutt = new Promise<number | null>((ok) => barn.once('close', ok));
      for (let er = false; !er; await new Promise((ok) => setTimeout(ok, 1))) {
        expect(barn.exitCode, `${navn} ble ferdig før den ble avbrutt: ${tekst}`).to.equal(null);
        try {
          er = klar();
        } catch {
          er = false; // ikke der ennå
        }
      }
      barn.kill('SIGINT');
      expect(await slutt, tekst).to.equal(1);
      expect(tekst).to.include('Avbrutt.');
    }
    expect(readdirSync(rot).filter((n) => n.includes('.halv') || n === 'halv.kopi')).to.deep.equal([]);
    await ventTil('databasen er stoppet', async () => (existsSync(`/proc/${tjener}/cwd`) ? null : true));
    const igjen = await kommando('restore', [fil], { DATA_DIR: ny });
    expect(igjen.tekst).to.include('er ikke tom');
    rmSync(ny, { recursive: true, force: true });
  });

  it('en full disk sier det, og etterlater ingen halv fil', async function () {
    if (process.platform !== 'linux') this.skip();
    // En grense på filstørrelsen stopper skrivingen på samme sted som en full disk.
    const fil = path.join(rot, 'full.kopi');
    const svar = await new Promise<{ kode: number | null; tekst: string }>((ok) => {
      const barn = spawn(
        'sh',
        ['-c', `trap '' XFSZ; ulimit -f 64; exec "${process.execPath}" scripts/backup.mjs "${fil}"`],
        {
          cwd: ROT,
          env: { ...process.env, DATA_DIR: dataDir, BACKUP_KEY: NOEKKEL },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      let tekst = '';
      for (const stroem of [barn.stdout, barn.stderr]) stroem.on('data', (d: Buffer) => (tekst += String(d)));
      barn.once('close', (kode) => ok({ kode, tekst }));
    });
    expect(svar.kode, svar.tekst).to.equal(1);
    expect(svar.tekst)
      .to.match(/ble ikke tatt.*større enn det er plass/)
      .and.not.to.match(/\n\s+at /);
    expect(readdirSync(rot).filter((n) => n.startsWith('full.kopi'))).to.deep.equal([]);
  });

  it('det appen har, er det samme etterpå: saken som ble gjenopprettet et annet sted, står urørt her', async () => {
    const k = new Sakskjoering(app.adresse, 60_000);
    const ola = await k.som('ola-hansen');
    const mine = await ola.hent<OppgaveListe>('/api/oppgaver');
    expect(mine.status).to.equal(200);
    expect((await k.finnOppgave(foran.get('avklar-instans') ?? '', 'avklar-instans')).stegId).to.equal(
      'avklar-instans',
    );
  });
});

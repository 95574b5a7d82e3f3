import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import type { StegId } from '../../src/contract/prosess.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';
import { Appprosess, ledigPort } from '../hjelp/appprosess.ts';
import { lagTestmappe } from '../hjelp/mappe.ts';
import { Sakskjoering } from '../hjelp/sakskjoering.ts';

/*
 * Appen, databasen, én av databasens prosesser, eller app og database sammen drepes med SIGKILL i tilfeldige øyeblikk mens saker
 * går. Appen startes igjen med en gang, før den drepte er borte; databasen skal appen selv få opp igjen. Hvert kall gjentas til det får svar, med samme
 * innsendings-id. Til slutt skal hver besvarte handling finnes nøyaktig én gang, hver sak være ferdig, og hvert brev
 * være sendt og arkivert én gang.
 */

const ANTALL_DRAP = Number(process.env['KRASJ_DRAP'] ?? 50);
// Lenge nok til at drapene er over: en jobb som drepes hver gang den er i gang, blir ferdig når det stopper.
const UTHOLDENDE_MS = 10 * 60_000;
const sov = (ms: number): Promise<void> => new Promise((ok) => setTimeout(ok, ms));

interface Loep {
  /** slutten saken skal ha */
  avslutning: string;
  /** stegene som ble besvart, i rekkefølge */
  steg: StegId[];
  trukket?: boolean;
}

type Scenario = (k: Sakskjoering, sakId: string, gjort: (steg: StegId) => void, personId: string) => Promise<string>;

async function gjoer(
  k: Sakskjoering,
  sakId: string,
  gjort: (s: StegId) => void,
  steg: StegId,
  endringer = {},
  som?: string,
): Promise<void> {
  await (som ? k.gjoer(sakId, steg, endringer, som) : k.gjoer(sakId, steg, endringer));
  gjort(steg);
}

const innvilget: Scenario = async (k, sak, gjort) => {
  for (const steg of [
    'avklar-instans',
    'informer-og-avklar',
    'kartlegg-og-vurder',
    'fatt-vedtak',
    'godkjenn-vedtak',
  ] as const) {
    await gjoer(k, sak, gjort, steg);
  }
  for (const steg of ['vurder-valg', 'utpek-ansatt', 'bekreft-oppdrag'] as const) await gjoer(k, sak, gjort, steg);
  return 'innvilget';
};
const avslag: Scenario = async (k, sak, gjort) => {
  await gjoer(k, sak, gjort, 'avklar-instans');
  await gjoer(k, sak, gjort, 'informer-og-avklar');
  await gjoer(k, sak, gjort, 'kartlegg-og-vurder', { anbefaling: 'avslag', kriterierOppfylt: 'nei' });
  await gjoer(k, sak, gjort, 'fatt-vedtak', { utfall: 'avslag', tidsbegrenset: undefined });
  await gjoer(k, sak, gjort, 'godkjenn-vedtak');
  return 'avslag';
};
const takkerNei: Scenario = async (k, sak, gjort) => {
  await gjoer(k, sak, gjort, 'avklar-instans');
  await gjoer(k, sak, gjort, 'informer-og-avklar', { oenske: 'ingen' });
  await gjoer(k, sak, gjort, 'dokumenter-avslaatt-tilbud');
  return 'avslaatt-tilbud';
};
const bareKoordinator: Scenario = async (k, sak, gjort) => {
  await gjoer(k, sak, gjort, 'avklar-instans');
  await gjoer(k, sak, gjort, 'informer-og-avklar', { oenske: 'koordinator', hvorforIkkeIp: 'Ønsker ikke plan.' });
  await gjoer(k, sak, gjort, 'kartlegg-og-vurder', { anbefaling: 'koordinator' });
  await gjoer(k, sak, gjort, 'fatt-vedtak', { utfall: 'koordinator', hjemmel: ['pbrl-2-5b'] });
  await gjoer(k, sak, gjort, 'godkjenn-vedtak');
  await gjoer(k, sak, gjort, 'vurder-valg', {
    utenforEnheten: 'nei',
    ansattId: 'mette-foss',
    valgtEnhet: undefined,
    bakgrunn: undefined,
  });
  await gjoer(k, sak, gjort, 'bekreft-oppdrag', {}, 'mette-foss');
  return 'koordinator-oppnevnt';
};
const trukket: Scenario = async (k, sak, gjort) => {
  await gjoer(k, sak, gjort, 'avklar-instans');
  await k.trekk(sak);
  return 'trukket';
};
const harPlan: Scenario = async (k, sak, gjort, personId) => {
  await innvilget(k, sak, gjort, personId);
  await k.ventAvsluttet(sak, 'ola-hansen', UTHOLDENDE_MS);
  const andre = await k.anmod(personId);
  await k.gjoer(andre, 'avklar-instans');
  await k.gjoer(andre, 'svar-om-eksisterende-plan');
  await k.ventAvsluttet(andre, 'ola-hansen', UTHOLDENDE_MS);
  return 'innvilget';
};
const SCENARIOER = [innvilget, avslag, takkerNei, bareKoordinator, trukket, harPlan];

type Drap = 'app' | 'database' | 'databaseprosess' | 'app og database';
const DRAPENE: Drap[] = ['app', 'database', 'app', 'databaseprosess', 'app og database'];

/** Prosessnummeret til databasetjeneren, eller null mens den er nede. */
function postmaster(mappe: string): number | null {
  try {
    return Number(readFileSync(path.join(mappe, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]) || null;
  } catch {
    return null;
  }
}

/** En tilfeldig av databasetjenerens egne prosesser. */
function databaseprosess(tjener: number): number | null {
  const barn = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .stdout.split('\n')
    .map((linje) => linje.trim().split(/\s+/).map(Number))
    .filter(([, forelder]) => forelder === tjener);
  return barn.length > 0 ? (barn[randomInt(barn.length)]?.[0] ?? null) : null;
}

/** Dreper det som nevnes. Falsk når det var nede fra før. */
function drep(app: Appprosess, mappe: string, hva: Drap): boolean {
  const tjener = postmaster(mappe);
  const offer = hva === 'databaseprosess' && tjener !== null ? databaseprosess(tjener) : tjener;
  if (hva !== 'app') {
    if (offer === null) return false;
    try {
      process.kill(offer, 'SIGKILL');
    } catch {
      return false;
    }
  }
  if (hva === 'app' || hva === 'app og database') app.drepOgStart();
  return true;
}

describe(`ingenting går tapt: ${ANTALL_DRAP} ganger SIGKILL`, function () {
  this.timeout(20 * 60_000);
  const mappe = lagTestmappe('krasj-');
  const loep = new Map<string, Loep>();
  let app: Appprosess;

  before(async () => {
    app = new Appprosess(mappe, await ledigPort());
    app.start();
    await app.ventKlar();
  });
  after(async () => {
    await app.stopp('SIGTERM');
    rmSync(mappe, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  it('hver besvarte handling finnes én gang, hver sak blir ferdig, hvert brev er sendt én gang', async () => {
    let drept = 0;
    const perSlag = new Map<Drap, number>();
    let feil: unknown = null;
    const saker = async (bane: number): Promise<void> => {
      for (let nr = 0; (drept < ANTALL_DRAP || nr * 4 + bane < SCENARIOER.length) && !feil; nr++) {
        const scenario = SCENARIOER[(nr * 4 + bane) % SCENARIOER.length] ?? innvilget;
        const k = new Sakskjoering(app.adresse, UTHOLDENDE_MS);
        const person = await k.nyPerson(`Prøve ${bane}-${nr}`);
        const sakId = await k.anmod(person.id);
        const mitt: Loep = { avslutning: '', steg: [] };
        loep.set(sakId, mitt);
        mitt.avslutning = await scenario(k, sakId, (s) => mitt.steg.push(s), person.id);
        await k.ventAvsluttet(sakId, 'ola-hansen', UTHOLDENDE_MS);
      }
    };
    const drap = async (): Promise<void> => {
      while (drept < ANTALL_DRAP && !feil) {
        await sov(randomInt(20, 4_000));
        const hva = DRAPENE[drept % DRAPENE.length] ?? 'app';
        if (!drep(app, mappe, hva)) continue; // databasen var på vei opp; neste gang
        perSlag.set(hva, (perSlag.get(hva) ?? 0) + 1);
        drept++;
        // Hvert sjette drap treffer mens app og database er på vei opp.
        if (drept % 6 === 0) await sov(randomInt(50, 900));
        else await app.ventKlar();
      }
      await app.ventKlar();
    };
    const fang = (e: unknown): void => {
      feil ??= e;
    };
    await Promise.all([drap().catch(fang), ...[0, 1, 2, 3].map((bane) => saker(bane).catch(fang))]);
    await app.stopp('SIGTERM');
    if (feil) {
      const hva = await tilstand(mappe);
      throw new Error(
        `etter ${drept} drap og ${loep.size} saker; ${hva}\nAppen skrev til slutt:\n${app.utskrift.slice(-3_000)}`,
        { cause: feil },
      );
    }
    expect(drept).to.equal(ANTALL_DRAP);
    if (ANTALL_DRAP >= DRAPENE.length) expect([...perSlag.keys()].sort()).to.deep.equal([...new Set(DRAPENE)].sort());
    console.log(`      ${[...perSlag].map(([hva, antall]) => `${hva} ${antall}`).join(', ')}`);

    const db = await startEmbeddedPostgres({ mappe });
    const klient = new pg.Client({ connectionString: db.url });
    await klient.connect();
    try {
      await kontroller(klient, loep, mappe);
    } finally {
      await klient.end();
      await db.stop();
    }
  });
});

/** Det som står igjen når noe går galt, så feilen kan finnes uten å kjøre alt om igjen. */
async function tilstand(mappe: string): Promise<string> {
  const db = await startEmbeddedPostgres({ mappe });
  const klient = new pg.Client({ connectionString: db.url });
  await klient.connect();
  const svar: string[] = [];
  for (const sql of [
    `select clock_timestamp() as naa, slag, tilstand, forsoek, neste_forsoek, siste_feil, sak_id from utboks where tilstand <> 'sendt'`,
    `select type, phase, worker, retries, to_timestamp(deadline / 1000.0) as deadline, error_message, element_id, instance_key from engine.job where phase <> 'DONE'`,
    `select error_type, error_message, element_id from engine.incident where state = 'ACTIVE'`,
    `select element_id, type, instance_key from engine.element_instance where state = 'ACTIVE'`,
    `select steg_id, type, status, gruppe, eier_id, sak_id from oppgave where status in ('aapen', 'fullfoerer')`,
    `select id, saksnummer, fase from sak where status <> 'avsluttet'`,
  ]) {
    svar.push(`${sql}\n${(await klient.query(sql)).rows.map((r) => `  ${JSON.stringify(r)}`).join('\n')}`);
  }
  await klient.end();
  await db.stop();
  return svar.join('\n');
}

async function kontroller(klient: pg.Client, loep: Map<string, Loep>, mappe: string): Promise<void> {
  const { rows: svar } = await klient.query<{ sak_id: string; steg: string[] }>(
    `select sak_id, array_agg(steg_id order by tid, steg_id) as steg from steg_svar group by sak_id`,
  );
  const svarPerSak = new Map(svar.map((r) => [r.sak_id, [...r.steg].sort()]));
  const { rows: saker } = await klient.query<{ id: string; status: string; avslutning: string }>(
    `select id, status, avslutning from sak`,
  );
  const sakPerId = new Map(saker.map((s) => [s.id, s]));
  for (const [sakId, { avslutning, steg }] of loep) {
    expect(svarPerSak.get(sakId), `svarene i sak ${sakId}`).to.deep.equal([...steg].sort());
    expect(sakPerId.get(sakId), `slutten på sak ${sakId}`).to.deep.equal({
      id: sakId,
      status: 'avsluttet',
      avslutning,
    });
  }
  expect(
    saker.filter((s) => s.status !== 'avsluttet'),
    'saker som står',
  ).to.deep.equal([]);

  const tomme: [string, string][] = [
    ['utboksrader som ikke er sendt', `select id from utboks where tilstand in ('venter','feilet')`],
    ['åpne oppgaver', `select id, steg_id, tittel from oppgave where status in ('aapen','fullfoerer')`],
    ['tekniske oppgaver', `select id, teknisk from oppgave where type = 'teknisk'`],
    ['brev som ikke er sendt', `select id from utsending where sendt is null`],
    ['arkiveringer som ikke er gjort', `select id from arkivering where arkivert is null`],
    ['steg som er besvart to ganger', `select sak_id, steg_id from steg_svar group by 1, 2 having count(*) > 1`],
    [
      'vedtak uten brev',
      `select v.id from vedtak v where v.status = 'fattet' and not exists (select 1 from dokument d where d.gjelder_id = v.id)`,
    ],
    [
      'personer med to planer',
      `select person_id from plan where status in ('utkast','aktiv') group by 1 having count(*) > 1`,
    ],
    ['instanser i motoren som ikke er ferdige', `select key from engine.process_instance where state = 'ACTIVE'`],
  ];
  for (const [hva, sql] of tomme) {
    expect((await klient.query(sql)).rows, hva).to.deep.equal([]);
  }

  const { rows: sendt } = await klient.query<{ id: string }>(`select id from utsending order by id`);
  const filer = readdirSync(path.join(mappe, 'utsending')).sort();
  expect(filer, 'én forsendelse per utsending, ingen halve').to.deep.equal(sendt.map((r) => r.id));
  const { rows: arkivert } = await klient.query<{ id: string }>(`select id from arkivering order by id`);
  expect(readdirSync(path.join(mappe, 'arkiv')).sort(), 'én arkivmelding per arkivering').to.deep.equal(
    arkivert.map((r) => r.id),
  );
  console.log(
    `      ${loep.size} saker, ${svar.reduce((n, r) => n + r.steg.length, 0)} besvarte steg, ${sendt.length} utsendinger`,
  );
}

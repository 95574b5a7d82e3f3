import { setTimeout as vent } from 'node:timers/promises';
import { ProcessInstanceKey, UserTaskKey, type UserTaskResult } from '@camunda8/orchestration-cluster-api';
import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import type { Drift } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { lesMotorfeil, medTidsgrense } from '../engine/client.ts';
import { alleTreff } from '../engine/sider.ts';
import { feilkode, feilsetning, Systemfeil } from '../logg/index.ts';
import { speil } from './krav.ts';
import { hentOppgave } from './lager.ts';
import { fristPaaVirkedag, projiser, type Motoroppgave, type ProjeksjonAvh } from './projeksjon.ts';
import { ryddEiere } from './rydding.ts';
import { lagTekniskOppgave, lukkTeknisk } from './teknisk.ts';

export interface AvstemAvh extends ProjeksjonAvh {
  ds: DataSource;
  klokke: Klokke;
  logg: Pick<Logger, 'info' | 'warn' | 'error'>;
}

export interface Avstemming {
  /** Oppgaver motoren hadde og vi manglet. */
  lagtInn: number;
  /** Oppgaver vi hadde åpne og motoren var ferdig med. */
  lukket: number;
  /** Feil i motoren som ble tekniske oppgaver. */
  feil: number;
}

/** Rader yngre enn dette røres ikke: motorens søk kan ligge litt etter. */
const FERSKT = `interval '30 seconds'`;
const OPPSLAG = { consistency: { waitUpToMs: 0 } };

function tid(verdi: string | undefined): Date | null {
  const t = verdi ? new Date(verdi) : null;
  return t && !Number.isNaN(t.getTime()) ? t : null;
}

/**
 * Sammenligner oppgavene våre med motorens og retter det som mangler eller er ferdig, og gjør feil i motoren som ingen jobb har
 * meldt (uttrykk, meldinger, skjemaer) til tekniske oppgaver. Lytterne holder tabellen riktig til vanlig, så alt som rettes
 * her, er et tegn på at noe sviktet og meldes.
 */
export async function avstem(avh: AvstemAvh): Promise<Avstemming> {
  const iMotoren = new Set<string>();
  const lagtInn = await leggInnManglende(avh, iMotoren);
  const lukket = await lukkFerdige(avh, iMotoren);
  const feil = await avstemFeil(avh);
  if (lagtInn + lukket > 0) await varsleOmAvvik(avh, lagtInn, lukket);
  return { lagtInn, lukket, feil };
}

async function sakTilInstans(avh: AvstemAvh, instans: string): Promise<string | null> {
  const rader: { sak_id: string }[] = await avh.ds.manager.query(
    'select sak_id from saksprosess where prosessinstans = $1 limit 1',
    [instans],
  );
  if (rader[0]) return rader[0].sak_id;
  const svar = await medTidsgrense(
    avh.klient.searchVariables(
      { filter: { processInstanceKey: ProcessInstanceKey.assumeExists(instans), name: 'sakId' } },
      OPPSLAG,
    ),
    10_000,
  );
  const verdi = svar.items?.[0]?.value;
  const id = verdi ? /^"([0-9a-f-]{36})"$/i.exec(verdi)?.[1] : undefined;
  return id ?? null;
}

async function tilMotoroppgave(avh: AvstemAvh, t: UserTaskResult): Promise<Motoroppgave | null> {
  if (!t.elementId || !t.processInstanceKey || !t.processDefinitionKey || !t.processDefinitionId) return null;
  return {
    userTaskKey: t.userTaskKey,
    elementId: t.elementId,
    elementinstansnoekkel: t.elementInstanceKey ?? '',
    prosessinstansnoekkel: t.processInstanceKey,
    prosessdefinisjonsnoekkel: t.processDefinitionKey,
    prosessId: t.processDefinitionId,
    prosessversjon: t.processDefinitionVersion ?? 0,
    kandidatgrupper: t.candidateGroups ?? [],
    kandidatbrukere: t.candidateUsers ?? [],
    assignee: t.assignee || null,
    frist: tid(t.dueDate),
    formKey: t.formKey ?? null,
    prioritet: t.priority ?? 50,
    sakId: await sakTilInstans(avh, t.processInstanceKey),
  };
}

async function leggInnManglende(avh: AvstemAvh, iMotoren: Set<string>): Promise<number> {
  let lagtInn = 0;
  const utenPlass: string[] = [];
  const sider = alleTreff((page) => avh.klient.searchUserTasks({ filter: { state: 'CREATED' }, page }, OPPSLAG));
  for await (const side of sider) {
    const noekler = side.map((t) => t.userTaskKey);
    for (const n of noekler) iMotoren.add(n);
    const kjente: { user_task_key: string }[] = await avh.ds.manager.query(
      'select user_task_key from oppgave where user_task_key = any($1)',
      [noekler],
    );
    const har = new Set(kjente.map((k) => k.user_task_key));
    for (const t of side.filter((s) => !har.has(s.userTaskKey))) {
      const o = await tilMotoroppgave(avh, t);
      if (!o) continue;
      const naa = avh.klokke.naa();
      try {
        const frist = o.frist ? fristPaaVirkedag(o.frist) : null;
        if (await iTransaksjon(avh.ds, (tx) => leggInn(tx, avh, o, frist, naa))) lagtInn++;
      } catch (feil) {
        // Databasen er borte, eller noe annet som går over: da er det ikke oppgaven det er noe galt med.
        if (!(feil instanceof Systemfeil) && !feilkode(feil).startsWith('23')) throw feil;
        utenPlass.push(o.userTaskKey);
        await meldUtenPlass(avh, o, tid(t.creationDate) ?? naa, feil);
      }
    }
  }
  await avh.ds.manager.query('delete from oppgave_uten_plass where user_task_key <> all($1)', [utenPlass]);
  return lagtInn;
}

/** Oppgaven står på Drift til noen har fått den. Loggen får det én gang, når det oppdages. */
async function meldUtenPlass(avh: AvstemAvh, o: Motoroppgave, siden: Date, feil: unknown): Promise<void> {
  const nye: unknown[] = await avh.ds.manager.query(
    `insert into oppgave_uten_plass (user_task_key, prosessinstans, steg_id, prosess_id, sak_id, grunn, siden)
     values ($1, $2, $3, $4, (select id from sak where id = $5), $6, $7)
     on conflict (user_task_key, prosessinstans) do update set grunn = excluded.grunn
     returning (xmax = 0) as ny`,
    [o.userTaskKey, o.prosessinstansnoekkel, o.elementId, o.prosessId, o.sakId, feilsetning(feil), siden],
  );
  if (nye.some((rad) => typeof rad === 'object' && rad !== null && 'ny' in rad && rad.ny === true)) {
    avh.logg.error(
      { err: feil, userTaskKey: o.userTaskKey, steg: o.elementId },
      'En oppgave i motoren er ikke gitt til noen. Den står på Drift.',
    );
  }
}

/** Oppgaver i motoren som ingen har fått fordi diagrammet ikke sier hvem, eldste først. */
export async function hentUtenPlass(m: EntityManager): Promise<Drift['utenPlass']> {
  const rader: {
    noekkel: string;
    stegId: string;
    prosessId: string;
    saksnummer: string | null;
    grunn: string;
    siden: Date;
  }[] = await m.query(
    `select u.user_task_key as noekkel, u.steg_id as "stegId", u.prosess_id as "prosessId", s.saksnummer, u.grunn, u.siden
       from oppgave_uten_plass u left join sak s on s.id = u.sak_id order by u.siden, u.user_task_key limit 100`,
  );
  return rader.map((r) => ({ ...r, siden: r.siden.toISOString() }));
}

/** Oppgaven er alt ferdig laget i motoren, så den som har den, meldes i ettertid. */
async function leggInn(
  tx: EntityManager,
  avh: AvstemAvh,
  o: Motoroppgave,
  frist: Date | null,
  naa: Date,
): Promise<string | null> {
  const id = await projiser(tx, avh, o, frist, naa);
  const rad = id ? await hentOppgave(tx, id) : null;
  if (rad?.eierId && rad.gruppe) await speil(tx, rad, rad.eierId, naa);
  return id;
}

async function lukkFerdige(avh: AvstemAvh, iMotoren: ReadonlySet<string>): Promise<number> {
  const rader: { id: string; user_task_key: string; gammel: boolean }[] = await avh.ds.manager.query(
    `select id, user_task_key, skrevet < clock_timestamp() - interval '10 minutes' as gammel from oppgave
      where status = 'aapen' and user_task_key is not null and skrevet < clock_timestamp() - ${FERSKT}`,
  );
  let lukket = 0;
  for (const rad of rader.filter((r) => !iMotoren.has(r.user_task_key)).slice(0, 500)) {
    const tilstand = await tilstandIMotoren(avh, rad.user_task_key);
    const status =
      tilstand === 'COMPLETED'
        ? 'fullfoert'
        : tilstand === 'CANCELED' || (tilstand === null && rad.gammel)
          ? 'avbrutt'
          : null;
    if (status === null) continue;
    const [endret]: [unknown[], number] = await avh.ds.manager.query(
      `update oppgave set status = $2, avsluttet = $3 where id = $1 and status = 'aapen' returning id`,
      [rad.id, status, avh.klokke.naa()],
    );
    lukket += endret.length;
  }
  return lukket;
}

async function tilstandIMotoren(avh: AvstemAvh, noekkel: string): Promise<string | null> {
  try {
    const t = await medTidsgrense(
      avh.klient.getUserTask({ userTaskKey: UserTaskKey.assumeExists(noekkel) }, OPPSLAG),
      10_000,
    );
    return t.state ?? null;
  } catch (feil) {
    if (lesMotorfeil(feil).status === 404) return null;
    throw feil;
  }
}

async function avstemFeil(avh: AvstemAvh): Promise<number> {
  let nye = 0;
  const aktive = new Set<string>();
  const sider = alleTreff((page) => avh.klient.searchIncidents({ filter: { state: 'ACTIVE' }, page }, OPPSLAG));
  for await (const side of sider) {
    for (const i of side) {
      if (!i.incidentKey) continue;
      const noekkel = i.jobKey ? `jobb:${i.jobKey}` : `incident:${i.incidentKey}`;
      aktive.add(noekkel);
      const nylig: unknown[] = await avh.ds.manager.query(
        `select 1 from oppgave where teknisk_noekkel = $1 and (status = 'aapen' or skrevet > clock_timestamp() - ${FERSKT})
         union all select 1 from utboks where slag = 'loes-incident' and tilstand = 'venter'
                     and (innhold->>'jobbnoekkel' = $2 or innhold->>'incidentKey' = $3)`,
        [noekkel, i.jobKey ?? null, i.incidentKey],
      );
      if (nylig.length > 0) continue;
      const sakId = i.processInstanceKey ? await sakTilInstans(avh, i.processInstanceKey) : null;
      const elementId = i.elementId ?? '';
      const ny = await iTransaksjon(avh.ds, async (tx) => {
        const sak = sakId ? await avh.saksoppslag.forOppgave(tx, sakId) : null;
        return lagTekniskOppgave(tx, avh.klokke.naa(), {
          noekkel,
          tittel: `Håndter teknisk feil: ${elementId}`,
          elementId,
          sakId,
          saksnummer: sak?.saksnummer ?? null,
          prosessId: i.processDefinitionId ?? null,
          rutineNavn: i.processDefinitionId ?? '',
          teknisk: {
            hva: `Saken stoppet i «${elementId}» (${i.errorType ?? 'ukjent feil'}).`,
            // Uttrykk i andres prosesser på samme cluster kan sitere hva som helst; våre har bare id-er og utfall.
            feil: (sakId ? i.errorMessage : i.errorType) ?? '',
            kilde: i.jobKey ? 'jobb' : 'incident',
            jobbnoekkel: i.jobKey ?? null,
            incidentKey: i.incidentKey ?? null,
            utboksId: null,
          },
        });
      });
      if (ny) nye++;
    }
  }
  await lukkLoeste(avh, aktive);
  return nye;
}

/** Tekniske oppgaver om feil som motoren ikke lenger har. */
async function lukkLoeste(avh: AvstemAvh, aktive: ReadonlySet<string>): Promise<void> {
  const rader: { id: string; teknisk_noekkel: string }[] = await avh.ds.manager.query(
    `select id, teknisk_noekkel from oppgave
      where type = 'teknisk' and status = 'aapen' and teknisk->>'kilde' in ('jobb','incident')
        and skrevet < clock_timestamp() - ${FERSKT}`,
  );
  for (const rad of rader.filter((r) => !aktive.has(r.teknisk_noekkel))) {
    await iTransaksjon(avh.ds, (tx) => lukkTeknisk(tx, rad.id, avh.klokke.naa(), null));
  }
}

async function varsleOmAvvik(avh: AvstemAvh, lagtInn: number, lukket: number): Promise<void> {
  avh.logg.warn({ lagtInn, lukket }, 'Oppgavelista var ikke enig med motoren og er rettet.');
  await iTransaksjon(avh.ds, (tx) =>
    lagTekniskOppgave(tx, avh.klokke.naa(), {
      noekkel: 'avvik:oppgaver',
      tittel: 'Se på avvik i oppgavelista',
      elementId: 'avstemming',
      sakId: null,
      saksnummer: null,
      prosessId: null,
      rutineNavn: 'Drift',
      teknisk: {
        hva: 'Oppgavelista var ikke enig med motoren. Den er rettet, men noe har sviktet.',
        feil: `${lagtInn} oppgaver manglet og er lagt inn. ${lukket} oppgaver var alt ferdige og er lukket.`,
        kilde: 'avvik',
        jobbnoekkel: null,
        incidentKey: null,
        utboksId: null,
      },
    }),
  );
}

/** Avstemmer med jevne mellomrom til `stopp` kalles. Er motoren borte, prøves det igjen neste gang. */
export function startAvstemming(avh: AvstemAvh, mellomromMs = 60_000): { stopp(): Promise<void> } {
  const avbryt = new AbortController();
  const sov = (ms: number): Promise<void> => vent(ms, undefined, { signal: avbryt.signal }).catch(() => undefined);
  const loekke = (async () => {
    await sov(Math.min(5_000, mellomromMs));
    while (!avbryt.signal.aborted) {
      // Spør ikke motoren, så den som mister en rolle, gir fra seg oppgavene også når motoren er borte.
      await ryddEiere(avh).catch((feil: unknown) => {
        if (!avbryt.signal.aborted) avh.logg.warn({ err: feil }, 'Oppgaver uten kandidat ble ikke ryddet.');
      });
      try {
        await avstem(avh);
      } catch (feil) {
        if (!avbryt.signal.aborted)
          avh.logg.warn({ feil: lesMotorfeil(feil).melding }, 'Avstemmingen fikk ikke svar fra motoren.');
      }
      await sov(mellomromMs);
    }
  })();
  return {
    async stopp() {
      avbryt.abort();
      await Promise.race([loekke, vent(5_000, undefined, { ref: false })]);
    },
  };
}

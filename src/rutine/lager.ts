import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import { iTransaksjon } from '../db/transaksjon.ts';
import { lesMappe, rullUt, type Ressurs, type Utrulling } from '../engine/deploy.ts';
import { medTidsgrense, type CamundaClient } from '../engine/client.ts';
import { ProcessDefinitionKey, UserTaskKey } from '@camunda8/orchestration-cluster-api';
import { lesDiagram, type Diagramelement } from './les-diagram.ts';

/** En versjon av en rutine slik motoren kjører den, med forfatterens eget diagram. */
export interface Rutineversjon {
  definisjonsnoekkel: string;
  prosessId: string;
  versjon: number;
  navn: string;
  xml: string;
  steg: Diagramelement[];
}

const skjemainnhold = z.record(z.string(), z.unknown());
/** Et form-js-skjema som JSON. */
export type Skjemainnhold = z.infer<typeof skjemainnhold>;

const KOLONNER = `definisjonsnoekkel, prosess_id as "prosessId", versjon, navn, xml, steg`;

async function lagre(tx: EntityManager, utrulling: Utrulling, naa: Date): Promise<void> {
  for (const p of utrulling.prosesser) {
    const diagram = (await lesDiagram(p.xml, p.prosessId)).find((d) => d.prosessId === p.prosessId);
    await tx.query(
      `insert into rutineversjon (definisjonsnoekkel, prosess_id, versjon, navn, xml, steg, utrullet)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (definisjonsnoekkel) do update
         set prosess_id = excluded.prosess_id, versjon = excluded.versjon, navn = excluded.navn,
             xml = excluded.xml, steg = excluded.steg
       where rutineversjon.xml <> excluded.xml or rutineversjon.versjon <> excluded.versjon`,
      [
        p.definisjonsnoekkel,
        p.prosessId,
        p.versjon,
        diagram?.navn ?? p.prosessId,
        p.xml,
        JSON.stringify(diagram?.elementer ?? []),
        naa,
      ],
    );
  }
  for (const s of utrulling.skjemaer) {
    await tx.query(
      `insert into skjemaversjon (skjemanoekkel, skjema_id, versjon, innhold) values ($1, $2, $3, $4)
       on conflict (skjemanoekkel) do update
         set skjema_id = excluded.skjema_id, versjon = excluded.versjon, innhold = excluded.innhold`,
      [s.skjemanoekkel, s.skjemaId, s.versjon, s.innhold],
    );
  }
}

/**
 * Ruller ut rutinene i motoren som én bunt og lagrer versjonene den svarer med. Uendrede filer gir ingen ny versjon.
 * Kaster det motoren svarer når en fil ikke lar seg rulle ut.
 */
export async function rullUtRutiner(
  ds: DataSource,
  klient: CamundaClient,
  kilde: { mappe: string } | { ressurser: Ressurs[] },
  naa: Date,
): Promise<Utrulling> {
  const ressurser = 'mappe' in kilde ? await lesMappe(kilde.mappe) : kilde.ressurser;
  const utrulling = await rullUt(klient, ressurser);
  await iTransaksjon(ds, (tx) => lagre(tx, utrulling, naa));
  minne.delete(ds);
  return utrulling;
}

/** En utrullet versjon endrer seg ikke, så den leses bare én gang per prosess. */
const minne = new WeakMap<DataSource, Map<string, Rutineversjon>>();

/** Versjonen saken kjører på; null når den ikke er utrullet herfra. */
export async function hentRutineversjon(m: EntityManager, definisjonsnoekkel: string): Promise<Rutineversjon | null> {
  const kjente = minne.get(m.dataSource) ?? new Map<string, Rutineversjon>();
  minne.set(m.dataSource, kjente);
  const kjent = kjente.get(definisjonsnoekkel);
  if (kjent) return kjent;
  const rader: Rutineversjon[] = await m.query(`select ${KOLONNER} from rutineversjon where definisjonsnoekkel = $1`, [
    definisjonsnoekkel,
  ]);
  const rad = rader[0] ?? null;
  if (rad) kjente.set(definisjonsnoekkel, rad);
  return rad;
}

/** Den nyeste versjonen av hver rutine, etter navn. */
export function hentRutiner(m: EntityManager): Promise<Rutineversjon[]> {
  return m.query(
    `select * from (select distinct on (prosess_id) ${KOLONNER} from rutineversjon order by prosess_id, versjon desc) r
      order by navn collate "nb-NO-x-icu"`,
  );
}

/**
 * Det samme når versjonen ikke er kjent her: henter diagrammet fra motoren og lagrer det (en rutine som er rullet ut med et
 * annet verktøy). Null når motoren heller ikke har det.
 */
export async function hentEllerHentFraMotoren(
  m: EntityManager,
  klient: CamundaClient,
  p: { definisjonsnoekkel: string; prosessId: string; versjon: number },
  naa: Date,
): Promise<Rutineversjon | null> {
  const kjent = await hentRutineversjon(m, p.definisjonsnoekkel);
  if (kjent) return kjent;
  const processDefinitionKey = ProcessDefinitionKey.assumeExists(p.definisjonsnoekkel);
  const xml = await medTidsgrense(
    klient.getProcessDefinitionXml({ processDefinitionKey }, { consistency: { waitUpToMs: 0 } }),
    5_000,
  );
  if (typeof xml !== 'string' || xml === '') return null;
  await lagre(m, { prosesser: [{ ...p, xml }], skjemaer: [] }, naa);
  return hentRutineversjon(m, p.definisjonsnoekkel);
}

/** Skjemaet i den versjonen et svar ble gitt på; null når oppgaven ikke har skjema eller det ikke er kjent. */
export async function hentSkjema(m: EntityManager, skjemanoekkel: string | null): Promise<Skjemainnhold | null> {
  if (!skjemanoekkel) return null;
  const rader: { innhold: unknown }[] = await m.query(`select innhold from skjemaversjon where skjemanoekkel = $1`, [
    skjemanoekkel,
  ]);
  return rader[0] ? skjemainnhold.parse(rader[0].innhold) : null;
}

/**
 * Skjemaet en åpen oppgave fylles ut i: den nyeste versjonen. Reglene på serveren er alltid de nyeste, og et eldre skjema kan
 * kreve noe de ikke lenger gjør, eller mangle noe de krever; da ville den som har oppgaven, sitte fast. Null når oppgaven
 * ikke har skjema eller det ikke er kjent.
 */
export async function hentGjeldendeSkjema(
  m: EntityManager,
  skjemanoekkel: string | null,
): Promise<{ skjemanoekkel: string; innhold: Skjemainnhold } | null> {
  if (!skjemanoekkel) return null;
  const rader: { skjemanoekkel: string; innhold: unknown }[] = await m.query(
    `select n.skjemanoekkel, n.innhold from skjemaversjon d join skjemaversjon n on n.skjema_id = d.skjema_id
      where d.skjemanoekkel = $1 order by n.versjon desc limit 1`,
    [skjemanoekkel],
  );
  return rader[0] ? { skjemanoekkel: rader[0].skjemanoekkel, innhold: skjemainnhold.parse(rader[0].innhold) } : null;
}

/** Som `hentSkjema`, men henter det fra motoren når det ikke er kjent her. */
export async function hentSkjemaEllerFraMotoren(
  m: EntityManager,
  klient: CamundaClient,
  skjemanoekkel: string | null,
  userTaskKey: string | null,
): Promise<Skjemainnhold | null> {
  const kjent = await hentSkjema(m, skjemanoekkel);
  if (kjent || !skjemanoekkel || !userTaskKey) return kjent;
  const svar = await medTidsgrense(
    klient.getUserTaskForm({ userTaskKey: UserTaskKey.assumeExists(userTaskKey) }, { consistency: { waitUpToMs: 0 } }),
    5_000,
  );
  if (!svar?.schema || !svar.formId) return null;
  // API-beskrivelsen sier objekt; en klynge kan likevel svare med JSON-tekst
  const innhold = typeof svar.schema === 'string' ? svar.schema : JSON.stringify(svar.schema);
  const nytt = { skjemaId: svar.formId, versjon: svar.version ?? 1, skjemanoekkel, innhold };
  await lagre(m, { prosesser: [], skjemaer: [nytt] }, new Date(0));
  return hentSkjema(m, skjemanoekkel);
}

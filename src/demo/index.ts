import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Klokke } from '../contract/klokke.ts';
import { STEG } from '../contract/steg/index.ts';
import { dagIOslo, leggTilDager, erVirkedag, nesteVirkedag, tidspunktIOslo } from '../contract/tid.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import type { Hub } from '../hendelse/index.ts';
import { Systemfeil } from '../logg/index.ts';
import { fullfoerOppgave, taOppgave, type FullfoerAvh } from '../oppgave/index.ts';
import { hentOppgave } from '../oppgave/lager.ts';
import { registrerAnmodning, trekkAnmodning } from '../sak/index.ts';
import { lagSteg } from '../steg/index.ts';
import { hentBruker, type Innlogget } from '../tilgang/index.ts';
import { demoperson, leggInnKapasitet } from './personer.ts';
import { DEMOSAKER, type Demosak, type Demosteg } from './saker.ts';

export interface DemoAvh {
  ds: DataSource;
  klokke: Klokke;
  hub: Hub;
  /** Stopper arbeidet mellom to steg; resten gjøres ved neste start. */
  avbrutt?: AbortSignal;
  /** Det som hindret en sak i å komme dit den skal. De andre fortsetter. */
  vedFeil?: (noekkel: string, feil: unknown) => void;
}

/** Så lenge venter demoen på at motoren legger ut neste oppgave; så fortsetter den ved neste start. */
const VENT_PAA_OPPGAVE_MS = 20_000;
/** Så mange ganger prøves sakene før de får vente til neste start. */
const GANGER = 3;
/** Så mange saker føres samtidig. */
const SAMTIDIG = 6;
const ARBEIDSDAGEN_SLUTTER = '15:30';

interface Fremdrift {
  sakId: string;
  ferdig: boolean;
  stegGjort: number;
}

/**
 * Registrerer demopersonene og anmodningene. Trenger bare databasen, så lista er der fra første side; hver sak har en
 * merkerad, og det som er registrert før, røres ikke.
 */
export async function registrerDemosaker(avh: DemoAvh): Promise<void> {
  const foer = await fremdrift(avh.ds);
  const nye = Object.entries(DEMOSAKER).filter(([noekkel, sak]) => !foer.has(noekkel) && !sak.etter);
  if (nye.length === 0) return;
  await iTransaksjon(avh.ds, (tx) => leggInnKapasitet(tx, avh.klokke));
  // Eldste anmodning først, så saksnumrene følger datoene.
  for (const [noekkel, sak] of nye.toSorted(([, a], [, b]) => b.dagerSiden - a.dagerSiden)) {
    await registrer(avh, noekkel, sak);
  }
}

/**
 * Fører demosakene til steget hver skal stå i, gjennom de samme brukstilfellene som rutene kaller. En start som ble
 * avbrutt, fortsetter der den slapp, og en ferdig sak røres aldri igjen. Det som ikke gikk første gang (en treg maskin, en
 * forbindelse som røk), prøves på nytt med det samme.
 * @returns nøklene til sakene som ikke ble ferdige (motoren svarte ikke, eller noe feilet); de fortsetter ved neste start
 */
export async function foerDemosaker(avh: DemoAvh): Promise<string[]> {
  let ufullfoert: string[] = [];
  for (let gang = 1; gang <= GANGER && avh.avbrutt?.aborted !== true; gang++) {
    ufullfoert = await foerUferdige(avh);
    if (ufullfoert.length === 0) break;
  }
  return ufullfoert;
}

async function foerUferdige(avh: DemoAvh): Promise<string[]> {
  const foer = await fremdrift(avh.ds);
  const ventende = Object.entries(DEMOSAKER)
    .filter(([noekkel]) => foer.get(noekkel)?.ferdig !== true)
    .toSorted(([, a], [, b]) => b.steg.length - a.steg.length);
  const ufullfoert: string[] = [];
  const kjoeringer = new Map<string, Promise<boolean>>();
  async function arbeid(): Promise<void> {
    for (let neste = ventende.shift(); neste; neste = ventende.shift()) {
      const [noekkel, sak] = neste;
      const kjoering = foerSak(avh, noekkel, sak, sak.etter ? kjoeringer.get(sak.etter) : undefined).catch(
        (feil: unknown) => {
          if (avh.avbrutt?.aborted !== true) avh.vedFeil?.(noekkel, feil);
          return false;
        },
      );
      kjoeringer.set(noekkel, kjoering);
      if (!(await kjoering)) ufullfoert.push(noekkel);
    }
  }
  await Promise.all(Array.from({ length: SAMTIDIG }, arbeid));
  return ufullfoert;
}

async function fremdrift(ds: DataSource): Promise<Map<string, Fremdrift>> {
  const rader: (Fremdrift & { noekkel: string })[] = await ds.query(
    `select d.noekkel, d.sak_id as "sakId", d.ferdig,
            (select count(*)::int from steg_svar s where s.sak_id = d.sak_id) as "stegGjort"
       from demo_sak d`,
  );
  return new Map(rader.map((r) => [r.noekkel, r]));
}

async function som({ ds, klokke }: DemoAvh, id: string): Promise<Innlogget> {
  const bruker = await hentBruker(ds.manager, id, dagIOslo(klokke.naa()));
  if (!bruker) throw new Systemfeil(`Demobrukeren ${id} finnes ikke.`);
  return bruker;
}

/** Anmodningen og merkeraden i én transaksjon: enten finnes begge eller ingen. */
async function registrer(avh: DemoAvh, noekkel: string, sak: Demosak): Promise<void> {
  const bruker = await som(avh, sak.av);
  await iTransaksjon(avh.ds, async (tx) => {
    const personId = await demoperson(tx, avh.klokke, bruker, sak.person);
    const mottatt = leggTilDager(dagIOslo(avh.klokke.naa()), -sak.dagerSiden);
    const { sakId } = await registrerAnmodning(tx, avh.klokke, bruker, {
      ...sak.anmodning,
      innsendingId: randomUUID(),
      personId,
      mottatt,
    });
    await tx.query(`insert into demo_sak (noekkel, sak_id) values ($1, $2)`, [noekkel, sakId]);
  });
}

/** Fører saken til steget den skal stå i. false når motoren ikke kom så langt i tide. */
async function foerSak(avh: DemoAvh, noekkel: string, sak: Demosak, etter?: Promise<boolean>): Promise<boolean> {
  if (etter && !(await etter)) return false;
  if (avh.avbrutt?.aborted) return false;
  const kjent = await fremdrift(avh.ds);
  if (!kjent.has(noekkel)) await registrer(avh, noekkel, sak);
  const her = kjent.get(noekkel) ?? (await fremdrift(avh.ds)).get(noekkel);
  if (!her) return false;
  for (const steg of sak.steg.slice(her.stegGjort)) {
    if (!(await gjoer(avh, her.sakId, steg))) return false;
  }
  if (sak.trekk) await trekk(avh, her.sakId, sak.av, sak.trekk);
  if (!(await ventTilDerDenSkal(avh, her.sakId))) return false;
  await avslutt(avh, noekkel, her.sakId, sak);
  return true;
}

async function gjoer(avh: DemoAvh, sakId: string, { steg, som: hvem, data }: Demosteg): Promise<boolean> {
  const oppgaveId = await ventPaaOppgave(avh, sakId, steg);
  if (!oppgaveId) return false;
  const bruker = await som(avh, hvem);
  const utfyller = lagSteg()[steg];
  const forslag = await iTransaksjon(avh.ds, async (tx) => {
    await taOppgave(tx, avh.klokke, bruker, oppgaveId);
    const oppgave = await hentOppgave(tx, oppgaveId);
    return oppgave ? utfyller.kontekst({ tx, klokke: avh.klokke, bruker, oppgave, sakId }) : {};
  });
  const felter = Object.keys(STEG[steg].skjema.shape);
  const forhaandsutfylt = Object.fromEntries(Object.entries(forslag).filter(([felt]) => felter.includes(felt)));
  const fullfoering: FullfoerAvh = { ...avh, steg: lagSteg(), kontrakter: STEG, ventMs: 0 };
  await fullfoerOppgave(fullfoering, bruker, oppgaveId, {
    innsendingId: randomUUID(),
    data: { ...forhaandsutfylt, ...data },
  });
  return true;
}

async function ventTil<T>(avh: DemoAvh, sakId: string, finn: () => Promise<T | null>): Promise<T | null> {
  const slutt = performance.now() + VENT_PAA_OPPGAVE_MS;
  for (;;) {
    const funnet = await finn();
    if (funnet !== null || performance.now() > slutt || avh.avbrutt?.aborted) return funnet;
    await avh.hub.ventPaaSak(sakId, 100);
  }
}

function ventPaaOppgave(avh: DemoAvh, sakId: string, steg: string): Promise<string | null> {
  return ventTil(avh, sakId, async () => {
    const rader: { id: string }[] = await avh.ds.query(
      `select id from oppgave where sak_id = $1 and steg_id = $2 and status = 'aapen'`,
      [sakId, steg],
    );
    return rader[0]?.id ?? null;
  });
}

/** Saken står der den skal når den er avsluttet, eller når det ligger en åpen oppgave i den. */
async function ventTilDerDenSkal(avh: DemoAvh, sakId: string): Promise<boolean> {
  const klar = await ventTil(avh, sakId, async () => {
    const rader: { klar: boolean }[] = await avh.ds.query(
      `select s.status = 'avsluttet' or (not exists (select 1 from trekk t where t.sak_id = s.id)
              and exists (select 1 from oppgave o where o.sak_id = s.id and o.status = 'aapen')
              and not exists (select 1 from oppgave o where o.sak_id = s.id and o.status = 'fullfoerer')) as klar
         from sak s where s.id = $1`,
      [sakId],
    );
    return rader[0]?.klar ? true : null;
  });
  return klar === true;
}

async function trekk(avh: DemoAvh, sakId: string, hvem: string, begrunnelse: string): Promise<void> {
  const bruker = await som(avh, hvem);
  await iTransaksjon(avh.ds, async (tx) => {
    const alt: unknown[] = await tx.query(`select 1 from trekk where sak_id = $1`, [sakId]);
    if (alt.length === 0) {
      await trekkAnmodning(tx, avh.klokke, bruker, sakId, { innsendingId: randomUUID(), begrunnelse });
    }
  });
}

/** Dagen selv når den er i dag; ellers nærmeste virkedag bort fra i dag, for rutinen gir ingen frist på en fridag. */
function demofrist(idag: string, dager: number): string {
  if (dager >= 0) return dager === 0 ? idag : nesteVirkedag(leggTilDager(idag, dager));
  let dag = leggTilDager(idag, dager);
  while (!erVirkedag(dag)) dag = leggTilDager(dag, -1);
  return dag;
}

/**
 * Gir den ventende oppgaven eieren og fristen demoen viser, og merker saken som ferdig. Fristen er det eneste som ikke
 * kommer fra rutinen: alt er gjort i dag, og uten den ville ingenting vært forfalt.
 */
async function avslutt(avh: DemoAvh, noekkel: string, sakId: string, sak: Demosak): Promise<void> {
  const tar = sak.harTatt ? await som(avh, sak.harTatt) : null;
  await iTransaksjon(avh.ds, async (tx) => {
    const rader: { id: string }[] = await tx.query(
      `select id from oppgave where sak_id = $1 and status = 'aapen' and type = 'steg'`,
      [sakId],
    );
    const oppgave = rader[0];
    if (oppgave && tar) await taOppgave(tx, avh.klokke, tar, oppgave.id);
    if (oppgave && sak.fristOmDager !== undefined) {
      const dag = demofrist(dagIOslo(avh.klokke.naa()), sak.fristOmDager);
      await tx.query(`update oppgave set frist = $2 where id = $1`, [
        oppgave.id,
        tidspunktIOslo(dag, ARBEIDSDAGEN_SLUTTER),
      ]);
    }
    await tx.query(`update demo_sak set ferdig = true where noekkel = $1`, [noekkel]);
  });
}

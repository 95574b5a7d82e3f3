import type { DataSource } from 'typeorm';
import { medTidsgrense, type CamundaClient } from '../engine/client.ts';

export interface HelseAvh {
  ds: DataSource;
  klient: CamundaClient;
  /** adressen appen selv svarer på; tom til den lytter */
  adresse: () => string;
  /** når utsender og arbeidere sist gikk en runde (performance.now()); null: ikke startet */
  utsenderSist: () => number | null;
  arbeidereSist: () => number;
}

export interface Helse extends Record<string, boolean> {
  klar: boolean;
  /** databasen tar imot skriving */
  database: boolean;
  /** motoren svarer på en kommando */
  motor: boolean;
  /** startsiden og skriptet den laster kommer fram */
  side: boolean;
  /** meldinger til motoren går ut */
  utsender: boolean;
  /** jobber fra motoren blir hentet */
  arbeidere: boolean;
}

const TIDSGRENSE_MS = 2_000;
/** Lenger enn en runde kan ta når alt er som det skal (et kall til motoren har 15 s). */
const STILLE_MS = 30_000;

async function holder(proeve: Promise<boolean>): Promise<boolean> {
  let vakt: NodeJS.Timeout | undefined;
  const ute = new Promise<boolean>((ok) => {
    vakt = setTimeout(() => ok(false), TIDSGRENSE_MS);
  });
  return Promise.race([proeve.catch(() => false), ute]).finally(() => clearTimeout(vakt));
}

/** Skriver en linje i databasens logg (WAL) som ingen leser: full disk, skrivesperre og reserve vises, og ingen tabell endres. */
async function databasenSkriver(ds: DataSource): Promise<boolean> {
  const rader: { skrivbar: boolean }[] = await ds.query(
    `select current_setting('transaction_read_only') = 'off' as skrivbar, pg_logical_emit_message(true, 'ip.helse', '')`,
  );
  return rader[0]?.skrivbar === true;
}

/** Spør etter en jobb ingen har: går gjennom motorens kø som enhver kommando. */
async function motorenTarKommandoer(klient: CamundaClient): Promise<boolean> {
  await medTidsgrense(
    klient.activateJobs({
      type: 'ip-helse',
      worker: 'ip-helse',
      maxJobsToActivate: 1,
      timeout: 1_000,
      requestTimeout: -1,
    }),
    TIDSGRENSE_MS,
  );
  return true;
}

/** Henter startsiden og skriptet den laster, slik en nettleser gjør. */
async function sidenKommerFram(adresse: string): Promise<boolean> {
  const signal = AbortSignal.timeout(TIDSGRENSE_MS);
  const side = await fetch(`${adresse}/`, { signal });
  const html = await side.text();
  const skript = /<script[^>]+src="([^"]+)"/.exec(html)?.[1];
  if (!side.ok || !skript) return false;
  const svar = await fetch(new URL(skript, adresse), { method: 'HEAD', signal });
  return svar.ok;
}

/** Så lenge gjelder et svar: hvem som helst kan spørre, og hver prøve skriver i databasen og går gjennom motoren. */
const GJELDER_MS = 250;

/**
 * Helsesjekken av appen. De som spør samtidig, eller like etter hverandre, får samme svar.
 * @returns funksjonen som svarer på om appen er klar, og hva som eventuelt ikke er det
 */
export function lagHelse(avh: HelseAvh): () => Promise<Helse> {
  let sist: { svar: Promise<Helse>; ferdig: number | null } | null = null;
  return () => {
    if (sist && (sist.ferdig === null || performance.now() - sist.ferdig < GJELDER_MS)) return sist.svar;
    const denne: typeof sist = { svar: sjekkHelse(avh), ferdig: null };
    sist = denne;
    return denne.svar.finally(() => (denne.ferdig = performance.now()));
  };
}

/** Det en bruker ville merket: om siden kommer, det en skriver blir lagret, og saker går videre. */
async function sjekkHelse(avh: HelseAvh): Promise<Helse> {
  const naa = performance.now();
  const utsenderSist = avh.utsenderSist();
  const [database, motor, side] = await Promise.all([
    holder(databasenSkriver(avh.ds)),
    holder(motorenTarKommandoer(avh.klient)),
    holder(avh.adresse() ? sidenKommerFram(avh.adresse()) : Promise.resolve(false)),
  ]);
  const utsender = utsenderSist !== null && naa - utsenderSist < STILLE_MS;
  const arbeidere = naa - avh.arbeidereSist() < STILLE_MS;
  return { klar: database && motor && side && utsender && arbeidere, database, motor, side, utsender, arbeidere };
}

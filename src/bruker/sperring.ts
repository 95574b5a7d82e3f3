import type { DataSource, EntityManager } from 'typeorm';
import type { z } from 'zod';
import type {
  aapneRolle as AapneRolle,
  avsluttRolle as AvsluttRolle,
  BrukerendringSvar,
  sperrBruker as SperrBruker,
} from '../contract/api.ts';
import { MAKS_FORDELING } from '../contract/fordeling.ts';
import type { Klokke } from '../contract/klokke.ts';
import { dagIOslo, leggTilDager } from '../contract/tid.ts';
import type { Innlogget, Rolle } from '../contract/tilgang.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { Problemfeil, ikkeFunnet, ugyldigeFelter } from '../http/problem.ts';
import { fordelOppgaver, frigjoerTapte, oppgaverHos } from '../oppgave/index.ts';
import { brukerIBruk, hentEnhet, kan, rolleGjelder } from '../tilgang/index.ts';
import { ledigeTekst, rolletekst, somDag } from './tekster.ts';

export interface BrukerAvh {
  ds: DataSource;
  klokke: Klokke;
}

interface Laast {
  id: string;
  navn: string;
  aktiv: boolean;
  sperretFra: string | null;
}

/** Brukeren, låst, så to endringer av den samme går etter hverandre. */
async function laas(tx: EntityManager, id: string): Promise<Laast> {
  const rader: Laast[] = await tx.query(
    `select id, navn, aktiv, sperret_fra::text as "sperretFra" from bruker where id = $1 for no key update`,
    [id],
  );
  const bruker = rader[0];
  if (!bruker) throw ikkeFunnet();
  return bruker;
}

interface Endring {
  brukerId: string;
  hva: 'sperret' | 'aapnet' | 'rolle-avsluttet' | 'rolle-aapnet' | 'oppgaver-frigjort';
  rolle?: Rolle;
  enhetId?: string;
  fra?: string;
  grunn: string;
}

/** Skriver endringen i loggen: hvem, hva, hvorfor. */
async function loggfoer(tx: EntityManager, av: Innlogget, naa: Date, e: Endring): Promise<void> {
  await tx.query(
    `insert into brukerendring (bruker_id, hva, rolle, enhet_id, gjelder_fra, av, grunn, tid)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [e.brukerId, e.hva, e.rolle ?? null, e.enhetId ?? null, e.fra ?? null, av.id, e.grunn, naa],
  );
}

/**
 * Det må alltid finnes en systemansvarlig: uten ham er det ingen som kan åpne noe igjen. En som selv skal ut på en dag som er
 * satt, teller ikke. To som tar hverandre bort samtidig, går etter hverandre.
 */
async function krevEnSystemansvarligTil(tx: EntityManager, brukerId: string, dag: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended('siste-systemansvarlig', 0))`);
  const andre: unknown[] = await tx.query(
    `select 1 from rolletildeling r join bruker b on b.id = r.bruker_id
      where r.rolle = 'systemansvarlig' and b.id <> $2 and ${brukerIBruk('b', '$1')} and ${rolleGjelder('r', '$1')}
        and b.sperret_fra is null and r.til is null limit 1`,
    [dag, brukerId],
  );
  if (andre.length === 0) {
    throw new Problemfeil(
      409,
      'Siste systemansvarlig',
      'Dette er den eneste systemansvarlige. Gi rollen til en annen først, så noen kan åpne brukere igjen.',
    );
  }
}

async function harRollen(tx: EntityManager, brukerId: string, rolle: Rolle, dag: string): Promise<boolean> {
  const rader: unknown[] = await tx.query(
    `select 1 from rolletildeling r where r.bruker_id = $2 and r.rolle = $3 and ${rolleGjelder('r', '$1')} limit 1`,
    [dag, brukerId, rolle],
  );
  return rader.length > 0;
}

function ikkeDegSelv(av: Innlogget, id: string): void {
  if (av.id === id) throw new Problemfeil(409, 'Gjelder deg selv', 'Du kan ikke gjøre dette med din egen bruker.');
}

/**
 * Sperrer brukeren fra og med en dag. Er dagen kommet, virker ingen innlogging fra nå, og oppgavene han har, er ledige, i samme
 * transaksjon; ellers skjer det når dagen kommer (ryddEiere). Oppgaver som er gitt til ham personlig, blir hos ham og merkes,
 * så lederen kan svare for ham. Samme sperring to ganger gjør ingenting.
 * @throws Problemfeil 404 (finnes ikke), 409 (seg selv, siste systemansvarlige)
 */
export function sperrBruker(
  avh: BrukerAvh,
  av: Innlogget,
  id: string,
  { fra, grunn }: z.output<typeof SperrBruker>,
): Promise<BrukerendringSvar> {
  return iTransaksjon(avh.ds, async (tx) => {
    const naa = avh.klokke.naa();
    const dag = dagIOslo(naa);
    const bruker = await laas(tx, id);
    ikkeDegSelv(av, id);
    if (await harRollen(tx, id, 'systemansvarlig', dag)) await krevEnSystemansvarligTil(tx, id, dag);
    if (!bruker.aktiv) return { melding: `${bruker.navn} er alt sperret.`, frigjort: 0 };
    if (fra > dag) {
      if (bruker.sperretFra !== fra) {
        await tx.query(`update bruker set sperret_fra = $2 where id = $1`, [id, fra]);
        await loggfoer(tx, av, naa, { brukerId: id, hva: 'sperret', fra, grunn });
      }
      return { melding: `${bruker.navn} blir sperret fra ${somDag(fra)}.`, frigjort: 0 };
    }
    await tx.query(`update bruker set sperret_fra = $2, aktiv = false where id = $1`, [id, dag]);
    await tx.query(`delete from session where sess->>'brukerId' = $1`, [id]);
    await loggfoer(tx, av, naa, { brukerId: id, hva: 'sperret', fra: dag, grunn });
    const frigjort = await frigjoerTapte(tx, id, { aarsak: 'sperret', av, grunn, naa });
    return { melding: `${bruker.navn} er sperret og logget ut.${ledigeTekst(frigjort)}`, frigjort };
  });
}

/** Opphever sperringen, også en som ikke har begynt. Oppgavene kommer ikke tilbake av seg selv: andre kan ha tatt dem. */
export function aapneBruker(avh: BrukerAvh, av: Innlogget, id: string, grunn: string): Promise<BrukerendringSvar> {
  return iTransaksjon(avh.ds, async (tx) => {
    const bruker = await laas(tx, id);
    if (bruker.aktiv && bruker.sperretFra === null) return { melding: `${bruker.navn} er ikke sperret.`, frigjort: 0 };
    await tx.query(`update bruker set sperret_fra = null, aktiv = true where id = $1`, [id]);
    await loggfoer(tx, av, avh.klokke.naa(), { brukerId: id, hva: 'aapnet', grunn });
    return { melding: `${bruker.navn} kan logge inn igjen.`, frigjort: 0 };
  });
}

/**
 * Avslutter en rolle med siste dag. Er dagen over, er oppgavene han hadde gjennom rollen, ledige med en gang; ellers dagen etter
 * siste dag (ryddEiere). En leder kan bare i egen enhet.
 * @throws Problemfeil 404 (rollen finnes ikke, eller er i en annen enhet), 409 (seg selv, siste systemansvarlige), 422 (datoen)
 */
export function avsluttRolle(
  avh: BrukerAvh,
  av: Innlogget,
  id: string,
  { rolle, enhetId, til, grunn }: z.output<typeof AvsluttRolle>,
): Promise<BrukerendringSvar> {
  return iTransaksjon(avh.ds, async (tx) => {
    if (!kan(av, 'bruker:avslutt-rolle', { enhetId })) throw ikkeFunnet();
    const naa = avh.klokke.naa();
    const dag = dagIOslo(naa);
    const bruker = await laas(tx, id);
    ikkeDegSelv(av, id);
    const rader: { fra: string; til: string | null }[] = await tx.query(
      `select fra::text as fra, til::text as til from rolletildeling
        where bruker_id = $1 and rolle = $2 and enhet_id = $3 and (til is null or til >= $4) order by fra desc`,
      [id, rolle, enhetId, dag],
    );
    const gjeldende = rader[0];
    if (!gjeldende) throw ikkeFunnet();
    // Dagen før den begynte: rollen gjaldt aldri.
    if (til < leggTilDager(gjeldende.fra, -1)) {
      throw ugyldigeFelter([
        { felt: 'til', melding: `Rollen begynte ${somDag(gjeldende.fra)}. Velg en dag etter det.` },
      ]);
    }
    if (rolle === 'systemansvarlig') await krevEnSystemansvarligTil(tx, id, dag);
    const navn = rolletekst(rolle, (await hentEnhet(tx, enhetId))?.navn ?? enhetId);
    const sist = `${bruker.navn} er ${navn} til og med ${somDag(til)}.`;
    if (gjeldende.til === til) return { melding: sist, frigjort: 0 };
    await tx.query(
      `update rolletildeling set til = $4 where bruker_id = $1 and rolle = $2 and enhet_id = $3 and fra = $5`,
      [id, rolle, enhetId, til, gjeldende.fra],
    );
    await loggfoer(tx, av, naa, { brukerId: id, hva: 'rolle-avsluttet', rolle, enhetId, fra: til, grunn });
    const frigjort = await frigjoerTapte(tx, id, { aarsak: 'rolle-slutt', av, grunn, naa });
    return { melding: til < dag ? `${bruker.navn} er ikke lenger ${navn}.${ledigeTekst(frigjort)}` : sist, frigjort };
  });
}

/**
 * Angrer en avslutning. Er rollen alt over, begynner den på nytt i dag; det kan bare systemansvarlig, for det er å gi en rolle.
 * @throws Problemfeil 404 når rollen ikke er avsluttet, eller brukeren ikke kan gi den tilbake
 */
export function aapneRolle(
  avh: BrukerAvh,
  av: Innlogget,
  id: string,
  { rolle, enhetId, grunn }: z.output<typeof AapneRolle>,
): Promise<BrukerendringSvar> {
  return iTransaksjon(avh.ds, async (tx) => {
    if (!kan(av, 'bruker:avslutt-rolle', { enhetId })) throw ikkeFunnet();
    const naa = avh.klokke.naa();
    const dag = dagIOslo(naa);
    const bruker = await laas(tx, id);
    ikkeDegSelv(av, id);
    const rader: { fra: string; til: string | null }[] = await tx.query(
      `select fra::text as fra, til::text as til from rolletildeling
        where bruker_id = $1 and rolle = $2 and enhet_id = $3 order by fra desc limit 1`,
      [id, rolle, enhetId],
    );
    const siste = rader[0];
    const over = siste?.til != null && siste.til < dag;
    const begynnerPaaNytt = over && siste.fra < dag;
    if (!siste || (over && !kan(av, 'bruker:sperr'))) throw ikkeFunnet();
    const navn = rolletekst(rolle, (await hentEnhet(tx, enhetId))?.navn ?? enhetId);
    if (siste.til === null) return { melding: `${bruker.navn} er ${navn}.`, frigjort: 0 };
    await tx.query(
      begynnerPaaNytt
        ? `insert into rolletildeling (bruker_id, rolle, enhet_id, fra) values ($1, $2, $3, $4)`
        : `update rolletildeling set til = null where bruker_id = $1 and rolle = $2 and enhet_id = $3 and fra = $4`,
      [id, rolle, enhetId, begynnerPaaNytt ? dag : siste.fra],
    );
    await loggfoer(tx, av, naa, { brukerId: id, hva: 'rolle-aapnet', rolle, enhetId, grunn });
    return { melding: `${bruker.navn} er ${navn} igjen.`, frigjort: 0 };
  });
}

/**
 * Gjør alt brukeren har, og som den som spør kan fordele, ledig: han er borte, men ikke sperret.
 * @throws Problemfeil 404 når brukeren ikke har noe den som spør kan fordele
 */
export async function frigjoerHos(
  avh: BrukerAvh,
  av: Innlogget,
  id: string,
  grunn: string,
): Promise<BrukerendringSvar> {
  const ider = await oppgaverHos(avh.ds.manager, av, id);
  if (ider.length === 0) throw ikkeFunnet();
  let frigjort = 0;
  for (let i = 0; i < ider.length; i += MAKS_FORDELING) {
    const { resultater } = await fordelOppgaver(avh, av, { ider: ider.slice(i, i + MAKS_FORDELING), til: null, grunn });
    frigjort += resultater.filter((r) => r.resultat === 'frigjort').length;
  }
  const navn = await iTransaksjon(avh.ds, async (tx) => {
    await loggfoer(tx, av, avh.klokke.naa(), { brukerId: id, hva: 'oppgaver-frigjort', grunn });
    return (await laas(tx, id)).navn;
  });
  return { melding: `${navn}:${ledigeTekst(frigjort) || ' Ingen oppgaver ble ledige.'}`, frigjort };
}

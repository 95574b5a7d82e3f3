import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { brevtekst, tegnmelding } from '../brev/index.ts';
import { fullfoerSvar, type Feltfeil, type FullfoerSvar } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { regnSynlighet } from '../contract/synlighet.ts';
import type { Stegkontrakt } from '../contract/steg/index.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import type { Prosessvariabler } from '../engine/workers.ts';
import { varsle } from '../hendelse/skriv.ts';
import type { Hub } from '../hendelse/hub.ts';
import { feltfeilFraZod } from '../http/tolk.ts';
import { Problemfeil, ikkeFunnet, ugyldigeFelter } from '../http/problem.ts';
import { Systemfeil } from '../logg/index.ts';
import { skrivUtboks } from '../outbox/skriv.ts';
import { hentGjeldendeSkjema } from '../rutine/index.ts';
import type { Innlogget } from '../tilgang/index.ts';
import { krevUendret, slettUtkast } from '../utkast/index.ts';
import { krevMin } from './krav.ts';
import { hentOppgave, oppgavegrupper, type Oppgaverad } from './lager.ts';
import type { Steg, StegKontekst, Stegregister } from './steg.ts';

export interface FullfoerAvh {
  ds: DataSource;
  klokke: Klokke;
  hub: Hub;
  steg: Stegregister;
  kontrakter: Readonly<Record<string, Stegkontrakt>>;
  /** Hvor lenge svaret venter på at saken går videre; etter det går den videre uten at noen venter. */
  ventMs?: number;
}

export interface Innsending {
  innsendingId: string;
  data: Record<string, unknown>;
  /** versjonen av utkastet det bygger på; uten: det sees ikke etter om noen andre har skrevet */
  utkastversjon?: number | undefined;
}

/** Steget og kontrakten til en oppgave; kaster når systemet ikke har noe brukstilfelle for den. */
export function finnSteg(
  avh: Pick<FullfoerAvh, 'steg' | 'kontrakter'>,
  o: Oppgaverad,
): { steg: Steg; kontrakt: Stegkontrakt } {
  const steg = avh.steg[o.stegId];
  const kontrakt = avh.kontrakter[o.stegId];
  if (!steg || !kontrakt) {
    throw new Problemfeil(
      501,
      'Steget støttes ikke',
      `Systemet kan ikke fullføre steget «${o.tittel}». Si fra til systemansvarlig.`,
    );
  }
  return { steg, kontrakt };
}

/** Det steget får å arbeide med. */
export function stegkontekst(tx: EntityManager, klokke: Klokke, bruker: Innlogget, o: Oppgaverad): StegKontekst {
  if (!o.sakId) throw new Systemfeil(`Oppgaven ${o.id} hører ikke til en sak.`);
  return { tx, klokke, bruker, oppgave: o, sakId: o.sakId };
}

const FOERSTE_SVAR = fullfoerSvar.pick({ melding: true, sakId: true });
type FoersteSvar = Pick<FullfoerSvar, 'melding' | 'sakId'>;

/** Svaret som alt er gitt på innsendingen; null når den er ny. En annens innsending med samme id avvises. */
async function gittSvar(
  m: EntityManager,
  bruker: Innlogget,
  id: string,
  innsendingId: string,
): Promise<FoersteSvar | null> {
  const rader: { id: string; av: string | null; svar: unknown }[] = await m.query(
    `select id, avsluttet_av as av, svar from oppgave where innsending_id = $1`,
    [innsendingId],
  );
  const rad = rader[0];
  if (!rad) return null;
  if (rad.id !== id || rad.av !== bruker.id) {
    throw new Problemfeil(
      409,
      'Innsendingen er brukt',
      'Skjemaet er sendt inn før, for en annen oppgave. Last siden på nytt.',
    );
  }
  return FOERSTE_SVAR.parse(rad.svar);
}

/**
 * Det som skal være sant samtidig, i én transaksjon: den rettslige handlingen, svaret som fakta, hendelsen, oppgaven og
 * beskjeden til motoren. Kaster steget eller en regel, er ingenting lagret.
 */
async function utfoerISammeTransaksjon(
  tx: EntityManager,
  avh: FullfoerAvh,
  bruker: Innlogget,
  id: string,
  { innsendingId, data, utkastversjon }: Innsending,
): Promise<FoersteSvar> {
  const naa = avh.klokke.naa();
  // Låsen først: to like innsendinger går etter hverandre, og den andre ser svaret til den første.
  if (!(await hentOppgave(tx, id, true))) throw ikkeFunnet();
  const gitt = await gittSvar(tx, bruker, id, innsendingId);
  if (gitt) return gitt;
  const o = await krevMin(tx, avh.klokke, bruker, id);
  if (o.type === 'teknisk') {
    throw new Problemfeil(409, 'Kan ikke fullføres', 'En teknisk oppgave avsluttes ved å prøve igjen det som feilet.');
  }
  const utkast = { slag: 'oppgave', gjelder: id } as const;
  if (utkastversjon !== undefined) await krevUendret(tx, utkast, utkastversjon);
  const svar = o.type === 'gikk-videre' ? settSomLest(o) : await utfoerSteg(tx, avh, bruker, o, data);
  await tx.query(
    `update oppgave set status = $2, avsluttet = $3, avsluttet_av = $4, innsending_id = $5, svar = $6 where id = $1`,
    [id, o.userTaskKey ? 'fullfoerer' : 'fullfoert', naa, bruker.id, innsendingId, JSON.stringify(svar)],
  );
  await slettUtkast(tx, utkast);
  await varsle(tx, { type: 'oppgave', id, sakId: o.sakId });
  return svar;
}

function settSomLest(o: Oppgaverad): FoersteSvar {
  return { melding: 'Du har sett at saken gikk videre.', sakId: o.sakId };
}

/** Det som er skrevet til et brev, må kunne skrives i brevet: ingenting av det skal bli borte på veien til mottakeren. */
function tegnfeil(steg: Steg, data: Record<string, unknown>): Feltfeil[] {
  return (steg.brevfelter ?? []).flatMap((felt: string) => {
    const verdi = data[felt];
    const melding = typeof verdi === 'string' ? tegnmelding(brevtekst(verdi).mangler) : null;
    return melding ? [{ felt, melding }] : [];
  });
}

/** Lagrer svaret som fakta i saken, og sier til motoren at oppgaven er fullført. */
export async function lagreSvar(
  tx: EntityManager,
  o: Oppgaverad,
  bruker: Innlogget,
  { data, variabler }: { data: unknown; variabler: Prosessvariabler },
  naa: Date,
): Promise<void> {
  await tx.query(
    `insert into steg_svar (id, oppgave_id, sak_id, steg_id, tittel, skjemanoekkel, data, bruker_id, bruker_navn, tid)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      randomUUID(),
      o.id,
      o.sakId,
      o.stegId,
      o.tittel,
      o.skjemanoekkel,
      JSON.stringify(data),
      bruker.id,
      bruker.navn,
      naa,
    ],
  );
  if (!o.userTaskKey) return;
  const innhold = { oppgaveId: o.id, userTaskKey: o.userTaskKey, variabler };
  await skrivUtboks(tx, { slag: 'fullfoer-user-task', innhold, sakId: o.sakId, naa });
}

async function utfoerSteg(
  tx: EntityManager,
  avh: FullfoerAvh,
  bruker: Innlogget,
  o: Oppgaverad,
  innsendt: Record<string, unknown>,
): Promise<FoersteSvar> {
  const { steg, kontrakt } = finnSteg(avh, o);
  const k = stegkontekst(tx, avh.klokke, bruker, o);
  const skjema = await hentGjeldendeSkjema(tx, o.skjemanoekkel);
  const synlig = skjema ? regnSynlighet(skjema.innhold, innsendt, await steg.kontekst(k)).svar : innsendt;
  const tolket = kontrakt.skjema.safeParse(synlig);
  if (!tolket.success) throw ugyldigeFelter(feltfeilFraZod(tolket.error));
  const feil = [...tegnfeil(steg, synlig), ...((await steg.kontroller?.(k, tolket.data)) ?? [])];
  if (feil.length > 0) throw ugyldigeFelter(feil);
  const { variabler, melding } = await steg.utfoer(k, tolket.data);
  await lagreSvar(
    tx,
    { ...o, skjemanoekkel: skjema?.skjemanoekkel ?? o.skjemanoekkel },
    bruker,
    { data: tolket.data, variabler },
    avh.klokke.naa(),
  );
  return { melding, sakId: o.sakId };
}

/** Den neste åpne oppgaven i saken etter denne, og om den er noe å by brukeren: hans egen, eller ledig og ikke stengt for ham. */
async function nesteISaken(
  avh: FullfoerAvh,
  bruker: Innlogget,
  o: Oppgaverad,
): Promise<{ id: string; min: boolean } | null> {
  const m = avh.ds.manager;
  const rader: { id: string; min: boolean }[] = await m.query(
    `select n.id, (n.eier_id = $3 or (n.eier_id is null and (n.gruppe = any($4) or n.kandidatbruker = $3)
                                    and n.utelukket_id is distinct from $3)) is true as min
       from oppgave n
      where n.sak_id = $1 and n.loepenr > $2 and n.status = 'aapen' and n.type = 'steg'
      order by min desc, n.loepenr desc limit 1`,
    [o.sakId, o.loepenr, bruker.id, oppgavegrupper(bruker, 'oppgave:ta')],
  );
  return rader[0] ?? null;
}

/**
 * Fullfører oppgaven. Svarer når arbeidet er lagret og saken har gått videre, men venter høyst et øyeblikk på det siste:
 * er motoren borte, er arbeidet trygt og `motorHarSvart` false. Samme innsendingId to ganger gir det første svaret.
 * @throws Problemfeil 404, 409 (ikke min, ikke åpen) og 422 (felter som må rettes); da er ingenting lagret
 */
export async function fullfoerOppgave(
  avh: FullfoerAvh,
  bruker: Innlogget,
  id: string,
  innsending: Innsending,
): Promise<FullfoerSvar> {
  const svar = await iTransaksjon(avh.ds, (tx) => utfoerISammeTransaksjon(tx, avh, bruker, id, innsending));
  // Monoton tid: dette er ventingen til den som spør, ikke tiden i saken.
  const frist = performance.now() + (avh.ventMs ?? 1_500);
  for (;;) {
    const o = await hentOppgave(avh.ds.manager, id);
    const motorHarSvart = o?.status !== 'fullfoerer';
    const neste = o?.sakId && motorHarSvart ? await nesteISaken(avh, bruker, o) : null;
    const igjen = frist - performance.now();
    if (neste || igjen <= 0 || !o?.sakId || !o.userTaskKey || o.status === 'gikk-videre') {
      return { ...svar, nesteOppgaveId: neste?.min ? neste.id : null, motorHarSvart };
    }
    // Et varsel kan ha kommet mellom spørringen og ventingen, så det sees etter igjen om litt uansett.
    await avh.hub.ventPaaSak(o.sakId, Math.min(igjen, 200));
  }
}

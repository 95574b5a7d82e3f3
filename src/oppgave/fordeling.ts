import type { EntityManager } from 'typeorm';
import type { FordelSvar, Fordelingskandidat } from '../contract/api.ts';
import { dagIOslo } from '../contract/tid.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { skrivHendelse, varsle } from '../hendelse/skriv.ts';
import { Problemfeil, ikkeFunnet } from '../http/problem.ts';
import { kan, type Innlogget } from '../tilgang/index.ts';
import { slettUtkast } from '../utkast/index.ts';
import { skrivFordeling } from './fordelingslogg.ts';
import { finnSteg, lagreSvar, stegkontekst, type FullfoerAvh } from './fullfoer.ts';
import { hentMottakere, mottakereFor } from './kandidater.ts';
import { ikkeAapen, speil } from './krav.ts';
import { hentOppgave, kanFordele, type EnOppgave, type Oppgaverad } from './lager.ts';
import { frigjoerLaast } from './rydding.ts';
import type { Saksoppslag } from './saksoppslag.ts';

export type FordelingAvh = Pick<FullfoerAvh, 'ds' | 'klokke' | 'steg' | 'kontrakter'> & { saksoppslag: Saksoppslag };

type Rad = FordelSvar['resultater'][number];

const IKKE_DIN = 'Oppgaven finnes ikke, eller du har ikke tilgang til å fordele den.';

/** Om brukeren fordeler det som ligger der. En avsluttet oppgave i en sak enheten har gitt fra seg, er ikke lenger enhetens. */
function leder(bruker: Innlogget, o: EnOppgave | null): o is EnOppgave {
  if (o === null || o.type === 'teknisk' || (o.status !== 'aapen' && !o.enhetHarSaken)) return false;
  return kan(bruker, 'oppgave:fordel', { enhetId: o.enhetId });
}

/** Oppgavene brukeren kan fordele, av dem han nevner. @throws Problemfeil 404 når han ikke kan fordele noen av dem */
async function hentEgne(m: EntityManager, bruker: Innlogget, ider: readonly string[]): Promise<Oppgaverad[]> {
  const rader: (EnOppgave | null)[] = [];
  for (const id of ider) rader.push(await hentOppgave(m, id));
  const egne = rader.filter((o) => leder(bruker, o));
  if (egne.length === 0) throw ikkeFunnet();
  return egne;
}

/** De som kan få oppgavene, med hvor mange av dem og hvor mange åpne oppgaver de har fra før. */
export async function hentFordelingskandidater(
  avh: Pick<FordelingAvh, 'ds' | 'klokke'>,
  bruker: Innlogget,
  ider: readonly string[],
): Promise<Fordelingskandidat[]> {
  const oppgaver = await hentEgne(avh.ds.manager, bruker, ider);
  return hentMottakere(
    avh.ds.manager,
    oppgaver.filter((o) => o.status === 'aapen'),
    dagIOslo(avh.klokke.naa()),
  );
}

/** Hvorfor den valgte ikke kan få oppgaven, til lederen. */
function hvorforIkke(o: Oppgaverad, navn: string, tilId: string): string {
  if (o.type === 'steg' && o.gruppe === null) {
    return `Bare ${o.eierNavn ?? 'den som er spurt'} kan svare. Åpne oppgaven for å svare for den som ikke kan.`;
  }
  if (o.utelukketId === tilId) return `${navn} kan ikke få den, fordi en annen må gjøre dette steget (fire øyne).`;
  return `${navn} har ikke rollen som kan gjøre denne oppgaven.`;
}

/**
 * Holder den som skal få oppgaven, i bruk til dette er lagret; en sperring som kommer samtidig, ser da oppgaven. Tas før
 * oppgaven låses, i samme rekkefølge som sperringen, så de to aldri venter på hverandre.
 */
async function holdMottaker(tx: EntityManager, id: string): Promise<{ id: string; navn: string }> {
  const rader: { navn: string }[] = await tx.query(`select navn from bruker where id = $1 for share`, [id]);
  return { id, navn: rader[0]?.navn ?? 'Den du valgte' };
}

async function giTil(
  tx: EntityManager,
  o: Oppgaverad,
  av: Innlogget,
  { id: tilId, navn }: { id: string; navn: string },
  grunn: string,
  naa: Date,
): Promise<Rad> {
  const svar = { id: o.id, tittel: o.tittel, saksnummer: o.saksnummer };
  if (o.eierId === tilId) return { ...svar, resultat: 'uendret', melding: `Ligger alt hos ${o.eierNavn ?? tilId}.` };
  const mulige = await mottakereFor(tx, o, dagIOslo(naa));
  if (!mulige.some((m) => m.id === tilId)) {
    return { ...svar, resultat: 'avvist', melding: hvorforIkke(o, navn, tilId) };
  }
  await tx.query(`update oppgave set eier_id = $2, tatt = $3 where id = $1`, [o.id, tilId, naa]);
  await skrivFordeling(tx, {
    oppgaveId: o.id,
    slag: 'gitt',
    aarsak: 'leder',
    fra: o.eierId,
    til: tilId,
    av: av.id,
    grunn,
    naa,
  });
  await speil(tx, o, tilId, naa);
  if (o.sakId) {
    const fra = o.eierNavn ? ` fra ${o.eierNavn}` : '';
    const tekst = `{av} ga oppgaven «${o.tittel}»${fra} til ${navn}.`;
    await skrivHendelse(tx, { naa, sakId: o.sakId, av, type: 'oppgave-gitt', tekst, data: { oppgaveId: o.id } });
  }
  return { ...svar, resultat: 'gitt', melding: `Gitt til ${navn}.` };
}

async function frigjoer(tx: EntityManager, o: Oppgaverad, av: Innlogget, grunn: string, naa: Date): Promise<Rad> {
  const svar = { id: o.id, tittel: o.tittel, saksnummer: o.saksnummer };
  if (o.eierId === null) return { ...svar, resultat: 'uendret', melding: 'Er alt ledig.' };
  if (o.gruppe === null) return { ...svar, resultat: 'avvist', melding: hvorforIkke(o, '', '') };
  await frigjoerLaast(tx, o, { aarsak: 'leder', av, grunn, naa });
  return { ...svar, resultat: 'frigjort', melding: 'Er ledig igjen.' };
}

/**
 * Lederen gjør oppgaver ledige (`til` er null), eller gir dem til en navngitt kandidat. Hver oppgave avgjøres for seg, helt eller
 * ikke i det hele tatt, og svaret sier hva som skjedde med hver: at én ble fullført imens, hindrer ikke de andre. Samme kall to
 * ganger gjør ingenting den andre gangen.
 * @throws Problemfeil 404 når brukeren ikke kan fordele noen av oppgavene
 */
export async function fordelOppgaver(
  avh: Pick<FordelingAvh, 'ds' | 'klokke'>,
  bruker: Innlogget,
  { ider, til, grunn }: { ider: readonly string[]; til: string | null; grunn: string },
): Promise<FordelSvar> {
  await hentEgne(avh.ds.manager, bruker, ider);
  const resultater: Rad[] = [];
  for (const id of new Set(ider)) {
    resultater.push(
      await iTransaksjon(avh.ds, async (tx): Promise<Rad> => {
        const naa = avh.klokke.naa();
        const mottaker = til === null ? null : await holdMottaker(tx, til);
        const o = await hentOppgave(tx, id, true);
        if (!leder(bruker, o)) return { id, tittel: '', saksnummer: null, resultat: 'avvist', melding: IKKE_DIN };
        if (o.status !== 'aapen') {
          const { message } = ikkeAapen(o, naa);
          return { id, tittel: o.tittel, saksnummer: o.saksnummer, resultat: 'avvist', melding: message };
        }
        return mottaker ? giTil(tx, o, bruker, mottaker, grunn, naa) : frigjoer(tx, o, bruker, grunn, naa);
      }),
    );
  }
  return { resultater };
}

/** Om brukeren kan svare i den personlige oppgaven for den som er spurt: leder der han er, eller der saken avgjøres. */
export async function kanBesvareFor(
  m: EntityManager,
  avh: Pick<FordelingAvh, 'steg' | 'saksoppslag'>,
  bruker: Innlogget,
  o: Oppgaverad,
): Promise<boolean> {
  if (o.status !== 'aapen' || o.type !== 'steg' || o.gruppe !== null || !o.sakId) return false;
  if (!avh.steg[o.stegId]?.besvarFor || o.kandidatbruker === bruker.id) return false;
  if (kan(bruker, 'oppgave:besvar-for', { enhetId: o.enhetId })) return true;
  const sak = await avh.saksoppslag.forOppgave(m, o.sakId);
  return sak !== null && kan(bruker, 'oppgave:besvar-for', { enhetId: sak.vedtaksinstans });
}

/**
 * Lederen svarer for den som er spurt og ikke kan svare, så saken ikke venter på en som er borte. Bare utfallet steget har åpnet for.
 * @returns setningen lederen får se
 * @throws Problemfeil 404 uten tilgang, 409 når oppgaven er besvart eller falt bort
 */
export async function besvarFor(
  avh: FordelingAvh,
  bruker: Innlogget,
  id: string,
  grunn: string,
): Promise<{ melding: string }> {
  return iTransaksjon(avh.ds, async (tx) => {
    const naa = avh.klokke.naa();
    const o = await hentOppgave(tx, id, true);
    if (!o) throw ikkeFunnet();
    if (o.status !== 'aapen' && (await kanBesvareFor(tx, avh, bruker, { ...o, status: 'aapen' })))
      throw ikkeAapen(o, naa);
    if (!(await kanBesvareFor(tx, avh, bruker, o))) throw ikkeFunnet();
    const { steg } = finnSteg(avh, o);
    if (!steg.besvarFor || !o.userTaskKey)
      throw new Problemfeil(409, 'Kan ikke besvares', 'Oppgaven kan ikke besvares for en annen.');
    const { variabler, melding, svar } = await steg.besvarFor.utfoer(stegkontekst(tx, avh.klokke, bruker, o));
    await lagreSvar(tx, o, bruker, { data: svar, variabler }, naa);
    await tx.query(
      `update oppgave set status = 'fullfoerer', avsluttet = $2, avsluttet_av = $3, svar = $4 where id = $1`,
      [id, naa, bruker.id, JSON.stringify({ melding, sakId: o.sakId })],
    );
    await slettUtkast(tx, { slag: 'oppgave', gjelder: id });
    await skrivFordeling(tx, {
      oppgaveId: o.id,
      slag: 'besvart',
      aarsak: 'leder',
      fra: o.kandidatbruker,
      til: null,
      av: bruker.id,
      grunn,
      naa,
    });
    await varsle(tx, { type: 'oppgave', id, sakId: o.sakId });
    return { melding };
  });
}

/** Alt brukeren har som lederen kan gjøre ledig: til den som er borte uten å være sperret. */
export async function oppgaverHos(m: EntityManager, leder: Innlogget, brukerId: string): Promise<string[]> {
  const rader: Pick<Oppgaverad, 'id' | 'type' | 'status' | 'enhetId'>[] = await m.query(
    `select id, type, status, enhet_id as "enhetId" from oppgave
      where status = 'aapen' and eier_id = $1 and gruppe is not null order by loepenr limit 500`,
    [brukerId],
  );
  return rader.filter((o) => kanFordele(leder, o)).map((o) => o.id);
}

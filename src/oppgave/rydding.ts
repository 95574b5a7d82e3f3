import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import type { Klokke } from '../contract/klokke.ts';
import { dagIOslo } from '../contract/tid.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { skrivHendelse, varsle } from '../hendelse/skriv.ts';
import { brukerIBruk, rolleGjelder } from '../tilgang/index.ts';
import { skrivFordeling, type Fordelingsaarsak } from './fordelingslogg.ts';
import { hevMykUtelukkelse } from './kandidater.ts';
import { speil } from './krav.ts';
import { hentOppgave, type Oppgaverad } from './lager.ts';

/** Eieren av en gruppeoppgave som ikke lenger er kandidat: sperret, eller uten rollen på dagen i `dag`. */
const eierErIkkeKandidat = (dag: string): string => `
  o.status = 'aapen' and o.eier_id is not null and o.gruppe is not null and o.kandidatbruker is distinct from o.eier_id
  and not exists (
    select 1 from rolletildeling r join bruker b on b.id = r.bruker_id
     where r.bruker_id = o.eier_id and r.rolle || ':' || r.enhet_id = o.gruppe
       and ${brukerIBruk('b', dag)} and ${rolleGjelder('r', dag)})`;

/**
 * Gir oppgaven, som er låst, tilbake til gruppa. Utkastet blir liggende til den som tar den. I saken står det at oppgaven ble
 * ledig, og hvem som hadde den; hvorfor står bare i loggen.
 */
export async function frigjoerLaast(
  tx: EntityManager,
  o: Oppgaverad,
  hva: { aarsak: Fordelingsaarsak; av: { id: string; navn: string } | null; grunn: string | null; naa: Date },
): Promise<void> {
  const { aarsak, av, grunn, naa } = hva;
  await tx.query(`update oppgave set eier_id = null, tatt = null where id = $1`, [o.id]);
  await skrivFordeling(tx, {
    oppgaveId: o.id,
    slag: 'frigjort',
    aarsak,
    fra: o.eierId,
    til: null,
    av: av?.id ?? null,
    grunn,
    naa,
  });
  await speil(tx, o, null, naa);
  if (!o.sakId) return;
  const hadde = o.eierNavn ?? 'en annen';
  const avLeder = aarsak === 'leder' && av;
  await skrivHendelse(tx, {
    naa,
    sakId: o.sakId,
    av: avLeder ? av : null,
    type: 'oppgave-frigjort',
    tekst: avLeder
      ? `{av} gjorde oppgaven «${o.tittel}», som ${hadde} hadde, ledig igjen.`
      : `Oppgaven «${o.tittel}», som ${hadde} hadde, er ledig igjen.`,
    data: { oppgaveId: o.id },
  });
}

/**
 * Gir tilbake det brukeren har og ikke lenger er kandidat til, i transaksjonen til det som skjer med ham. Radene låses i fast
 * rekkefølge; det som er fullført imens, røres ikke.
 * @returns hvor mange oppgaver som ble ledige
 */
export async function frigjoerTapte(
  tx: EntityManager,
  brukerId: string,
  hva: { aarsak: Fordelingsaarsak; av: { id: string; navn: string }; grunn: string; naa: Date },
): Promise<number> {
  const rader: { id: string }[] = await tx.query(
    `select o.id from oppgave o where o.eier_id = $2 and ${eierErIkkeKandidat('$1')} order by o.loepenr for update of o`,
    [dagIOslo(hva.naa), brukerId],
  );
  for (const { id } of rader) {
    const o = await hentOppgave(tx, id, true);
    if (o) await frigjoerLaast(tx, o, hva);
  }
  for (const o of await hevMykUtelukkelse(tx, dagIOslo(hva.naa))) {
    await varsle(tx, { type: 'oppgave', id: o.id, sakId: o.sakId });
  }
  // Personlige oppgaver blir hos ham, men lederen skal se med en gang at de er merket.
  const personlige: { id: string; sak_id: string | null }[] = await tx.query(
    `select id, sak_id from oppgave where status = 'aapen' and kandidatbruker = $1`,
    [brukerId],
  );
  for (const p of personlige) await varsle(tx, { type: 'oppgave', id: p.id, sakId: p.sak_id });
  return rader.length;
}

export interface RyddingAvh {
  ds: DataSource;
  klokke: Klokke;
  logg: Pick<Logger, 'warn'>;
}

/** Sperringer med dato: på dagen er brukeren ute, også av det han er logget inn i. */
async function sperrPaaDagen(tx: EntityManager, dag: string): Promise<void> {
  const [rader]: [{ id: string }[], number] = await tx.query(
    `update bruker set aktiv = false where aktiv and sperret_fra <= $1 returning id`,
    [dag],
  );
  await tx.query(`delete from session where sess->>'brukerId' = any($1)`, [rader.map((r) => r.id)]);
}

/**
 * Det som følger av at dagen skiftet: sperringer trer i kraft, oppgaver hos dem som ikke lenger er kandidater, blir ledige, og en
 * myk utelukkelse heves der ingen andre er igjen. Kan kjøres så ofte det skal være.
 * @returns hvor mange oppgaver som ble ledige
 */
export async function ryddEiere(avh: RyddingAvh): Promise<number> {
  const naa = avh.klokke.naa();
  const dag = dagIOslo(naa);
  await iTransaksjon(avh.ds, async (tx) => {
    await sperrPaaDagen(tx, dag);
    for (const o of await hevMykUtelukkelse(tx, dag)) await varsle(tx, { type: 'oppgave', id: o.id, sakId: o.sakId });
  });
  const rader: { id: string }[] = await avh.ds.manager.query(
    `select o.id from oppgave o where ${eierErIkkeKandidat('$1')} order by o.loepenr limit 500`,
    [dag],
  );
  let ledige = 0;
  for (const { id } of rader) {
    ledige += await iTransaksjon(avh.ds, async (tx) => {
      const fortsatt: unknown[] = await tx.query(
        `select 1 from oppgave o where o.id = $2 and ${eierErIkkeKandidat('$1')} for update of o`,
        [dag, id],
      );
      const o = fortsatt.length > 0 ? await hentOppgave(tx, id) : null;
      if (!o) return 0;
      const aarsak = o.eierBorte ? 'sperret' : 'rolle-slutt';
      await frigjoerLaast(tx, o, { aarsak, av: null, grunn: null, naa });
      return 1;
    });
  }
  return ledige;
}

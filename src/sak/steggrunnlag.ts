import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { dagIOslo } from '../contract/tid.ts';
import { Problemfeil } from '../http/problem.ts';
import type { StegKontekst } from '../oppgave/steg.ts';
import { hentSakForBrev, type SakForBrev } from './brevgrunnlag.ts';

/** Saken et steg handler i, med datoen i dag etter den felles klokka. */
export async function grunnlag(k: StegKontekst): Promise<{ sak: SakForBrev; dag: string; naa: Date }> {
  const naa = k.klokke.naa();
  const dag = dagIOslo(naa);
  return { sak: await hentSakForBrev(k.tx, k.sakId, dag), dag, naa };
}

/**
 * Låser saken til transaksjonen er ferdig, så et vedtak og et trekk aldri lagres samtidig, og gir den slik den da er.
 * @throws Problemfeil 409 når saken er trukket eller avsluttet: motoren har ikke rukket å ta bort oppgaven ennå
 */
export async function laasAapenSak(k: StegKontekst): Promise<{ sak: SakForBrev; dag: string; naa: Date }> {
  await k.tx.query(`select 1 from sak where id = $1 for update`, [k.sakId]);
  const lest = await grunnlag(k);
  if (lest.sak.trekk) {
    throw new Problemfeil(
      409,
      'Anmodningen er trukket',
      'Anmodningen ble trukket mens du arbeidet. Saken avsluttes, og ingenting av dette er lagret.',
    );
  }
  if (lest.sak.status === 'avsluttet') {
    throw new Problemfeil(409, 'Saken er avsluttet', 'Saken er avsluttet, og ingenting av dette er lagret.');
  }
  return lest;
}

/** Lukker saken for trekk: den er avgjort, eller den er på vei til å avsluttes uten avgjørelse. */
export async function stengForTrekk(tx: EntityManager, sakId: string): Promise<void> {
  await tx.query(`update sak set trekkbar = false where id = $1`, [sakId]);
}

/**
 * Det siste svaret på et steg i saken, tolket med stegets eget skjema; null når steget ikke er gjort, eller når svaret
 * er gitt på et eldre skjema som ikke lenger passer.
 */
export async function sisteSvar<S extends z.ZodType>(
  tx: EntityManager,
  sakId: string,
  stegId: string,
  skjema: S,
): Promise<z.output<S> | null> {
  const rader: { data: unknown }[] = await tx.query(
    `select data from steg_svar where sak_id = $1 and steg_id = $2 order by tid desc limit 1`,
    [sakId, stegId],
  );
  const lest = skjema.safeParse(rader[0]?.data);
  return lest.success ? lest.data : null;
}

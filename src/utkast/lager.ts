import type { EntityManager } from 'typeorm';
import type { Utkast, Utkastlagring } from '../contract/api.ts';
import { UTKAST_ENDRET } from '../contract/utkast.ts';
import { Problemfeil } from '../http/problem.ts';
import { Systemfeil } from '../logg/index.ts';

/** Hvilket utkast: slaget skjema, og hva eller hvem det gjelder. Hvem som har lov, avgjøres av den som kaller. */
export interface Utkastnoekkel {
  slag: 'oppgave' | 'ny-anmodning';
  gjelder: string;
}

/** Utkastet slik det står lagret, med hvem som skrev det sist. */
export interface LagretUtkast extends Utkast {
  avId: string;
}

interface Rad extends Omit<LagretUtkast, 'lagret'> {
  lagret: Date;
  fane: string;
  nr: number;
}

async function hentRad(m: EntityManager, { slag, gjelder }: Utkastnoekkel, laas = false): Promise<Rad | null> {
  const rader: Rad[] = await m.query(
    `select u.data, u.forslag, u.versjon::float8 as versjon, u.lagret, u.fane, u.nr, u.bruker_id as "avId",
            (select b.navn from bruker b where b.id = u.bruker_id) as av
       from utkast u where u.slag = $1 and u.gjelder = $2 ${laas ? 'for update' : ''}`,
    [slag, gjelder],
  );
  return rader[0] ?? null;
}

function somUtkast(rad: Rad): Utkast {
  return { data: rad.data, forslag: rad.forslag, versjon: rad.versjon, lagret: rad.lagret.toISOString(), av: rad.av };
}

/** Utkastet slik det sist ble lagret; null når det ikke finnes. */
export async function hentUtkast(m: EntityManager, noekkel: Utkastnoekkel): Promise<LagretUtkast | null> {
  const rad = await hentRad(m, noekkel);
  return rad && { ...somUtkast(rad), avId: rad.avId };
}

/** En annen fane eller en annen person har lagret imens; skjermen får det som er lagret, og viser begge. */
function endretImens(lagret: Rad | null): Problemfeil {
  const detalj = lagret
    ? 'Utkastet er lagret fra et annet vindu siden du åpnet det. Det du har skrevet, er ikke lagret. Velg hva som skal gjelde.'
    : 'Utkastet er sendt eller slettet fra et annet vindu. Det du har skrevet, er ikke lagret.';
  return new Problemfeil(409, 'Utkastet er endret et annet sted', detalj, undefined, {
    type: UTKAST_ENDRET,
    utkast: lagret && somUtkast(lagret),
  });
}

/**
 * Lagrer det som er skrevet, når ingen andre har lagret siden versjonen det bygger på. Det samme vinduet kan alltid
 * lagre videre på sitt eget, også når svaret på forrige lagring ble borte, og et kall som kommer fram for sent, endrer
 * ingenting.
 * @param innsendt det som er skrevet; med `delvis` bare feltene som er endret siden `grunnlag`
 * @returns når det ble lagret, og versjonen neste lagring bygger på
 * @throws Problemfeil 409 (UTKAST_ENDRET) med det som er lagret, når noen andre har lagret eller slettet imens
 */
export async function lagreUtkast(
  tx: EntityManager,
  noekkel: Utkastnoekkel,
  brukerId: string,
  innsendt: Utkastlagring,
  naa: Date,
): Promise<{ lagret: string; versjon: number }> {
  // To første lagringer på én gang venter på hverandre her; radlåsen finnes ikke før raden gjør det.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `utkast:${noekkel.slag}:${noekkel.gjelder}`,
  ]);
  const foer = await hentRad(tx, noekkel, true);
  const samme = foer?.fane === innsendt.fane;
  if (foer && samme && innsendt.nr <= foer.nr) return { lagret: foer.lagret.toISOString(), versjon: foer.versjon };
  if ((foer?.versjon ?? 0) !== innsendt.grunnlag && !samme) throw endretImens(foer);
  const data = innsendt.delvis ? { ...foer?.data, ...innsendt.data } : innsendt.data;
  const forslag = innsendt.forslag ?? (innsendt.delvis ? foer?.forslag : null) ?? null;
  const rader: { versjon: number; lagret: Date }[] = await tx.query(
    `insert into utkast (slag, gjelder, bruker_id, data, forslag, fane, nr, lagret) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (slag, gjelder) do update
       set bruker_id = excluded.bruker_id, data = excluded.data, forslag = excluded.forslag, fane = excluded.fane,
           nr = excluded.nr, lagret = excluded.lagret, versjon = nextval('utkast_versjon')
     returning versjon::float8 as versjon, lagret`,
    [
      noekkel.slag,
      noekkel.gjelder,
      brukerId,
      JSON.stringify(data),
      forslag && JSON.stringify(forslag),
      innsendt.fane,
      innsendt.nr,
      naa,
    ],
  );
  const rad = rader[0];
  if (!rad) throw new Systemfeil('Utkastet ble ikke lagret.');
  return { versjon: rad.versjon, lagret: rad.lagret.toISOString() };
}

/**
 * Krever at utkastet ikke er lagret av noen andre siden versjonen det som sendes inn, bygger på: det andre skrev, ville
 * ellers blitt borte uten at noen så det.
 * @throws Problemfeil 409 (UTKAST_ENDRET) med det som er lagret
 */
export async function krevUendret(tx: EntityManager, noekkel: Utkastnoekkel, versjon: number): Promise<void> {
  const rad = await hentRad(tx, noekkel);
  if (rad && rad.versjon !== versjon) throw endretImens(rad);
}

/** Utkastet har gjort sitt: det er sendt inn, eller den som skrev det, vil ikke ha det. */
export async function slettUtkast(tx: EntityManager, { slag, gjelder }: Utkastnoekkel): Promise<void> {
  await tx.query('delete from utkast where slag = $1 and gjelder = $2', [slag, gjelder]);
}

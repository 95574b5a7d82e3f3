import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { registrerKompetanse as kropp, kompetanseOversikt } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { MELDINGER, meldingsId } from '../contract/prosess.ts';
import { dagIOslo } from '../contract/tid.ts';
import type { Innlogget } from '../contract/tilgang.ts';
import { skrivHendelse } from '../hendelse/skriv.ts';
import { ikkeFunnet, ugyldigeFelter } from '../http/problem.ts';
import { skrivUtboks } from '../outbox/skriv.ts';
import { enheterFor, hentAnsatte } from '../tilgang/index.ts';

/** Meldingen skal nå en oppnevning som ikke har begynt å vente ennå. */
const KOMPETANSE_TTL_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Registrerer at den ansatte møtte på et kurs en bestemt dag. Krav som dermed er oppfylt, meldes til oppnevningen som venter
 * (KompetanseRegistrert). Samme innsending to ganger gjør ingenting den andre gangen.
 * @throws Problemfeil 404 når den ansatte ikke er i en enhet brukeren kan registrere for; 422 når kurset eller datoen er feil
 */
export async function registrerOppmoete(
  tx: EntityManager,
  klokke: Klokke,
  bruker: Innlogget,
  data: z.output<typeof kropp>,
): Promise<void> {
  const naa = klokke.naa();
  const idag = dagIOslo(naa);
  const enheter = enheterFor(bruker, 'kompetanse:registrer');
  const ansatte = await hentAnsatte(tx, null, idag);
  if (!ansatte.some((a) => a.id === data.brukerId && enheter.includes(a.enhetId))) throw ikkeFunnet();
  const kurs: unknown[] = await tx.query(`select 1 from kurs where id = $1`, [data.kursId]);
  if (kurs.length === 0) throw ugyldigeFelter([{ felt: 'kursId', melding: 'Velg et kurs i lista.' }]);
  if (data.dato > idag) {
    throw ugyldigeFelter([{ felt: 'dato', melding: 'Datoen kan ikke være fram i tid. Kurset må være gjennomført.' }]);
  }
  const nye: unknown[] = await tx.query(
    `insert into oppmoete (id, innsending_id, bruker_id, kurs_id, dato, registrert_av, registrert)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1`,
    [randomUUID(), data.innsendingId, data.brukerId, data.kursId, data.dato, bruker.id, naa],
  );
  if (nye.length > 0) await oppfyllKrav(tx, data.brukerId, bruker, naa);
}

/** Krav der den ansatte nå har møtt på alle kursene, er oppfylt; den som venter på dem, får vite det. */
async function oppfyllKrav(tx: EntityManager, brukerId: string, av: Innlogget, naa: Date): Promise<void> {
  // TypeORM svarer `[rader, antall]` på update … returning.
  const [oppfylte]: [{ id: string; sak_id: string; navn: string }[], number] = await tx.query(
    `update opplaeringskrav k set oppfylt = $2 from bruker b
      where k.bruker_id = $1 and b.id = k.bruker_id and k.oppfylt is null
        and not exists (select 1 from opplaeringskrav_kurs kk where kk.krav_id = k.id
              and not exists (select 1 from oppmoete o where o.bruker_id = $1 and o.kurs_id = kk.kurs_id))
      returning k.id, k.sak_id, b.navn`,
    [brukerId, naa],
  );
  for (const krav of oppfylte) {
    await skrivUtboks(tx, {
      slag: 'publiser-melding',
      innhold: {
        navn: MELDINGER.kompetanseRegistrert,
        noekkel: krav.id,
        meldingsId: meldingsId(MELDINGER.kompetanseRegistrert, krav.id),
        ttlMs: KOMPETANSE_TTL_MS,
        variabler: {},
      },
      sakId: krav.sak_id,
      naa,
    });
    await skrivHendelse(tx, {
      naa,
      sakId: krav.sak_id,
      av,
      type: 'opplaering-gjennomfoert',
      tekst: `{av} registrerte at ${krav.navn} har gjennomført opplæringen oppdraget krever.`,
      data: { kravId: krav.id },
    });
  }
}

type Oversikt = z.output<typeof kompetanseOversikt>;

/** Kurs, og de ansatte i brukerens enheter med hva de har gjennomført og hvilke krav som står igjen. */
export async function hentOversikt(m: EntityManager, klokke: Klokke, bruker: Innlogget): Promise<Oversikt> {
  const idag = dagIOslo(klokke.naa());
  const enheter = enheterFor(bruker, 'kompetanse:les');
  const ansatte = (await hentAnsatte(m, null, idag)).filter((a) => enheter.includes(a.enhetId));
  const ider = ansatte.map((a) => a.id);
  const kurs: Oversikt['kurs'] = await m.query(`select id, navn from kurs order by navn collate "nb-NO-x-icu"`);
  const oppmoeter: { brukerId: string; kursId: string; dato: string }[] = await m.query(
    `select bruker_id as "brukerId", kurs_id as "kursId", max(dato)::text as dato from oppmoete
      where bruker_id = any($1) group by 1, 2 order by 3`,
    [ider],
  );
  const krav: { brukerId: string; kursId: string; frist: string | null; venter: boolean }[] = await m.query(
    `select k.bruker_id as "brukerId", kk.kurs_id as "kursId", k.frist::text as frist, k.virkning = 'blokkerer' as venter
       from opplaeringskrav k join opplaeringskrav_kurs kk on kk.krav_id = k.id
      where k.bruker_id = any($1) and k.oppfylt is null
        and not exists (select 1 from oppmoete o where o.bruker_id = k.bruker_id and o.kurs_id = kk.kurs_id)`,
    [ider],
  );
  return {
    kurs,
    ansatte: ansatte.map((a) => ({
      id: a.id,
      navn: a.navn,
      enhetNavn: a.enhetNavn,
      gjennomfoert: oppmoeter.filter((o) => o.brukerId === a.id).map(({ kursId, dato }) => ({ kursId, dato })),
      krav: krav.filter((k) => k.brukerId === a.id).map(({ kursId, frist, venter }) => ({ kursId, frist, venter })),
    })),
  };
}

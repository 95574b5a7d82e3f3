import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Klokke } from '../contract/klokke.ts';
import { MELDINGER, meldingsId } from '../contract/prosess.ts';
import { dagIOslo, datoITekst, leggTilDager } from '../contract/tid.ts';
import { skrivHendelse } from '../hendelse/skriv.ts';
import { Systemfeil } from '../logg/index.ts';
import { skrivUtboks } from '../outbox/skriv.ts';
import { hentKommune } from '../tilgang/index.ts';

const OPPLAERING_TRENGS_TTL_MS = 30 * 24 * 60 * 60 * 1000;

interface Oppdragskrav {
  sakId: string;
  oppdragId: string;
  brukerId: string;
  rolle: 'plankoordinator' | 'koordinator' | 'barnekoordinator';
}

/** Kursene rollen krever som den ansatte ikke har møtt på noen økt av. Kompetanse kommer fra oppmøte, aldri fra et kryss. */
export async function manglendeKurs(
  m: EntityManager,
  brukerId: string,
  rolle: string,
): Promise<{ id: string; navn: string }[]> {
  return m.query(
    `select k.id, k.navn from kurs k
      where $2 = any(k.kreves_for) and not exists (select 1 from oppmoete o where o.kurs_id = k.id and o.bruker_id = $1)
      order by k.navn collate "nb-NO-x-icu"`,
    [brukerId, rolle],
  );
}

/**
 * Om den oppnevnte har opplæringen rollen krever (001: må være gjennomført; de andre: før eller kort tid etter – kommunens
 * oppsett `opplaeringKreves` avgjør). Mangler noe, opprettes ett krav per oppdrag og ansatt; gjentatt kall gir det samme.
 */
export async function sjekkKompetanse(
  tx: EntityManager,
  klokke: Klokke,
  o: Oppdragskrav,
): Promise<{ kompetanse: 'ok' | 'blokkerer' | 'frist'; kravId: string | null }> {
  const mangler = await manglendeKurs(tx, o.brukerId, o.rolle);
  if (mangler.length === 0) return { kompetanse: 'ok', kravId: null };
  const { konfig } = await hentKommune(tx);
  const naa = klokke.naa();
  const id = randomUUID();
  const nye: unknown[] = await tx.query(
    `insert into opplaeringskrav (id, sak_id, oppdrag_id, bruker_id, virkning, opprettet) values ($1, $2, $3, $4, $5, $6)
     on conflict (oppdrag_id, bruker_id) do nothing returning 1`,
    [id, o.sakId, o.oppdragId, o.brukerId, konfig.opplaeringKreves, naa],
  );
  if (nye.length === 0) {
    const finnes: { id: string; virkning: 'blokkerer' | 'frist' }[] = await tx.query(
      `select id, virkning from opplaeringskrav where oppdrag_id = $1 and bruker_id = $2`,
      [o.oppdragId, o.brukerId],
    );
    const krav = finnes[0];
    if (!krav) throw new Systemfeil('Opplæringskravet finnes og finnes ikke.');
    return { kompetanse: krav.virkning, kravId: krav.id };
  }
  await tx.query(`insert into opplaeringskrav_kurs (krav_id, kurs_id) select $1, unnest($2::text[])`, [
    id,
    mangler.map((k) => k.id),
  ]);
  const bruker: { navn: string }[] = await tx.query(`select navn from bruker where id = $1`, [o.brukerId]);
  const kurs = mangler.map((k) => `«${k.navn}»`).join(' og ');
  await skrivHendelse(tx, {
    naa,
    sakId: o.sakId,
    av: null,
    type: 'opplaering-mangler',
    tekst:
      konfig.opplaeringKreves === 'blokkerer'
        ? `${bruker[0]?.navn ?? o.brukerId} mangler ${kurs}. Oppnevningen venter til opplæringen er gjennomført.`
        : `${bruker[0]?.navn ?? o.brukerId} mangler ${kurs}.`,
    data: { kravId: id },
  });
  return { kompetanse: konfig.opplaeringKreves, kravId: id };
}

/**
 * Setter frist for opplæringen og melder behovet (OpplaeringTrengs; rutinen for opplæring lytter når den er satt i drift).
 * Gjentatt kall gjør ingenting.
 * @throws Error når kravet ikke finnes
 */
export async function startOpplaering(tx: EntityManager, klokke: Klokke, kravId: string): Promise<void> {
  const rader: { sak_id: string; bruker_id: string; startet: Date | null; navn: string }[] = await tx.query(
    `select k.sak_id, k.bruker_id, k.startet, b.navn from opplaeringskrav k join bruker b on b.id = k.bruker_id
      where k.id = $1 for update of k`,
    [kravId],
  );
  const krav = rader[0];
  if (!krav) throw new Systemfeil(`Opplæringskravet ${kravId} finnes ikke.`);
  if (krav.startet) return;
  const naa = klokke.naa();
  const { konfig } = await hentKommune(tx);
  const frist = leggTilDager(dagIOslo(naa), konfig.opplaeringsfristDager);
  await tx.query(`update opplaeringskrav set startet = $2, frist = $3 where id = $1`, [kravId, naa, frist]);
  await skrivUtboks(tx, {
    slag: 'publiser-melding',
    innhold: {
      navn: MELDINGER.opplaeringTrengs,
      noekkel: kravId,
      meldingsId: meldingsId(MELDINGER.opplaeringTrengs, kravId),
      ttlMs: OPPLAERING_TRENGS_TTL_MS,
      variabler: { kravId, sakId: krav.sak_id },
    },
    sakId: krav.sak_id,
    naa,
  });
  await skrivHendelse(tx, {
    naa,
    sakId: krav.sak_id,
    av: null,
    type: 'opplaering-startet',
    tekst: `${krav.navn} fikk frist til ${datoITekst(frist)} for å gjennomføre opplæringen.`,
    data: { kravId },
  });
}

import { createHash, randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { DokumentRad } from '../contract/api.ts';
import { datoITekst } from '../contract/tid.ts';
import { Systemfeil } from '../logg/index.ts';

export interface NyttDokument {
  sakId: string;
  tittel: string;
  retning: 'inn' | 'ut' | 'internt';
  mediatype: string;
  filnavn: string;
  innhold: Buffer;
  /** hvem et inngående dokument er fra, når det er en annen enn den som ba om planen */
  avsender?: string;
  /** brukeren som la det inn; null når systemet laget det */
  av: string | null;
  naa: Date;
  /** For brev: malen og raden brevet handler om. Ett dokument per sak, mal og rad. */
  brev?: { mal: string; gjelderId: string };
}

/**
 * Lagrer dokumentet med innhold og sjekksum i transaksjonen til det det hører til.
 * @returns id-en, og `ny: false` med det første dokumentets id når brevet er laget før (jobben prøves på nytt)
 */
export async function lagreDokument(tx: EntityManager, d: NyttDokument): Promise<{ id: string; ny: boolean }> {
  const id = randomUUID();
  const nye: unknown[] = await tx.query(
    `insert into dokument (id, sak_id, tittel, retning, mediatype, filnavn, stoerrelse, sha256, innhold, mal, gjelder_id, av, opprettet,
                           avsender)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     on conflict (sak_id, mal, gjelder_id) where mal is not null do nothing returning id`,
    [
      id,
      d.sakId,
      d.tittel,
      d.retning,
      d.mediatype,
      d.filnavn,
      d.innhold.length,
      createHash('sha256').update(d.innhold).digest('hex'),
      d.innhold,
      d.brev?.mal ?? null,
      d.brev?.gjelderId ?? null,
      d.av,
      d.naa,
      d.avsender ?? null,
    ],
  );
  if (nye.length > 0 || !d.brev) return { id, ny: true };
  const finnes = await finnBrev(tx, d.sakId, d.brev.mal, d.brev.gjelderId);
  if (!finnes) throw new Systemfeil('Brevet finnes og finnes ikke: en annen transaksjon tok det bort.');
  return { id: finnes, ny: false };
}

/** Id-en til brevet som er laget av malen for raden, eller null. */
export async function finnBrev(
  m: EntityManager,
  sakId: string,
  mal: string,
  gjelderId: string,
): Promise<string | null> {
  const rader: { id: string }[] = await m.query(
    `select id from dokument where sak_id = $1 and mal = $2 and gjelder_id = $3`,
    [sakId, mal, gjelderId],
  );
  return rader[0]?.id ?? null;
}

export interface Dokumentinnhold {
  id: string;
  sakId: string;
  tittel: string;
  filnavn: string;
  mediatype: string;
  sha256: string;
  innhold: Buffer;
}

/** Dokumentet med innhold, eller null. */
export async function hentDokument(m: EntityManager, id: string): Promise<Dokumentinnhold | null> {
  const rader: Dokumentinnhold[] = await m.query(
    `select id, sak_id as "sakId", tittel, filnavn, mediatype, sha256, innhold from dokument where id = $1`,
    [id],
  );
  return rader[0] ?? null;
}

interface Listerad {
  id: string;
  tittel: string;
  retning: DokumentRad['retning'];
  mediatype: string;
  stoerrelse: number;
  opprettet: Date;
  av: string | null;
  arkivert: Date | null;
  sendinger: { navn: string; sendt: string | null }[];
}

/** Sakens dokumenter, nyeste først, med hvor langt hvert er kommet (sendt til hvem og når, arkivert). */
export async function dokumenterForSak(m: EntityManager, sakId: string): Promise<DokumentRad[]> {
  const rader: Listerad[] = await m.query(
    `select d.id, d.tittel, d.retning, d.mediatype, d.stoerrelse, d.opprettet, b.navn as av, a.arkivert,
            coalesce((select json_agg(json_build_object('navn', u.mottaker_navn, 'sendt', u.sendt) order by u.kopi, u.mottaker_navn)
                        from utsending u where u.dokument_id = d.id), '[]') as sendinger
       from dokument d
       left join bruker b on b.id = d.av
       left join arkivering a on a.id = d.arkivering_id
      where d.sak_id = $1
      order by d.opprettet desc, d.id`,
    [sakId],
  );
  return rader.map((r) => ({
    id: r.id,
    tittel: r.tittel,
    retning: r.retning,
    mediatype: r.mediatype,
    stoerrelse: r.stoerrelse,
    opprettet: r.opprettet.toISOString(),
    av: r.av ?? 'Systemet',
    tilstand: [
      ...r.sendinger.map(({ navn, sendt }) =>
        sendt ? `Sendt til ${navn} ${datoITekst(new Date(sendt))}` : `Skal sendes til ${navn}`,
      ),
      ...(r.arkivert ? [`Arkivert ${datoITekst(r.arkivert)}`] : []),
    ],
  }));
}

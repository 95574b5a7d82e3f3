import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { leggVedDokument as kropp } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { filnavn, kontrollerVedlegg, lagreVedlegg, type OpplastetFil } from '../dokument/index.ts';
import { skrivHendelse } from '../hendelse/skriv.ts';
import { Problemfeil, ugyldigeFelter } from '../http/problem.ts';
import type { Innlogget } from '../tilgang/index.ts';
import { kreverSak } from './tilgang.ts';

/**
 * Legger ved det som kom inn i saken, med hendelsen i samme transaksjon. Arkiveres sammen med sakens andre dokumenter.
 * Samme innsendingId to ganger gjør ingenting.
 * @throws Problemfeil 404 uten tilgang; 409 når saken er avsluttet; 422 når filene mangler eller ikke kan tas imot
 */
export async function leggVedDokument(
  tx: EntityManager,
  klokke: Klokke,
  bruker: Innlogget,
  sakId: string,
  { innsendingId, avsender, beskrivelse }: z.output<typeof kropp>,
  filer: readonly OpplastetFil[],
): Promise<void> {
  await kreverSak(tx, bruker, 'dokument:registrer', sakId);
  const rader: { status: string }[] = await tx.query(`select status from sak where id = $1 for update`, [sakId]);
  // Først når låsen er tatt, er det en annen har lagret med samme innsending, synlig.
  const samme: unknown[] = await tx.query(
    `select 1 from hendelse where sak_id = $1 and type = 'dokument-mottatt' and data->>'innsendingId' = $2`,
    [sakId, innsendingId],
  );
  if (samme.length > 0) return;
  if (rader[0]?.status !== 'aapen') {
    throw new Problemfeil(409, 'Saken er avsluttet', 'Saken er avsluttet. Nye dokumenter kan ikke legges i den.');
  }
  const feil = kontrollerVedlegg(filer);
  if (filer.length === 0) feil.push({ felt: 'filer', melding: 'Velg minst én fil.' });
  if (feil.length > 0) throw ugyldigeFelter(feil);
  const naa = klokke.naa();
  await lagreVedlegg(tx, sakId, filer, bruker.id, naa, avsender);
  const navn = filer.map((f) => `«${filnavn(f)}»`).join(', ');
  await skrivHendelse(tx, {
    naa,
    sakId,
    av: bruker,
    type: 'dokument-mottatt',
    tekst: `{av} la ${navn} fra ${avsender} i saken${beskrivelse ? `: ${beskrivelse}` : '.'}`,
    data: { innsendingId },
  });
}

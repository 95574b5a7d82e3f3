import type { DataSource } from 'typeorm';
import { lagPdf, type Brev, type Brevmottaker } from '../brev/index.ts';
import type { Klokke } from '../contract/klokke.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { finnBrev, lagreDokument } from '../dokument/index.ts';
import { skrivHendelse } from '../hendelse/skriv.ts';
import type { Utsendingskanal } from './kanal.ts';
import { merkSendt, planleggUtsending, sendUsendte } from './utsending.ts';

/** Et brev som skal finnes: hva det er, hva det handler om, og hvordan det lages når det ikke finnes. */
export interface Brevbehov {
  sakId: string;
  /** raden brevet handler om (vedtaket, oppdraget, eller saken selv): ett brev per mal og rad */
  gjelderId: string;
  mal: Brev['mal'];
  /** slaget utsendingen hentes fram med */
  gjelder: string;
  /** den som skrev teksten; null når systemet laget brevet */
  av: string | null;
  lag(): Promise<{ brev: Brev; mottakere: readonly Brevmottaker[] }>;
}

/**
 * Sørger for at brevet finnes som dokument med planlagte utsendinger. Finnes det, gjøres ingenting. PDF-en tegnes utenfor
 * transaksjonen; to som lager samtidig, ender på det ene dokumentet den unike indeksen slipper gjennom.
 * @returns dokumentets id
 */
export async function sikreBrev(ds: DataSource, klokke: Klokke, behov: Brevbehov): Promise<string> {
  const finnes = await finnBrev(ds.manager, behov.sakId, behov.mal, behov.gjelderId);
  if (finnes) return finnes;
  const { brev, mottakere } = await behov.lag();
  const innhold = await lagPdf(brev);
  return iTransaksjon(ds, async (tx) => {
    const naa = klokke.naa();
    const { id, ny } = await lagreDokument(tx, {
      sakId: behov.sakId,
      tittel: brev.tittel,
      retning: mottakere.every((m) => m.slag === 'enhet') ? 'internt' : 'ut',
      mediatype: 'application/pdf',
      filnavn: `${brev.mal}-${brev.hode.saksnummer.replaceAll('/', '-')}.pdf`,
      innhold,
      av: behov.av,
      naa,
      brev: { mal: behov.mal, gjelderId: behov.gjelderId },
    });
    if (!ny) return id;
    await planleggUtsending(tx, { sakId: behov.sakId, dokumentId: id, gjelder: behov.gjelder, mottakere, naa });
    await skrivHendelse(tx, {
      naa,
      sakId: behov.sakId,
      av: null,
      type: 'brev-laget',
      tekst: `Brevet «${brev.tittel}» ble laget.`,
      data: { dokumentId: id },
    });
    return id;
  });
}

/**
 * Sender det som er planlagt og ikke sendt i saken, og merker hvert brev sendt så snart kanalen har tatt det imot.
 * @param gjelder bare dette slaget; uten det: alle
 */
export async function sendPlanlagte(
  ds: DataSource,
  klokke: Klokke,
  kanal: Utsendingskanal,
  sakId: string,
  gjelder?: string,
): Promise<void> {
  const sendinger = await sendUsendte(ds.manager, kanal, sakId, gjelder);
  if (sendinger.length > 0) await iTransaksjon(ds, (tx) => merkSendt(tx, sendinger, klokke.naa()));
}

import type { EntityManager } from 'typeorm';
import type { Feltfeil } from '../contract/api.ts';
import { erBlank, rensTekst } from '../contract/tekst.ts';
import { lagreDokument } from './lager.ts';
import { Systemfeil } from '../logg/index.ts';

/** En opplastet fil, slik multer gir den. */
export interface OpplastetFil {
  originalname: string;
  mimetype: string;
  size: number;
  buffer: Buffer;
}

export const STOERSTE_VEDLEGG = 20 * 1024 * 1024;
export const FLEST_VEDLEGG = 10;

interface Filtype {
  endelser: readonly string[];
  /** begynnelsen av innholdet som viser at fila er det den sier */
  kjennetegn: (b: Buffer) => boolean;
}
const begynner =
  (...tall: number[]) =>
  (b: Buffer): boolean =>
    tall.every((t, i) => b[i] === t);

/** Filtypene som tas imot. Innholdet avgjør, ikke bare det nettleseren påstår. */
const FILTYPER: Record<string, Filtype> = {
  'application/pdf': { endelser: ['pdf'], kjennetegn: begynner(0x25, 0x50, 0x44, 0x46, 0x2d) },
  'image/jpeg': { endelser: ['jpg', 'jpeg'], kjennetegn: begynner(0xff, 0xd8, 0xff) },
  'image/png': { endelser: ['png'], kjennetegn: begynner(0x89, 0x50, 0x4e, 0x47) },
  'text/plain': { endelser: ['txt'], kjennetegn: (b) => !b.includes(0) },
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': {
    endelser: ['docx'],
    kjennetegn: begynner(0x50, 0x4b, 0x03, 0x04),
  },
  'application/vnd.oasis.opendocument.text': { endelser: ['odt'], kjennetegn: begynner(0x50, 0x4b, 0x03, 0x04) },
};
const ENDELSER = 'PDF, JPG, PNG, TXT, DOCX eller ODT';

/**
 * Navnet på fila, satt sammen (NFC): bare navnet, aldri en sti, og ingen tegn som kan styre et svarhode, skjule seg eller
 * snu leseretningen. multer leser navn som latin-1, nettlesere sender UTF-8; et navn som alt er lest (`filename*`), står.
 */
export function filnavn(fil: OpplastetFil): string {
  const erLest = /[^\u0000-\u00ff]/.test(fil.originalname);
  const somUtf8 = erLest ? '\ufffd' : Buffer.from(fil.originalname, 'latin1').toString('utf8');
  const navn = somUtf8.includes('\ufffd') ? fil.originalname.replace(/\p{Surrogate}/gu, '') : somUtf8;
  const siste = rensTekst(navn.split(/[\\/]/).at(-1) ?? '')
    .replace(/[\n\t"]/g, '')
    .trim();
  return erBlank(siste) ? 'vedlegg' : [...siste].slice(0, 200).join('');
}

function filtype(fil: OpplastetFil): string | null {
  const endelse = filnavn(fil).split('.').at(-1)?.toLowerCase() ?? '';
  for (const [mediatype, t] of Object.entries(FILTYPER)) {
    if (t.endelser.includes(endelse)) return t.kjennetegn(fil.buffer) ? mediatype : null;
  }
  return null;
}

/**
 * Om filene kan tas imot: antall, størrelse og type. Hver setning nevner fila.
 * @param felt navnet på skjemafeltet filene kom i
 */
export function kontrollerVedlegg(filer: readonly OpplastetFil[], felt = 'filer'): Feltfeil[] {
  const feil: Feltfeil[] = [];
  if (filer.length > FLEST_VEDLEGG) {
    feil.push({ felt, melding: `Du kan legge ved høyst ${FLEST_VEDLEGG} filer. Du har valgt ${filer.length}.` });
  }
  for (const fil of filer) {
    const navn = filnavn(fil);
    if (fil.size === 0) feil.push({ felt, melding: `Fila «${navn}» er tom.` });
    else if (fil.size > STOERSTE_VEDLEGG) feil.push({ felt, melding: `Fila «${navn}» er større enn 20 MB.` });
    else if (!filtype(fil)) {
      feil.push({ felt, melding: `Fila «${navn}» kan ikke tas imot. Den må være ${ENDELSER}.` });
    }
  }
  return feil;
}

/**
 * Lagrer filene som inngående dokumenter i saken, i transaksjonen til det de kom sammen med. Filene må være kontrollert.
 * @param avsender hvem de er fra, når det er en annen enn den som ba om planen
 * @returns id-ene
 */
export async function lagreVedlegg(
  tx: EntityManager,
  sakId: string,
  filer: readonly OpplastetFil[],
  av: string,
  naa: Date,
  avsender?: string,
): Promise<string[]> {
  const ider: string[] = [];
  for (const fil of filer) {
    const mediatype = filtype(fil);
    if (!mediatype) throw new Systemfeil('Vedlegget er ikke kontrollert.');
    const navn = filnavn(fil);
    const utenEndelse = navn.replace(/\.[^.]+$/, '');
    const { id } = await lagreDokument(tx, {
      sakId,
      tittel: erBlank(utenEndelse) ? navn : utenEndelse,
      retning: 'inn',
      mediatype,
      filnavn: navn,
      innhold: fil.buffer,
      av,
      naa,
      ...(avsender ? { avsender } : {}),
    });
    ider.push(id);
  }
  return ider;
}

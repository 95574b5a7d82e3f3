import type { RequestHandler } from 'express';
import multer from 'multer';
import { Problemfeil } from './problem.ts';

/** Grensene for et skjema med filer. */
export interface Opplastingsgrenser {
  /** største fil, i byte */
  filstoerrelse: number;
  /** flest filer */
  filer: number;
  /** største tekstfelt, i byte */
  feltstoerrelse: number;
}

const FLEST_FELTER = 5;

/** Setningen til hver grense multer kjenner; det skjermen sender, treffer bare de to første. */
function setning(kode: string, g: Opplastingsgrenser): string {
  switch (kode) {
    case 'LIMIT_FILE_SIZE':
      return `En fil er for stor. Hver fil kan være høyst ${Math.round(g.filstoerrelse / 1024 / 1024)} MB.`;
    case 'LIMIT_FILE_COUNT':
    case 'LIMIT_UNEXPECTED_FILE':
      return `For mange filer. Legg ved høyst ${g.filer}.`;
    case 'LIMIT_FIELD_VALUE':
      return 'Teksten i skjemaet er for lang.';
    default:
      return 'Skjemaet har flere felter eller lengre navn enn det kan ha.';
  }
}

/**
 * Tar imot et skjema med filer i feltet `felt`, i minnet.
 * @returns et mellomledd som legger filene i `req.files` og tekstene i `req.body`
 * @throws Problemfeil 413 når en grense er nådd, og 400 når kroppen ikke er et helt og lesbart skjema: uten skillemerke,
 *   kappet, med NUL i et filnavn eller andre hoder som ikke kan leses
 */
export function lagOpplasting(felt: string, g: Opplastingsgrenser): RequestHandler {
  const ta = multer({
    storage: multer.memoryStorage(),
    limits: {
      fileSize: g.filstoerrelse,
      files: g.filer,
      fields: FLEST_FELTER,
      parts: g.filer + FLEST_FELTER,
      fieldSize: g.feltstoerrelse,
      fieldNameSize: 100,
      // En liste med et stort tall i navnet (`a[99999999]`) ville blitt like lang som tallet sier.
      fieldArrayIndexLimit: 0,
      fieldNestingDepth: 1,
    },
  }).array(felt, g.filer);
  return (req, res, neste) => {
    ta(req, res, (feil: unknown) => {
      if (!feil) return neste();
      if (feil instanceof multer.MulterError && feil.code.startsWith('LIMIT_')) {
        const tekst = setning(feil.code, g);
        return neste(new Problemfeil(413, 'Vedlegget kan ikke tas imot', tekst, [{ felt, melding: tekst }]));
      }
      neste(
        new Problemfeil(
          400,
          'Kan ikke leses',
          'Skjemaet med filene kom ikke helt fram, eller et filnavn har tegn som ikke kan leses. Ingenting er lagret. ' +
            'Prøv igjen, og gi fila et nytt navn hvis det ikke hjelper.',
          undefined,
          { cause: feil },
        ),
      );
    });
  };
}

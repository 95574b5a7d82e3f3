import type { z } from 'zod';
import type { Arbeider } from '../src/engine/workers.ts';
import { Systemfeil } from '../src/logg/index.ts';
import { hentPaagaaendeOppdrag, registrerOppdrag as registrer } from '../src/oppnevning/index.ts';
import { sakvariabel } from './avhengigheter.ts';

/** Oppdraget blir aktivt: koordinerende enhet har til enhver tid oversikt over koordinatorene (Folldal). */
export function registrerOppdrag(): Arbeider<z.output<typeof sakvariabel>> {
  return {
    type: 'registrer-oppdrag',
    variabler: sakvariabel,
    async utfoer({ tx, klokke }, { sakId }) {
      const oppdrag = await hentPaagaaendeOppdrag(tx, sakId);
      if (!oppdrag) throw new Systemfeil(`Saken ${sakId} har ikke noe oppdrag å registrere.`);
      await registrer(tx, klokke, oppdrag.id);
      return {};
    },
  };
}

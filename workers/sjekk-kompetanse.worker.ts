import type { z } from 'zod';
import type { Arbeider } from '../src/engine/workers.ts';
import { sjekkKompetanse as sjekk } from '../src/kompetanse/index.ts';
import { Systemfeil } from '../src/logg/index.ts';
import { hentPaagaaendeOppdrag } from '../src/oppnevning/index.ts';
import { sakvariabel } from './avhengigheter.ts';

/** Om den oppnevnte har opplæringen rollen krever, og hva det betyr at den mangler. */
export function sjekkKompetanse(): Arbeider<z.output<typeof sakvariabel>> {
  return {
    type: 'sjekk-kompetanse',
    variabler: sakvariabel,
    async utfoer({ tx, klokke }, { sakId }) {
      const oppdrag = await hentPaagaaendeOppdrag(tx, sakId);
      if (!oppdrag?.brukerId) throw new Systemfeil(`Saken ${sakId} har ingen oppnevnt å sjekke opplæringen til.`);
      const { id: oppdragId, brukerId, rolle } = oppdrag;
      const { kompetanse, kravId } = await sjekk(tx, klokke, { sakId, oppdragId, brukerId, rolle });
      return { variabler: { kompetanse, kravId } };
    },
  };
}

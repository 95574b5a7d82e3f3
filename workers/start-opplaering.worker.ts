import { z } from 'zod';
import type { Arbeider } from '../src/engine/workers.ts';
import { startOpplaering as start } from '../src/kompetanse/index.ts';
import { sakvariabel } from './avhengigheter.ts';

const variabler = sakvariabel.extend({ kravId: z.uuid() });

/** Setter frist for opplæringen og melder OpplaeringTrengs. */
export function startOpplaering(): Arbeider<z.output<typeof variabler>> {
  return {
    type: 'start-opplaering',
    variabler,
    async utfoer({ tx, klokke }, { kravId }) {
      await start(tx, klokke, kravId);
      return {};
    },
  };
}

import type { z } from 'zod';
import type { Arbeider } from '../src/engine/workers.ts';
import { iverksettVedtak as iverksett } from '../src/vedtak/index.ts';
import { sakvariabel } from './avhengigheter.ts';

/** Dokumentert, protokollført, iverksatt: åpner tjenesten når noe er innvilget. */
export function iverksettVedtak(): Arbeider<z.output<typeof sakvariabel>> {
  return {
    type: 'iverksett-vedtak',
    variabler: sakvariabel,
    async utfoer({ tx, klokke }, { sakId }) {
      await iverksett(tx, klokke, sakId);
      return {};
    },
  };
}

import type { z } from 'zod';
import { arkiverSaken } from '../src/arkiv/index.ts';
import { hodeGjelder } from '../src/contract/prosess.ts';
import type { Arbeider } from '../src/engine/workers.ts';
import { sakvariabel, type Arbeideravh } from './avhengigheter.ts';

/** Arkiverer alt i saken som ikke er arkivert ennå. */
export function arkiver({ arkiv }: Arbeideravh): Arbeider<z.output<typeof sakvariabel>, void> {
  return {
    type: 'arkiver',
    variabler: sakvariabel,
    async forbered({ ds, klokke, jobb }, { sakId }) {
      await arkiverSaken(ds, klokke, arkiv, sakId, hodeGjelder.parse(jobb.hoder).gjelder);
    },
    utfoer: () => Promise.resolve({}),
  };
}

import type { Meg } from '../../../src/contract/api.ts';
import { ROLLENAVN } from '../../../src/contract/tilgang.ts';
import { ramse } from './format.ts';

type Tildeling = NonNullable<Meg['bruker']>['roller'][number];

/** "Saksbehandler og beslutter" */
export function rollenavn(roller: readonly Tildeling[]): string {
  const navn = [...new Set(roller.map((r) => ROLLENAVN[r.rolle]))];
  return ramse(navn.map((n, i) => (i === 0 ? n : n.toLowerCase())));
}

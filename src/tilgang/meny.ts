import type { Meg } from '../contract/api.ts';
import type { Innlogget } from '../contract/tilgang.ts';
import { kanKanskje } from './tabell.ts';

/** Menypunktene brukeren har noe å gjøre i, i fast rekkefølge (screens.md, ramme). */
export function menyFor(bruker: Innlogget): Meg['meny'] {
  const meny: Meg['meny'] = [];
  if (kanKanskje(bruker, 'oppgave:les')) meny.push('oppgaver');
  if (kanKanskje(bruker, 'sak:les')) meny.push('saker');
  if (kanKanskje(bruker, 'sak:opprett')) meny.push('ny-anmodning');
  if (kanKanskje(bruker, 'rutine:les')) meny.push('rutiner');
  if (kanKanskje(bruker, 'bruker:les')) meny.push('brukere');
  if (kanKanskje(bruker, 'drift:les')) meny.push('drift');
  meny.push('hjelp');
  return meny;
}

import type { OppgaveListe, OppgaveRad } from '../../../../src/contract/api.ts';
import { SIDESTOERRELSE } from '../../felles/sidestoerrelse.ts';

/** En plass i lista: en rad, en rad som nettopp forsvant (blir stående, falmet), eller en som ikke er hentet ennå. */
export type Plass = { slag: 'rad' | 'borte'; rad: OppgaveRad; forste: boolean } | { slag: 'venter'; nr: number };

/**
 * Fletter nye rader inn i de gamle: en rad som ikke lenger er med, beholder plassen sin etter den samme forgjengeren,
 * så den ikke forsvinner under pekeren. `finnes` sier om raden bare har flyttet seg til en annen side.
 */
function flett(
  gamle: readonly Plass[],
  nye: readonly OppgaveRad[],
  finnes: (id: string) => boolean,
): { slag: 'rad' | 'borte'; rad: OppgaveRad }[] {
  const nyeId = new Set(nye.map((r) => r.id));
  const ut: { slag: 'rad' | 'borte'; rad: OppgaveRad }[] = nye.map((rad) => ({ slag: 'rad', rad }));
  let forrige: string | null = null;
  for (const p of gamle) {
    if (p.slag === 'venter') continue;
    if (!nyeId.has(p.rad.id) && !finnes(p.rad.id)) {
      const etter: number = forrige === null ? 0 : ut.findIndex((u) => u.rad.id === forrige) + 1;
      ut.splice(etter, 0, { slag: 'borte', rad: p.rad });
    }
    forrige = p.rad.id;
  }
  return ut;
}

/** Setter sammen lista av sidene som er hentet. Overskriftene følger gruppene bare når det sorteres på frist. */
export function byggPlasser(
  forrige: readonly Plass[],
  sider: readonly (OppgaveListe | undefined)[],
  sidenummer: readonly number[],
  gruppert: boolean,
): Plass[] {
  const hode = sider.find((d) => d !== undefined);
  if (!hode) return [];
  const perSide = new Map<number, readonly OppgaveRad[]>();
  sidenummer.forEach((nr, i) => {
    const d = sider[i];
    if (d) perSide.set(nr, d.rader);
  });
  const alle = new Set([...perSide.values()].flat().map((r) => r.id));
  const ut: Plass[] = [];
  let sistGruppe: string | null = null;
  const antallSider = Math.max(1, Math.ceil(hode.totalt / SIDESTOERRELSE));
  for (let side = 0; side < antallSider; side++) {
    const rader = perSide.get(side);
    if (!rader) {
      const n = Math.min(SIDESTOERRELSE, hode.totalt - side * SIDESTOERRELSE);
      for (let i = 0; i < n; i++) ut.push({ slag: 'venter', nr: side * SIDESTOERRELSE + i });
      sistGruppe = null;
      continue;
    }
    const gamleHer = antallSider === 1 ? forrige : forrige.slice(side * SIDESTOERRELSE, (side + 1) * SIDESTOERRELSE);
    for (const p of flett(gamleHer, rader, (id) => alle.has(id))) {
      ut.push({ ...p, forste: gruppert && p.rad.gruppe !== sistGruppe });
      sistGruppe = p.rad.gruppe;
    }
  }
  return ut;
}

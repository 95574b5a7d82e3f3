import { useSyncExternalStore } from 'react';
import type { Meg } from '../../../src/contract/api.ts';

type Person = Pick<NonNullable<Meg['bruker']>, 'id' | 'navn'>;

/**
 * Hvem siden viser, og om det fortsatt er den som er logget inn. Økten deles av alle faner i nettleseren, så noen kan
 * logge ut, eller inn som en annen, i en fane mens det står tekst i denne.
 */
export type Identitet =
  | { slag: 'ukjent' }
  | { slag: 'vist'; vist: Person }
  /** en annen er logget inn nå */
  | { slag: 'byttet'; vist: Person; naa: Person }
  /** ingen er logget inn lenger */
  | { slag: 'ute'; vist: Person };

let gjeldende: Identitet = { slag: 'ukjent' };
const lyttere = new Set<() => void>();
function sett(ny: Identitet): void {
  gjeldende = ny;
  for (const f of lyttere) f();
}

/** Kalles når en annen fane har sett at innloggingen er en annen. Settes av klienten, som kan spørre serveren. */
let vedEndring: () => void = () => {};
export function settVedEndring(f: () => void): void {
  vedEndring = f;
}

const kanal = typeof BroadcastChannel === 'function' ? new BroadcastChannel('ip-innlogging') : null;
kanal?.addEventListener('message', (e: MessageEvent<{ bruker: Person | null }>) => {
  if (gjeldende.slag === 'ukjent') return;
  if (gjeldende.slag === 'vist' && e.data.bruker?.id === gjeldende.vist.id) return;
  vedEndring();
});
/** Sier til de andre fanene at innloggingen er endret; de ser etter selv. */
export function meldInnlogging(bruker: Person | null): void {
  kanal?.postMessage({ bruker: bruker && { id: bruker.id, navn: bruker.navn } });
}

export const identitet = {
  les: (): Identitet => gjeldende,
  /** Kaller `f` hver gang det endres. @returns slutter */
  abonner: (f: () => void): (() => void) => {
    lyttere.add(f);
    return () => lyttere.delete(f);
  },
  /** Siden viser ingen (innloggingssiden). Den neste serveren nevner, blir den siden viser. */
  glem(): void {
    sett({ slag: 'ukjent' });
  },
  /**
   * Serveren har sagt hvem som er logget inn.
   * @returns om svaret hører til den siden viser; ellers skal ingenting av det brukes
   */
  godta(bruker: Person | null): boolean {
    if (gjeldende.slag === 'ukjent') {
      if (bruker) {
        sett({ slag: 'vist', vist: bruker });
        meldInnlogging(bruker);
      }
      return true;
    }
    const { vist } = gjeldende;
    if (!bruker) this.gikkUt();
    else if (bruker.id !== vist.id) this.byttet(bruker);
    else if (gjeldende.slag !== 'vist') sett({ slag: 'vist', vist });
    return bruker?.id === vist.id;
  },
  byttet(naa: Person): void {
    if (gjeldende.slag === 'ukjent' || (gjeldende.slag === 'byttet' && gjeldende.naa.id === naa.id)) return;
    sett({ slag: 'byttet', vist: gjeldende.vist, naa });
  },
  gikkUt(): void {
    if (gjeldende.slag === 'vist' || gjeldende.slag === 'byttet') sett({ slag: 'ute', vist: gjeldende.vist });
  },
};

/** Hvem siden viser, og om det fortsatt er den som er logget inn. */
export function useIdentitet(): Identitet {
  return useSyncExternalStore(identitet.abonner, identitet.les);
}

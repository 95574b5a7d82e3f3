import { z } from 'zod';
import type { Sanntid } from '../contract/api.ts';
import type { Innlogget } from '../tilgang/index.ts';

/** Hvem et varsel er for, uttrykt ved det tilgangstabellen bruker. */
export interface Publikum {
  /** Kandidatgruppa, enheten, eieren eller koordinatoren som har med raden å gjøre. */
  serDenne(bruker: Innlogget): boolean;
}

/** Finner publikum til flere varsler i ett oppslag. Et varsel som mangler i svaret, er for ingen. */
export type Publikumsoppslag = (varsler: readonly Sanntid[]) => Promise<ReadonlyMap<string, Publikum>>;

const varsel = z.object({
  type: z.enum(['oppgave', 'sak', 'utboks']),
  id: z.string(),
  sakId: z.string().nullable(),
});

interface Abonnent {
  bruker: Innlogget;
  send(varsel: Sanntid): void;
}

/** Det varslene bytter på når ingen kan vite hva som gikk tapt: skjermen henter alt den viser, på nytt. */
const ALT: Sanntid = { type: 'oppgave', id: '*', sakId: null };

export interface Hub {
  /** Tar imot innholdet i en NOTIFY. */
  motta(innhold: string): void;
  /** Sier til alle at noe kan være tapt (tilkoblingen til databasen ble brutt). */
  noeKanVaereTapt(): void;
  /** Melder på en skjerm; gir funksjonen som melder den av. */
  abonner(bruker: Innlogget, send: (varsel: Sanntid) => void): () => void;
  /** Venter på et varsel om saken, høyst så lenge. */
  ventPaaSak(sakId: string, ms: number): Promise<void>;
  /** Hvor mange skjermer som følger med. */
  antall(): number;
}

/** Samler varsler så kort at ingen merker det, og så lenge at en byge av dem blir ett oppslag. */
const SAMLETID_MS = 40;

/**
 * Fordeler varsler fra databasen til skjermene. Hver skjerm får bare id-ene til det brukeren selv har tilgang til, og
 * samme id bare én gang per samling.
 */
export function lagHub(oppslag: Publikumsoppslag, vedFeil: (feil: unknown) => void): Hub {
  const abonnenter = new Set<Abonnent>();
  const ventere = new Map<string, Set<() => void>>();
  let samlet = new Map<string, Sanntid>();
  let vakt: NodeJS.Timeout | null = null;

  async function fordel(): Promise<void> {
    vakt = null;
    const varsler = [...samlet.values()];
    samlet = new Map();
    if (abonnenter.size === 0) return;
    try {
      const publikum = await oppslag(varsler);
      for (const v of varsler) {
        const p = publikum.get(`${v.type}:${v.id}`);
        if (!p) continue;
        for (const a of abonnenter) if (p.serDenne(a.bruker)) a.send(v);
      }
    } catch (feil) {
      vedFeil(feil);
      for (const a of abonnenter) a.send(ALT);
    }
  }

  return {
    motta(innhold) {
      const tolket = varsel.safeParse(tilJson(innhold));
      if (!tolket.success) return;
      const v = tolket.data;
      if (v.sakId) for (const klar of ventere.get(v.sakId) ?? []) klar();
      samlet.set(`${v.type}:${v.id}`, v);
      vakt ??= setTimeout(() => void fordel(), SAMLETID_MS);
    },
    noeKanVaereTapt() {
      for (const a of abonnenter) a.send(ALT);
    },
    abonner(bruker, send) {
      const abonnent: Abonnent = { bruker, send };
      abonnenter.add(abonnent);
      return () => abonnenter.delete(abonnent);
    },
    ventPaaSak(sakId, ms) {
      return new Promise((ferdig) => {
        const mine = ventere.get(sakId) ?? new Set();
        ventere.set(sakId, mine);
        const klar = (): void => {
          clearTimeout(grense);
          mine.delete(klar);
          if (mine.size === 0 && ventere.get(sakId) === mine) ventere.delete(sakId);
          ferdig();
        };
        const grense = setTimeout(klar, ms);
        mine.add(klar);
      });
    },
    antall: () => abonnenter.size,
  };
}

function tilJson(tekst: string): unknown {
  try {
    return JSON.parse(tekst);
  } catch {
    return null;
  }
}

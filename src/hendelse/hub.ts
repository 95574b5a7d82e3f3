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

/** En skjerm som følger med. */
export interface Abonnent {
  /** økten skjermen ble åpnet i; er den slutt, er strømmen det også */
  oektId: string;
  bruker: Innlogget;
  send(varsel: Sanntid): void;
  /** Økten er slutt, eller brukeren er sperret: ingenting mer sendes. */
  slutt(): void;
}

/** Hvem øktene tilhører nå, med rollene de har nå. En økt som er slutt, og en bruker som er sperret, mangler i svaret. */
export type Oektoppslag = (oektIder: readonly string[]) => Promise<ReadonlyMap<string, Innlogget>>;

/** Det varslene bytter på når ingen kan vite hva som gikk tapt: skjermen henter alt den viser, på nytt. */
const ALT: Sanntid = { type: 'oppgave', id: '*', sakId: null };

export interface Hub {
  /** Tar imot innholdet i en NOTIFY. */
  motta(innhold: string): void;
  /** Sier til alle at noe kan være tapt (tilkoblingen til databasen ble brutt). */
  noeKanVaereTapt(): void;
  /** Melder på en skjerm; gir funksjonen som melder den av. */
  abonner(abonnent: Abonnent): () => void;
  /** Økten er slutt: skjermene i den får ikke mer. */
  avsluttOekt(oektId: string): void;
  /** Slutter å se etter økter som er slutt. */
  stopp(): void;
  /** Venter på et varsel om saken, høyst så lenge. */
  ventPaaSak(sakId: string, ms: number): Promise<void>;
  /** Hvor mange skjermer som følger med. */
  antall(): number;
}

/** Så ofte ses det etter om øktene fortsatt gjelder, også når ingenting skjer (logget ut i en annen prosess, sperret). */
const KONTROLL_MS = 15_000;
/** Så gammel kan kontrollen være når noe sendes. */
const FERSK_MS = 1_000;

/** Samler varsler så kort at ingen merker det, og så lenge at en byge av dem blir ett oppslag. */
const SAMLETID_MS = 40;

/**
 * Fordeler varsler fra databasen til skjermene. Hver skjerm får bare id-ene til det brukeren selv har tilgang til, og
 * samme id bare én gang per samling. Før noe sendes, ses det etter at økten gjelder og hvilke roller brukeren har nå.
 * @param oppslag hvem varslene er for
 * @param oekter hvem øktene tilhører
 */
export function lagHub(oppslag: Publikumsoppslag, oekter: Oektoppslag, vedFeil: (feil: unknown) => void): Hub {
  const abonnenter = new Set<Abonnent>();
  const ventere = new Map<string, Set<() => void>>();
  let samlet = new Map<string, Sanntid>();
  let vakt: NodeJS.Timeout | null = null;
  let kontrollert = 0;

  function avslutt(a: Abonnent): void {
    if (abonnenter.delete(a)) a.slutt();
  }

  async function kontroller(): Promise<void> {
    if (abonnenter.size === 0) return;
    // De som melder seg på mens vi spør, er nettopp kontrollert av ruta.
    const spurt = [...abonnenter];
    const start = performance.now();
    const gjelder = await oekter([...new Set(spurt.map((a) => a.oektId))]);
    kontrollert = start;
    for (const a of spurt) {
      const bruker = gjelder.get(a.oektId);
      if (bruker?.id === a.bruker.id) a.bruker = bruker;
      else avslutt(a);
    }
  }
  const kontroll = setInterval(() => void kontroller().catch(vedFeil), KONTROLL_MS);
  kontroll.unref();

  async function fordel(): Promise<void> {
    vakt = null;
    const varsler = [...samlet.values()];
    samlet = new Map();
    if (abonnenter.size === 0) return;
    try {
      const publikum = await oppslag(varsler);
      if (performance.now() - kontrollert > FERSK_MS) await kontroller();
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
    abonner(abonnent) {
      abonnenter.add(abonnent);
      return () => abonnenter.delete(abonnent);
    },
    avsluttOekt(oektId) {
      for (const a of abonnenter) if (a.oektId === oektId) avslutt(a);
    },
    stopp() {
      clearInterval(kontroll);
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

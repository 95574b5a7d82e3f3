import { useEffect, useSyncExternalStore } from 'react';

/*
 * Linjen som sier hva som nettopp skjedde ("Vedtaket er fattet: innvilget."). Den leses opp, og står til neste handling,
 * til en annen side åpnes, eller til den lukkes. Den forsvinner ikke av seg selv mens noen leser.
 */
export interface Kvittering {
  tekst: string;
  slag: 'success' | 'info' | 'warning' | 'danger';
  lenke?: { til: string; tekst: string };
  /**
   * øverst: skyver siden ned. flytende: over siden, når rader under pekeren ikke skal flytte seg.
   * opplest: bare for skjermleser, når skjermen alt viser det.
   */
  vises?: 'oeverst' | 'flytende' | 'opplest';
}
let gjeldende: Kvittering | null = null;
let satt = 0;
const lyttere = new Set<() => void>();
export function kvitter(k: Kvittering | null): void {
  gjeldende = k;
  satt = Date.now();
  for (const f of lyttere) f();
}
/** Ved sidebytte: det som ble kvittert like før, følger med; det eldre er lest. */
export function kvitteringVedSidebytte(): void {
  if (gjeldende && Date.now() - satt > 1500) kvitter(null);
}
export function useKvittering(): Kvittering | null {
  return useSyncExternalStore(
    (f) => {
      lyttere.add(f);
      return () => lyttere.delete(f);
    },
    () => gjeldende,
  );
}

/*
 * Tekst som er skrevet, men ikke lagret på serveren ennå. Så lenge det finnes slik tekst, tar en utløpt innlogging
 * ingen bort fra siden.
 */
const ulagret = new Set<string>();
export const ulagretTekst = {
  finnes: (): boolean => ulagret.size > 0,
  hvilke: (): string => [...ulagret].sort().join(),
  /** @param hva hvilken tekst, f.eks. nøkkelen til et utkast */
  sett(hva: string, finnes: boolean): void {
    if (finnes) ulagret.add(hva);
    else ulagret.delete(hva);
  },
};

/**
 * Sier fra at noe på siden ikke er sendt og ikke har utkast, så ingen lukker den eller logger ut uten å bli spurt.
 * @param hva hvilken tekst, én per skjema
 */
export function useUlagret(hva: string, finnes: boolean): void {
  useEffect(() => {
    ulagretTekst.sett(hva, finnes);
    return () => ulagretTekst.sett(hva, false);
  }, [hva, finnes]);
}

/** Adressen til oppgavelista slik den sist sto, med filtre; dit går "tilbake". */
let sisteListe = '/oppgaver';
export const oppgaveliste = {
  adresse: (): string => sisteListe,
  husk(adresse: string): void {
    sisteListe = adresse;
  },
};

import { useSyncExternalStore } from 'react';

/*
 * Linjen som sier hva som nettopp skjedde ("Vedtaket er fattet: innvilget."). Den står øverst til neste handling
 * eller til den lukkes, og leses opp. Den forsvinner ikke av seg selv mens noen leser.
 */
export interface Kvittering {
  tekst: string;
  slag: 'success' | 'info' | 'warning' | 'danger';
  lenke?: { til: string; tekst: string };
}
let gjeldende: Kvittering | null = null;
const lyttere = new Set<() => void>();
export function kvitter(k: Kvittering | null): void {
  gjeldende = k;
  for (const f of lyttere) f();
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
let ulagret = false;
export const ulagretTekst = {
  finnes: (): boolean => ulagret,
  sett(verdi: boolean): void {
    ulagret = verdi;
  },
};

/** Adressen til oppgavelista slik den sist sto, med filtre; dit går "tilbake". */
let sisteListe = '/oppgaver';
export const oppgaveliste = {
  adresse: (): string => sisteListe,
  husk(adresse: string): void {
    sisteListe = adresse;
  },
};

import type { Sanntid } from '../../../src/contract/api.ts';
import { forbindelse, sjekkInnlogging } from './klient.ts';
import { meldInnlogging } from './identitet.ts';

/** «Noe kan ha gått tapt»: alt som vises, hentes på nytt. */
const ALT: Sanntid = { type: 'oppgave', id: '*', sakId: null };
const TYPER: readonly string[] = ['oppgave', 'sak', 'utboks'] satisfies Sanntid['type'][];

function lesJson(tekst: unknown): unknown {
  try {
    return JSON.parse(String(tekst));
  } catch {
    return null;
  }
}
function erSanntid(verdi: unknown): verdi is Sanntid {
  return (
    typeof verdi === 'object' &&
    verdi !== null &&
    'type' in verdi &&
    TYPER.includes(String(verdi.type)) &&
    'id' in verdi
  );
}

/**
 * Én åpen strøm (GET /api/hendelser). Kobler til igjen når den brytes. Brukes bare når serveren sier at den er for den
 * siden viser.
 * @param tattOver en annen fane hadde strømmen før: noe kan være tapt imens
 * @returns lukker strømmen
 */
function aapneStroem(brukerId: string, motta: (h: Sanntid) => void, tattOver: boolean): () => void {
  let kilde: EventSource | undefined;
  let nyttForsoek: ReturnType<typeof setTimeout> | undefined;
  let ventetid = 1000;
  let harVaertBorte = tattOver;
  const igjen = (): void => {
    clearTimeout(nyttForsoek);
    nyttForsoek = setTimeout(koble, ventetid);
    ventetid = Math.min(ventetid * 2, 30_000);
  };
  const endret = (): void => {
    // Serveren lukket, eller strømmen er for en annen: denne siden skal ikke ha mer før den vet hvem som er logget inn.
    kilde?.close();
    harVaertBorte = true;
    meldInnlogging(null);
    sjekkInnlogging();
    igjen();
  };
  const koble = (): void => {
    let min = false;
    kilde = new EventSource('/api/hendelser');
    kilde.addEventListener('bruker', (e: MessageEvent<unknown>) => {
      const hvem = lesJson(e.data);
      min = typeof hvem === 'object' && hvem !== null && 'id' in hvem && hvem.id === brukerId;
      if (!min) return endret();
      ventetid = 1000;
      forbindelse.sett(false);
      if (harVaertBorte) motta(ALT);
      harVaertBorte = false;
    });
    kilde.addEventListener('slutt', endret);
    kilde.onmessage = (e: MessageEvent<unknown>) => {
      const h = lesJson(e.data);
      if (min && erSanntid(h)) motta(h);
    };
    kilde.onerror = () => {
      harVaertBorte = true;
      if (kilde?.readyState !== EventSource.CLOSED) return; // nettleseren prøver igjen selv
      sjekkInnlogging();
      igjen();
    };
  };
  koble();
  return () => {
    clearTimeout(nyttForsoek);
    kilde?.close();
  };
}

/**
 * Uten låser (en adresse uten https) har hver fane sin egen strøm, men bare mens den vises: nettleseren har seks
 * forbindelser til hver tjener, og skjulte faner skal ikke ta dem fra den som er i bruk.
 */
function foelgNaarDenVises(brukerId: string, motta: (h: Sanntid) => void): () => void {
  let lukk: (() => void) | null = null;
  let vistFoer = false;
  const oppdater = (): void => {
    if (document.visibilityState === 'visible') {
      lukk ??= aapneStroem(brukerId, motta, vistFoer);
      vistFoer = true;
    } else {
      lukk?.();
      lukk = null;
    }
  };
  oppdater();
  document.addEventListener('visibilitychange', oppdater);
  return () => {
    document.removeEventListener('visibilitychange', oppdater);
    lukk?.();
  };
}

/**
 * Følger hendelsene med én strøm for alle faner i nettleseren: fanen som har låsen, holder strømmen og deler den med de
 * andre over en kanal. Når den lukkes eller krasjer, slipper nettleseren låsen, og neste fane tar over og henter det som
 * kan være tapt. Lås og kanal hører til personen, så to som er logget inn etter hverandre, aldri deler.
 * @returns slutter å følge
 */
export function foelgHendelser(brukerId: string, motta: (h: Sanntid) => void): () => void {
  if (!('locks' in navigator) || typeof BroadcastChannel !== 'function') return foelgNaarDenVises(brukerId, motta);
  const navn = `ip-hendelser:${brukerId}`;
  let stopp: () => void = () => {};
  const start = (tattOver: boolean): void => {
    const kanal = new BroadcastChannel(navn);
    kanal.onmessage = (e: MessageEvent<unknown>) => {
      if (erSanntid(e.data)) motta(e.data);
    };
    const del = (h: Sanntid): void => {
      motta(h);
      kanal.postMessage(h);
    };
    const avbryt = new AbortController();
    const ferdig = new Promise<void>((ok) => avbryt.signal.addEventListener('abort', () => ok(), { once: true }));
    const hold = async (overtatt: boolean): Promise<void> => {
      if (avbryt.signal.aborted) return;
      const lukk = aapneStroem(brukerId, del, overtatt);
      await ferdig;
      lukk();
    };
    void navigator.locks
      .request(navn, { ifAvailable: true }, async (laas) => {
        if (laas) await hold(tattOver);
        return laas !== null;
      })
      .then((holdt) => {
        if (holdt || avbryt.signal.aborted) return;
        return navigator.locks.request(navn, { signal: avbryt.signal }, () => hold(true));
      })
      .catch((feil: unknown) => {
        if (!avbryt.signal.aborted) throw feil; // ellers er det bare vi som sluttet å vente
      });
    stopp = () => {
      avbryt.abort();
      kanal.close();
    };
  };
  start(false);
  // En side nettleseren legger til side for tilbake-knappen, skal ikke holde strømmen fra de andre.
  const settTilSide = (): void => stopp();
  const hentetFram = (e: PageTransitionEvent): void => {
    if (e.persisted) start(true);
  };
  window.addEventListener('pagehide', settTilSide);
  window.addEventListener('pageshow', hentetFram);
  return () => {
    window.removeEventListener('pagehide', settTilSide);
    window.removeEventListener('pageshow', hentetFram);
    stopp();
  };
}

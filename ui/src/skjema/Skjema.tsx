import { Form } from '@bpmn-io/form-js-viewer';
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import './skjema.css';
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import type { Feltfeil } from '../../../src/contract/api.ts';
import { Datotid } from './datofelt.ts';
import { brukKontraktensSetninger } from './setninger.ts';
import { norsk } from './oversettelse.ts';
import { felter, type SkjemaFelt, utenKnapper } from './struktur.ts';
import { brukFellesSynlighet, medNavngitteBetingelser, type Skjemamotor } from './synlighet.ts';

export type SkjemaData = Record<string, unknown>;
export interface Skjemafeil extends Feltfeil {
  ledetekst: string;
  /** id til elementet i siden som feilen lenker til */
  elementId: string;
}
export interface SkjemaHaandtak {
  /**
   * Det som skal sendes: alt som er skrevet, også i skjulte felter; serveren tar bort dem med den samme funksjonen som
   * skjermen viser etter. `feil` er tom når det som er synlig, er riktig fylt ut.
   */
  sjekk(): { data: SkjemaData; feil: Skjemafeil[] };
  /** Setter inn en verdi skjemaet ikke har fått fra noen som skrev den. */
  sett(felt: string, verdi: unknown): void;
  /** Viser feil fra serveren ved feltene. Gir dem tilbake med lenkemål; ukjente felter får tomt elementId. */
  visFeil(feil: readonly Feltfeil[]): Skjemafeil[];
}

/** Uten `debounce: false` holder form-js på tekst i 0,3 s; det som da skrives like før siden forlates, ville gått tapt. */
function valg(container: HTMLElement) {
  return { container, additionalModules: [norsk], debounce: false };
}

/** Det et menneske gjør med et felt: skriver, trykker, limer inn, drar. */
const TEGN_PAA_BRUK = ['input', 'change', 'keydown', 'pointerdown', 'paste', 'drop'] as const;

/** Det vi trenger av form-js utover det erklærte: tilstanden kan settes, slik også validate() gjør det. */
interface Indre extends Skjemamotor {
  _id: string;
  _setState(t: { errors?: Record<string, string[]>; data?: SkjemaData }): void;
}

/**
 * Et form-js-skjema. Lages én gang per oppgave: nye svar fra serveren skal aldri skrive over det noen holder på med.
 * `paaEndring` får verdiene til alle felter (også skjulte), så utkastet tåler at et valg gjøres om.
 */
export default function Skjema({
  stegId,
  skjema,
  data,
  lesbar,
  paaEndring,
  ref,
}: {
  /** Steget skjemaet hører til: feilene sies med kontraktens setninger */
  stegId: string;
  skjema: unknown;
  data: SkjemaData;
  /** Bare til lesing: oppgaven er ikke din */
  lesbar: boolean;
  paaEndring: (verdier: SkjemaData, slag: 'start' | 'endret') => void;
  ref: Ref<SkjemaHaandtak>;
}) {
  const boks = useRef<HTMLDivElement>(null);
  const form = useRef<Form | null>(null);
  const meld = useRef(paaEndring);
  useEffect(() => {
    meld.current = paaEndring;
  });
  const forstData = useRef(data);
  const brukt = useRef(false);

  useEffect(() => {
    const holder = boks.current;
    if (!holder) return;
    const f = new Form(valg(holder));
    form.current = f;
    f.get<{ register(type: string, felt: unknown): void }>('formFields').register('datetime', Datotid);
    brukKontraktensSetninger(f, stegId);
    const verdier = (kilde: SkjemaData): SkjemaData => plukk(skjema, kilde);
    brukFellesSynlighet(f as unknown as Indre, skjema, forstData.current, verdier);
    let sist = '';
    // form-js retter selv opp valg som ikke finnes i lista like etter start. Først når noen har tatt i skjemaet, er nye
    // verdier noe noen har skrevet; fra da av meldes hver eneste, også den aller første.
    const taIBruk = (): void => {
      brukt.current = true;
    };
    brukt.current = false;
    f.on('changed', (e: { data: SkjemaData }) => {
      // form-js melder også når en feil vises eller skjemaet låses; bare nye verdier er en endring.
      const naa = verdier(e.data);
      const som = JSON.stringify(naa);
      if (som === sist) return;
      sist = som;
      if (brukt.current) meld.current(naa, 'endret');
    });
    void f.importSchema(medNavngitteBetingelser(utenKnapper(skjema)), forstData.current).then(() => {
      sist ||= JSON.stringify(verdier((f as unknown as Indre)._getState().data));
      meld.current(verdier(forstData.current), 'start');
    });
    for (const slag of TEGN_PAA_BRUK) holder.addEventListener(slag, taIBruk, true);
    // Enter i et felt skal ikke sende et skjema som har sin egen knapp nederst på siden.
    const ikkeSend = (e: Event): void => {
      e.preventDefault();
      e.stopPropagation();
    };
    holder.addEventListener('submit', ikkeSend, true);
    return () => {
      holder.removeEventListener('submit', ikkeSend, true);
      for (const slag of TEGN_PAA_BRUK) holder.removeEventListener(slag, taIBruk, true);
      f.destroy();
      form.current = null;
    };
  }, [skjema, stegId]);

  useEffect(() => {
    form.current?.setProperty('readOnly', lesbar);
  }, [lesbar, skjema]);

  useImperativeHandle(ref, () => {
    const medLenke = (feil: readonly Feltfeil[], felt: (f: Feltfeil) => SkjemaFelt | undefined): Skjemafeil[] =>
      feil.map((f) => {
        const funnet = felt(f);
        return {
          ...f,
          ledetekst: funnet?.ledetekst ?? '',
          elementId: funnet ? finnElement(boks.current, form.current, funnet.id) : '',
        };
      });
    return {
      sjekk() {
        const f = form.current;
        if (!f) return { data: {}, feil: [] };
        const errors = f.validate();
        const sendes = plukk(skjema, (f as unknown as Indre)._getState().data);
        const alle = felter(skjema);
        const feil = alle.flatMap((a) => lesFeil(errors[a.id]).map((melding): Feltfeil => ({ felt: a.key, melding })));
        return { data: sendes, feil: medLenke(feil, (x) => alle.find((a) => a.key === x.felt)) };
      },
      sett(felt, verdi) {
        const f = form.current as unknown as Indre | null;
        brukt.current = true;
        f?._setState({ data: { ...f._getState().data, [felt]: verdi } });
      },
      visFeil(feil) {
        const f = form.current;
        const alle = felter(skjema);
        // "punkter.0.tekst" hører til feltet "punkter".
        const finn = (x: Feltfeil): SkjemaFelt | undefined =>
          alle.find((a) => a.key === x.felt) ?? alle.find((a) => a.key === x.felt.split('.')[0]);
        if (f) {
          const errors: Record<string, string[]> = {};
          for (const x of feil) {
            const felt = finn(x);
            if (felt) errors[felt.id] = [...(errors[felt.id] ?? []), x.melding];
          }
          // form-js har ingen erklært vei inn for feil utenfra; validate() setter dem slik.
          (f as unknown as Indre)._setState({ errors });
        }
        return medLenke(feil, finn);
      },
    };
  }, [skjema]);

  return <div ref={boks} className="skjema" />;
}

/** Svarene i tilstanden: verdien i hvert felt, uten fakta skjemaet bare viser og uten det som er låst. */
function plukk(skjema: unknown, kilde: SkjemaData): SkjemaData {
  return Object.fromEntries(
    felter(skjema)
      .filter((a) => !a.laast && a.key in kilde)
      .map((a) => [a.key, kilde[a.key]]),
  );
}

/** form-js gir en liste av tekster per felt, og en tabell per rad når felter gjentas. */
function lesFeil(verdi: unknown): string[] {
  if (typeof verdi === 'string') return [verdi];
  if (typeof verdi === 'object' && verdi !== null) return Object.values(verdi).flatMap(lesFeil);
  return [];
}

/** Elementet feilen lenker til: feltet selv, eller det første valget i en gruppe. */
function finnElement(boks: HTMLElement | null, form: Form | null, feltId: string): string {
  if (!boks || !form) return '';
  const rot = `fjs-form-${(form as unknown as Indre)._id}-${feltId}`;
  const treff =
    boks.querySelector(`#${CSS.escape(rot)}`) ??
    boks.querySelector(
      `input[id^="${CSS.escape(rot)}"], textarea[id^="${CSS.escape(rot)}"], select[id^="${CSS.escape(rot)}"]`,
    );
  return treff?.id ?? '';
}

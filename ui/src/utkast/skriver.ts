import type { Utkast, Utkastlagring, UtkastSvar } from '../../../src/contract/api.ts';
import { UTKAST_ENDRET } from '../../../src/contract/utkast.ts';
import { identitet } from '../api/identitet.ts';
import { ApiFeil } from '../api/klient.ts';
import { nyId } from '../felles/id.ts';
import { ulagretTekst } from '../felles/kvittering.ts';

export type Utkastdata = Record<string, unknown>;

export type Utkasttilstand =
  | { slag: 'uendret' }
  | { slag: 'lagrer' }
  | { slag: 'lagret'; tid: string }
  /** serveren svarer ikke; det prøves igjen av seg selv */
  | { slag: 'venter' }
  | { slag: 'utlogget' }
  /** serveren sier nei; det prøves igjen når noe endres eller vinduet tas fram igjen */
  | { slag: 'stoppet'; hvorfor: string }
  /** lagret fra et annet vindu imens; `lagret` er null når utkastet er sendt eller slettet der */
  | { slag: 'konflikt'; lagret: Utkast | null };

/** Ett kall som lagrer. `keepalive`: siden forlates, og kallet må overleve den. */
export type Lagre = (kropp: Utkastlagring, keepalive: boolean) => Promise<UtkastSvar>;

/** Det som er skrevet, lot seg ikke lagre; meldingen er ment for den som skrev det. */
export class IkkeLagret extends Error {
  override readonly name = 'IkkeLagret';
}

/** Nettleseren tar høyst 64 KiB i kall som skal overleve siden, til sammen; litt er igjen til hodene. */
const STOERSTE_VED_AVREISE = 60_000;
const STILLE_MS = 500;
const IGJEN_MS = 5_000;

const tom = (v: unknown): boolean => v === undefined || v === null || v === '' || (Array.isArray(v) && v.length === 0);
/** Om to verdier i et felt er det samme for den som leser dem; tomt er tomt uansett form. */
export function likt(a: unknown, b: unknown): boolean {
  return (tom(a) && tom(b)) || JSON.stringify(a) === JSON.stringify(b);
}
/** Feltene som er ulike i de to. */
export function ulike(a: Utkastdata, b: Utkastdata): string[] {
  return Object.keys(a).filter((felt) => !likt(a[felt], b[felt]));
}
function utf8(kropp: unknown): number {
  return new TextEncoder().encode(JSON.stringify(kropp)).length;
}

/**
 * Lagrer det som skrives i ett skjema, for ett vindu: litt etter at det blir stille, ett kall om gangen, hvert bygd på
 * versjonen dette vinduet kjenner. Lever til det siste er lagret, også etter at siden som skrev det, er borte.
 */
export class Utkastskriver {
  readonly noekkel: string;
  readonly #fane = nyId();
  #lagre: Lagre;
  #nr = 0;
  #versjon: number;
  /** det serveren sist bekreftet (eller skjemaet åpnet med) */
  #bekreftet: Utkastdata;
  #skrevet: Utkastdata | null = null;
  #underveis: { data: Utkastdata; ferdig: Promise<void> } | null = null;
  #sendtVedAvreise: Utkastdata | null = null;
  #pause = false;
  #tid: ReturnType<typeof setTimeout> | undefined;
  #tilstand: Utkasttilstand = { slag: 'uendret' };
  readonly #lyttere = new Set<() => void>();

  constructor(noekkel: string, start: { data: Utkastdata; versjon: number }, lagre: Lagre) {
    this.noekkel = noekkel;
    this.#bekreftet = start.data;
    this.#versjon = start.versjon;
    this.#lagre = lagre;
  }

  readonly abonner = (f: () => void): (() => void) => {
    this.#lyttere.add(f);
    return () => this.#lyttere.delete(f);
  };
  readonly tilstand = (): Utkasttilstand => this.#tilstand;
  get versjon(): number {
    return this.#versjon;
  }
  /** Det som er skrevet og ikke bekreftet lagret. */
  get ulagret(): Utkastdata | null {
    return this.#skrevet;
  }
  /** Det alle bygger på: slik det sto før dette vinduet og det andre skrev hver sitt. */
  get grunnlag(): Utkastdata {
    return this.#bekreftet;
  }
  get brukes(): boolean {
    return this.#lyttere.size > 0;
  }
  settLagre(lagre: Lagre): void {
    this.#lagre = lagre;
  }

  /** Skjemaet er fylt på nytt med noe nyere, før noen rørte det. */
  begynnFra(start: { data: Utkastdata; versjon: number }): void {
    if (this.#skrevet || this.#underveis) return;
    this.#bekreftet = start.data;
    this.#versjon = start.versjon;
  }

  endret(data: Utkastdata): void {
    this.#skrevet = data;
    ulagretTekst.sett(this.noekkel, true);
    if (this.#tilstand.slag === 'konflikt') return;
    if (this.#tilstand.slag !== 'venter' && this.#tilstand.slag !== 'utlogget') this.#sett({ slag: 'lagrer' });
    this.#planlegg(STILLE_MS);
  }

  /** Holder igjen mens skjemaet sendes: et sent utkast skal ikke komme etter det. */
  pause(paa: boolean): void {
    this.#pause = paa;
    clearTimeout(this.#tid);
    if (!paa && this.#skrevet) this.#planlegg(0);
  }

  /** Skjemaet er sendt eller utkastet forkastet: det som står igjen, skal ikke lagres. */
  ferdig(): void {
    this.#pause = true;
    clearTimeout(this.#tid);
    this.#skrevet = null;
    ulagretTekst.sett(this.noekkel, false);
  }

  /**
   * Lagrer alt som er skrevet, nå.
   * @throws IkkeLagret når det ikke går, med grunnen
   */
  async lagreAlt(): Promise<void> {
    while (this.#underveis || (this.#skrevet && !this.#pause)) {
      if (this.#tilstand.slag === 'konflikt') break;
      await (this.#underveis?.ferdig ?? this.#send());
      if (['venter', 'utlogget', 'stoppet'].includes(this.#tilstand.slag)) break;
    }
    if (this.#skrevet && !this.#pause) throw new IkkeLagret(hvorfor(this.#tilstand));
  }

  /** Prøver igjen straks, når det siste ikke gikk. */
  proevIgjen(): void {
    if (this.#skrevet && this.#tilstand.slag !== 'konflikt') this.#planlegg(0);
  }

  /** Vinduet forlates: det som ikke er lagret, sendes i et kall som overlever siden, hvis det får plass. */
  vedAvreise(): void {
    const data = this.#skrevet;
    if (!data || this.#pause || this.#tilstand.slag === 'konflikt' || this.#sendtVedAvreise === data) return;
    const hel = this.#kropp(data, false);
    const del = this.#kropp(this.#endringer(data), true);
    const kropp = [hel, del].find((k) => utf8(k) < STOERSTE_VED_AVREISE);
    if (!kropp) return;
    this.#sendtVedAvreise = data;
    void this.#kall(data, kropp, true);
  }

  /** En annen har lagret imens. Det som er skrevet her, står; ingenting lagres før noen har valgt. */
  konflikt(lagret: Utkast | null, skrevet: Utkastdata): void {
    clearTimeout(this.#tid);
    // Står det samme begge steder, er det ingenting å velge mellom.
    if (lagret && ulike(skrevet, lagret.data).length === 0) {
      this.#versjon = lagret.versjon;
      this.#bekreftet = skrevet;
      this.#skrevet = this.#skrevet && ulike(this.#skrevet, skrevet).length > 0 ? this.#skrevet : null;
      ulagretTekst.sett(this.noekkel, this.#skrevet !== null);
      this.#sett({ slag: 'lagret', tid: lagret.lagret });
      if (this.#skrevet) this.#planlegg(0);
      return;
    }
    this.#skrevet ??= skrevet;
    ulagretTekst.sett(this.noekkel, true);
    // Et utkast lagret da siden ble forlatt, kan ha bare noen av feltene; resten er som da skjemaet ble åpnet.
    const hel = lagret && { ...lagret, data: { ...this.#bekreftet, ...lagret.data } };
    this.#sett({ slag: 'konflikt', lagret: hel });
  }

  /** Valget er tatt: dette skal gjelde, oppå det som er lagret nå. */
  loes(data: Utkastdata): void {
    if (this.#tilstand.slag !== 'konflikt') return;
    this.#versjon = this.#tilstand.lagret?.versjon ?? 0;
    this.#bekreftet = this.#tilstand.lagret?.data ?? {};
    this.#skrevet = data;
    this.#sett({ slag: 'lagrer' });
    this.#planlegg(0);
  }

  #sett(t: Utkasttilstand): void {
    this.#tilstand = t;
    for (const f of this.#lyttere) f();
  }

  #planlegg(ms: number): void {
    clearTimeout(this.#tid);
    this.#tid = setTimeout(() => void this.#send(), ms);
  }

  #kropp(data: Utkastdata, delvis: boolean): Utkastlagring {
    return { data, grunnlag: this.#versjon, fane: this.#fane, nr: this.#nr + 1, delvis };
  }

  /** Feltene som ikke er bekreftet, også dem som er på vei og siden er skrevet tilbake. */
  #endringer(data: Utkastdata): Utkastdata {
    const felt = new Set([
      ...ulike(data, this.#bekreftet),
      ...(this.#underveis ? ulike(this.#underveis.data, this.#bekreftet) : []),
    ]);
    return Object.fromEntries(Object.entries(data).filter(([f]) => felt.has(f)));
  }

  #send(): Promise<void> {
    const data = this.#skrevet;
    if (!data || this.#pause || this.#tilstand.slag === 'konflikt') return Promise.resolve();
    if (this.#underveis) return this.#underveis.ferdig;
    clearTimeout(this.#tid);
    const ferdig = this.#kall(data, this.#kropp(data, false), false);
    this.#underveis = { data, ferdig };
    return ferdig;
  }

  async #kall(data: Utkastdata, kropp: Utkastlagring, keepalive: boolean): Promise<void> {
    this.#nr = kropp.nr;
    try {
      const svar = await this.#lagre(kropp, keepalive);
      if (!keepalive) this.#underveis = null;
      this.#versjon = Math.max(this.#versjon, svar.versjon);
      this.#bekreftet = data;
      if (this.#skrevet !== null && this.#skrevet !== data) {
        this.#planlegg(STILLE_MS / 2);
        return;
      }
      if (this.#skrevet === null) return;
      this.#skrevet = null;
      ulagretTekst.sett(this.noekkel, false);
      this.#sett({ slag: 'lagret', tid: svar.lagret });
    } catch (feil) {
      if (!keepalive) this.#underveis = null;
      this.#sendtVedAvreise = null;
      if (this.#skrevet === null || this.#pause) return;
      this.#avvist(feil, data);
    }
  }

  #avvist(feil: unknown, data: Utkastdata): void {
    const status = feil instanceof ApiFeil ? feil.status : 0;
    if (feil instanceof ApiFeil && feil.problem.type === UTKAST_ENDRET) {
      this.konflikt(feil.problem.utkast ?? null, data);
    } else if (feil instanceof ApiFeil && feil.gjelderInnlogging) {
      this.#sett({ slag: 'utlogget' });
      this.#planlegg(IGJEN_MS);
    } else if (feil instanceof ApiFeil && status >= 400 && status < 500 && ![408, 429].includes(status)) {
      this.#sett({ slag: 'stoppet', hvorfor: feil.message });
    } else {
      this.#sett({ slag: 'venter' });
      this.#planlegg(IGJEN_MS);
    }
  }
}

function hvorfor(t: Utkasttilstand): string {
  switch (t.slag) {
    case 'konflikt':
      return 'Det du har skrevet, er ikke lagret: utkastet er endret i et annet vindu. Velg først hva som skal gjelde.';
    case 'utlogget':
      return 'Det du har skrevet, er ikke lagret: du er ikke logget inn som deg selv. Det står øverst på siden hva du kan gjøre.';
    case 'stoppet':
      return `Det du har skrevet, er ikke lagret: ${t.hvorfor}`;
    default:
      return 'Det du har skrevet, er ikke lagret: serveren svarer ikke. La siden stå åpen, og prøv igjen om litt.';
  }
}

/** Skriverne som er i bruk, eller som har noe igjen å lagre, per utkast. */
const skrivere = new Map<string, Utkastskriver>();

/** Skriveren som alt har noe ulagret for dette utkastet, ellers en ny; den er i bruk når den er tatt i bruk. */
export function skriverFor(noekkel: string, start: { data: Utkastdata; versjon: number }, lagre: Lagre): Utkastskriver {
  const kjent = skrivere.get(noekkel);
  return kjent?.ulagret ? kjent : new Utkastskriver(noekkel, start, lagre);
}
export function taIBruk(skriver: Utkastskriver): void {
  skrivere.set(skriver.noekkel, skriver);
}

/**
 * Lagrer det som står igjen av et utkast, før det gis fra seg.
 * @throws IkkeLagret når det ikke går
 */
export async function lagreUtkastNaa(noekkel: string): Promise<void> {
  await skrivere.get(noekkel)?.lagreAlt();
}

const alle = (f: (s: Utkastskriver) => void): void => skrivere.forEach(f);

/**
 * Lagrer det som står igjen av alle utkast, før den som skrev dem, logger ut.
 * @throws IkkeLagret når noe ikke lar seg lagre
 */
export async function lagreAlleUtkast(): Promise<void> {
  const forsoek = await Promise.allSettled([...skrivere.values()].map((s) => s.lagreAlt()));
  const feil = forsoek.find((f) => f.status === 'rejected');
  if (feil) throw feil.reason;
}

/*
 * Siden viser ingen lenger: det som står igjen her, er den forriges, og skal aldri bli lagret i navnet til den neste.
 */
identitet.abonner(() => {
  if (identitet.les().slag !== 'ukjent') return;
  alle((s) => s.ferdig());
  skrivere.clear();
});

if (typeof window !== 'undefined') {
  window.addEventListener('beforeunload', (e) => {
    if (!ulagretTekst.finnes()) return;
    // Spør, og bruk ventetiden: den som blir, finner det lagret.
    alle((s) => s.proevIgjen());
    e.preventDefault();
  });
  const avreise = (): void => {
    if (document.visibilityState === 'hidden') alle((s) => s.vedAvreise());
  };
  document.addEventListener('visibilitychange', avreise);
  window.addEventListener('pagehide', () => alle((s) => s.vedAvreise()));
  window.addEventListener('focus', () => alle((s) => s.proevIgjen()));
  window.addEventListener('online', () => alle((s) => s.proevIgjen()));
}

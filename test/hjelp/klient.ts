import type { Meg, Problem } from '../../src/contract/api.ts';
import { BRUKERHODE } from '../../src/contract/innlogging.ts';

/** Svaret på et kall: status, hoder og tolket kropp. */
export interface Svar<T = unknown> {
  status: number;
  hoder: Headers;
  kropp: T;
}

interface Kallvalg {
  kropp?: NonNullable<RequestInit['body']>;
  hoder?: Record<string, string>;
}

/** En nettleser uten skjerm: holder på kapsler, CSRF-token og hvem den viser, og snakker JSON med appen. */
export class Klient {
  readonly adresse: string;
  readonly #utholdendeMs: number;
  #kapsler = new Map<string, string>();
  #csrf = '';
  #bruker: string | null = null;

  /**
   * @param utholdendeMs så lenge gjentas et kall som ikke får svar, eller får 5xx – med nøyaktig samme kropp, slik en
   *   nettleser som «prøver igjen» gjør
   */
  constructor(adresse: string, utholdendeMs = 0) {
    this.adresse = adresse;
    this.#utholdendeMs = utholdendeMs;
  }

  /** Sender en forespørsel og følger ikke videresendinger. */
  async raa(metode: string, sti: string, valg: Kallvalg = {}): Promise<Svar> {
    const slutt = Date.now() + this.#utholdendeMs;
    for (;;) {
      try {
        const svar = await this.#kall(metode, sti, valg);
        if (svar.status < 500 || Date.now() > slutt) return svar;
      } catch (feil) {
        if (Date.now() > slutt) throw feil;
      }
      await new Promise((ok) => setTimeout(ok, 50));
    }
  }

  async #kall(metode: string, sti: string, valg: Kallvalg): Promise<Svar> {
    const svar = await fetch(new URL(sti, this.adresse), {
      method: metode,
      redirect: 'manual',
      headers: {
        ...this.#kapselhode(),
        ...(metode === 'GET' ? {} : { 'x-csrf-token': this.#csrf }),
        ...(this.#bruker === null ? {} : { [BRUKERHODE]: this.#bruker }),
        ...valg.hoder,
      },
      ...(valg.kropp === undefined ? {} : { body: valg.kropp }),
    });
    for (const linje of svar.headers.getSetCookie()) {
      const [, navn, verdi] = /^([^=]+)=([^;]*)/.exec(linje) ?? [];
      if (navn !== undefined && verdi !== undefined) this.#kapsler.set(navn, verdi);
    }
    const tekst = await svar.text();
    const json = /json/.test(svar.headers.get('content-type') ?? '');
    return { status: svar.status, hoder: svar.headers, kropp: json && tekst ? JSON.parse(tekst) : tekst };
  }

  async hent<T = unknown>(sti: string): Promise<Svar<T>> {
    return (await this.raa('GET', sti)) as Svar<T>; // kroppen er den ruta lover; testene ser etter
  }

  async send<T = unknown>(metode: 'POST' | 'PUT' | 'DELETE', sti: string, kropp: unknown = {}): Promise<Svar<T>> {
    const svar = await this.raa(metode, sti, {
      kropp: JSON.stringify(kropp),
      hoder: { 'content-type': 'application/json' },
    });
    return svar as Svar<T>; // som over
  }

  /** Kapslene som hode, til kall som ikke går gjennom klienten (strømmer). */
  kapsler(): string {
    return [...this.#kapsler].map(([navn, verdi]) => `${navn}=${verdi}`).join('; ');
  }

  /** Innholdet i et dokument. Kaster når det ikke finnes. */
  async hentBytes(sti: string): Promise<Buffer> {
    const svar = await fetch(new URL(sti, this.adresse), { headers: this.#kapselhode() });
    if (svar.status !== 200) throw new Error(`${sti}: ${svar.status}`);
    return Buffer.from(await svar.arrayBuffer());
  }

  #kapselhode(): Record<string, string> {
    return this.#kapsler.size > 0 ? { cookie: [...this.#kapsler].map(([n, v]) => `${n}=${v}`).join('; ') } : {};
  }

  async hentMeg(): Promise<Meg> {
    const { kropp } = await this.hent<Meg>('/api/meg');
    this.#csrf = kropp.csrf;
    this.#bruker = kropp.bruker?.id ?? null;
    return kropp;
  }

  /** Logger inn som en demobruker. Kaster når det ikke går. */
  async loggInn(brukerId: string): Promise<this> {
    await this.hentMeg();
    let svar = await this.send<Problem>('POST', '/api/demo/logg-inn', { brukerId });
    // En innlogging som lyktes, men der svaret aldri kom fram, har byttet økt: da lastes siden på nytt, som en bruker ville gjort.
    for (let forsoek = 0; svar.status === 403 && this.#utholdendeMs > 0 && forsoek < 20; forsoek++) {
      this.#kapsler.clear();
      await this.hentMeg();
      svar = await this.send<Problem>('POST', '/api/demo/logg-inn', { brukerId });
    }
    if (svar.status !== 204) throw new Error(`innlogging som ${brukerId}: ${svar.status} ${svar.kropp.detail ?? ''}`);
    await this.hentMeg();
    return this;
  }
}

/// <reference lib="dom" />
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import type { Meg } from '../../src/contract/api.ts';
import { startTestapp, type Testapp } from '../hjelp/app.ts';
import { DEMOSAKER } from '../../src/demo/saker.ts';
import { Sakskjoering, ventTil } from '../hjelp/sakskjoering.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Hit legges et bilde av hver skjerm når variabelen er satt: `SKJERMBILDER=/tmp/bilder npm test nettleser`. */
const BILDER = process.env['SKJERMBILDER'];

export interface Skjerm {
  bredde: number;
  hoeyde: number;
}
export const LAPTOP: Skjerm = { bredde: 1280, hoeyde: 800 };
export const TELEFON: Skjerm = { bredde: 390, hoeyde: 780 };
/** Den minste bredden WCAG 1.4.10 krever uten vannrett rulling; også en laptop forstørret fire ganger. */
export const SMALEST: Skjerm = { bredde: 320, hoeyde: 640 };

/** Appen og en nettleser for én testfil: startes før første test, og alt som ble startet, stoppes etter den siste. */
export class Scene {
  #app: Testapp | null = null;
  #nettleser: Browser | null = null;
  #saker: Sakskjoering | null = null;
  #kontekster: BrowserContext[] = [];
  /** Feil i sidenes egen kode; en test som ellers består, feiler når det er noen. */
  #uhell: string[] = [];

  get app(): Testapp {
    if (!this.#app) throw new Error('Appen er ikke startet ennå.');
    return this.#app;
  }
  /** Saker kjørt fram gjennom HTTP, til stedet testen begynner. */
  get saker(): Sakskjoering {
    if (!this.#saker) throw new Error('Appen er ikke startet ennå.');
    return this.#saker;
  }

  async start(miljoe: NodeJS.ProcessEnv = {}): Promise<void> {
    await this.startNettleser();
    this.#app = await startTestapp({ motor: 'innebygd', miljoe });
    this.#saker = new Sakskjoering(this.#app.adresse);
  }

  /** Venter til hver demosak står der den skal. */
  async ventPaaDemo(): Promise<void> {
    const alle = Object.keys(DEMOSAKER).length;
    await ventTil(
      'alle demosakene',
      async () => {
        const rader: { n: number }[] = await this.app.app.ds.query(
          'select count(*)::int as n from demo_sak where ferdig',
        );
        return rader[0]?.n === alle ? true : null;
      },
      60_000,
    );
  }

  async startNettleser(): Promise<void> {
    this.#nettleser = await chromium.launch({
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  }

  async stopp(): Promise<void> {
    await this.#nettleser?.close();
    await this.#app?.stopp();
  }

  /** Lukker vinduene testen åpnet, med et bilde av hvert når testen feilet. Kaster når en side har feilet i sin egen kode. */
  async ryddEtterTest(test: Mocha.Test | undefined): Promise<void> {
    if (test?.state === 'failed') {
      const sider = this.#kontekster.flatMap((k) => k.pages());
      for (const [i, side] of sider.entries()) {
        await bilde(side, `feilet-${test.title.slice(0, 40)}-${i}`, true);
        // Så den som bare har utskriften, ser hva siden viste.
        const tekst = await side.locator('body').innerText();
        console.log(`Side ${i} (${new URL(side.url()).pathname}) viste:\n${tekst.slice(0, 1_500)}`);
      }
    }
    await Promise.all(this.#kontekster.splice(0).map((k) => k.close()));
    const uhell = this.#uhell.splice(0);
    if (uhell.length > 0) throw new Error(`Feil i siden:\n${uhell.join('\n')}`);
  }

  /** Et nytt vindu uten innlogging. `adresse` er appens når den ikke er gitt. */
  async vindu(skjerm: Skjerm = LAPTOP, adresse = this.app.adresse): Promise<Page> {
    if (!this.#nettleser) throw new Error('Nettleseren er ikke startet ennå.');
    const kontekst = await this.#nettleser.newContext({
      baseURL: adresse,
      viewport: { width: skjerm.bredde, height: skjerm.hoeyde },
      locale: 'nb-NO',
      timezoneId: 'Europe/Oslo',
      bypassCSP: true,
      reducedMotion: 'reduce',
    });
    kontekst.setDefaultTimeout(15_000);
    this.#kontekster.push(kontekst);
    const side = await kontekst.newPage();
    side.on('pageerror', (feil) => this.#uhell.push(`${side.url()}: ${feil.message}`));
    return side;
  }

  /** Et vindu der personen er logget inn (utenom innloggingssiden, som har sin egen test). */
  async som(brukerId: string, skjerm: Skjerm = LAPTOP, adresse = this.app.adresse): Promise<Page> {
    const side = await this.vindu(skjerm, adresse);
    const kall = side.context().request;
    const meg = (await (await kall.get('/api/meg')).json()) as Meg; // kontrakten `meg`
    const svar = await kall.post('/api/demo/logg-inn', { data: { brukerId }, headers: { 'x-csrf-token': meg.csrf } });
    if (svar.status() !== 204) throw new Error(`innlogging som ${brukerId}: ${svar.status()}`);
    return side;
  }
}

/** Bildet av siden slik den er nå, når SKJERMBILDER er satt. */
export async function bilde(side: Page, navn: string, hele = false): Promise<void> {
  if (!BILDER) return;
  mkdirSync(BILDER, { recursive: true });
  await side.screenshot({ path: path.join(BILDER, `${navn}.png`), fullPage: hele });
}

/** Venter til teksten er synlig. */
export async function ser(side: Page | Locator, tekst: string | RegExp): Promise<void> {
  await side.getByText(tekst).filter({ visible: true }).first().waitFor();
}

/** Venter til siden heter dette (tittelen uten appens navn). */
export async function heter(side: Page, tittel: string | RegExp): Promise<void> {
  const passer = (t: string): boolean => (typeof tittel === 'string' ? t === tittel : tittel.test(t));
  const slutt = Date.now() + 15_000;
  for (;;) {
    const naa = (await side.title()).replace(/ – Individuell plan$/, '');
    if (passer(naa)) return;
    if (Date.now() > slutt) throw new Error(`Siden heter «${naa}», ikke «${String(tittel)}».`);
    await side.waitForTimeout(20);
  }
}

/** Brudd på WCAG 2.2 A og AA i siden slik den er nå, én linje per regel; tom når det ikke er noen. */
export async function wcagBrudd(side: Page): Promise<string[]> {
  await side.evaluate(AXE);
  // Øverst, der ingen linje som følger med når siden rulles, dekker halve knapper.
  await side.evaluate(() => window.scrollTo(0, 0));
  await side.waitForTimeout(200);
  return side.evaluate(async () => {
    interface Axe {
      run(valg: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
    }
    const { axe } = globalThis as unknown as { axe: Axe }; // lagt inn i linja over
    const { violations } = await axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      resultTypes: ['violations'],
    });
    return violations.map(
      (v) => `${v.id}: ${v.nodes.map((n) => `${n.html.slice(0, 200)} ${n.failureSummary ?? ''}`).join(' | ')}`,
    );
  });
}

/** Antall piksler siden er bredere enn vinduet; 0 når den ikke kan rulles sidelengs. */
export function forBred(side: Page): Promise<number> {
  return side.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

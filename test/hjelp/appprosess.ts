import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';

const ROT = path.resolve(import.meta.dirname, '..', '..');

/** En port som er ledig nå. */
export function ledigPort(): Promise<number> {
  return new Promise((ok) => {
    const tjener = createServer().listen(0, '127.0.0.1', () => {
      const { port } = tjener.address() as AddressInfo; // en TCP-tjener har alltid en slik adresse
      tjener.close(() => ok(port));
    });
  });
}

export interface Prosessvalg {
  /** mappa appen er installert i, når det ikke er prosjektets egen */
  rot?: string;
  /** kjører som en annen bruker (krever root) */
  bruker?: { uid: number; gid: number };
}

/** Appen som egen prosess, startet slik `npm start` gjør det. */
export class Appprosess {
  readonly adresse: string;
  readonly #miljoe: NodeJS.ProcessEnv;
  readonly #valg: Prosessvalg;
  #barn: ChildProcess | null = null;
  /** alt prosessene har skrevet, til feilmeldinger */
  utskrift = '';
  /** alt de har skrevet fra begynnelsen, til tester som leter i det */
  alt = '';

  constructor(dataDir: string, port: number, miljoe: NodeJS.ProcessEnv = {}, valg: Prosessvalg = {}) {
    this.#valg = valg;
    this.adresse = `http://127.0.0.1:${port}`;
    this.#miljoe = {
      ...process.env,
      NODE_ENV: 'production',
      DATA_DIR: dataDir,
      PORT: String(port),
      DEMO_DATA: 'nei',
      ...miljoe,
    };
  }

  get pid(): number | undefined {
    return this.#barn?.pid;
  }

  /** Starter prosessen; venter ikke på at den er klar. */
  start(): void {
    const barn = spawn(process.execPath, ['scripts/start.mjs'], {
      cwd: this.#valg.rot ?? ROT,
      env: this.#miljoe,
      ...this.#valg.bruker,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stroem of [barn.stdout, barn.stderr])
      stroem.on('data', (d: Buffer) => {
        this.alt += String(d);
        this.utskrift = (this.utskrift + String(d)).slice(-20_000);
      });
    this.#barn = barn;
  }

  /** Venter til appen er klar; gir millisekundene det tok. Kaster med utskriften når prosessen dør eller tiden går ut. */
  async ventKlar(ms = 60_000): Promise<number> {
    const start = Date.now();
    for (;;) {
      if (this.#barn?.exitCode !== null && this.#barn?.exitCode !== undefined)
        throw new Error(`Appen avsluttet:\n${this.utskrift}`);
      const svar = await fetch(`${this.adresse}/health/ready`).catch(() => null);
      if (svar?.status === 200) return Date.now() - start;
      if (Date.now() - start > ms) throw new Error(`Appen ble ikke klar:\n${this.utskrift}`);
      await new Promise((ok) => setTimeout(ok, 20));
    }
  }

  /** Venter til prosessen selv går ut. Gir utgangskoden; null når den ble avsluttet av et signal. */
  async ventSlutt(): Promise<number | null> {
    const barn = this.#barn;
    if (!barn || barn.exitCode !== null || barn.signalCode) return barn?.exitCode ?? null;
    return new Promise((ok) => barn.once('exit', ok));
  }

  /** Dreper prosessen og starter den neste med en gang, før den forrige er borte. */
  drepOgStart(): void {
    this.#barn?.kill('SIGKILL');
    this.start();
  }

  /** Sender et signal uten å vente. */
  signal(signal: NodeJS.Signals): void {
    this.#barn?.kill(signal);
  }

  /** Sender signalet og venter til prosessen er borte. Gir utgangskoden. */
  async stopp(signal: NodeJS.Signals): Promise<number | null> {
    const barn = this.#barn;
    if (!barn) return null;
    const borte = new Promise<number | null>((ok) =>
      barn.exitCode !== null || barn.signalCode ? ok(barn.exitCode) : barn.once('exit', ok),
    );
    barn.kill(signal);
    const kode = await borte;
    this.#barn = null;
    return kode;
  }
}

import type { Feltfeil, Problem } from '../contract/api.ts';
import { Egenfeil } from '../logg/index.ts';

/**
 * En ventet feil som skal vises for den som spurte: blir til problem details (RFC 9457) av feilbehandleren.
 * `detail` og `feil` er på bokmål, i brukerens egne ord, og endrer aldri noe.
 */
export class Problemfeil extends Egenfeil {
  readonly status: number;
  readonly title: string;
  readonly feil: Feltfeil[] | undefined;
  /** RFC 9457 `type`, når skjermen må kjenne akkurat dette igjen */
  readonly type: string;
  readonly utkast: Problem['utkast'];
  readonly bruker: Problem['bruker'];

  constructor(status: number, title: string, detail: string, feil?: Feltfeil[], options: Problemvalg = {}) {
    super(detail, options);
    this.name = 'Problemfeil';
    this.status = status;
    this.title = title;
    this.feil = feil;
    this.type = options.type ?? 'about:blank';
    this.utkast = options.utkast;
    this.bruker = options.bruker;
  }

  /** Teksten til brukeren kan nevne det brukeren selv skrev; loggen får bare tittelen. */
  get loggtekst(): string {
    return `${this.status} ${this.title}`;
  }
}

interface Problemvalg extends ErrorOptions {
  type?: string;
  utkast?: Problem['utkast'];
  bruker?: NonNullable<Problem['bruker']>;
}

/** Samme ord for «finnes ikke» og «har ikke tilgang», så svaret ikke røper at noe finnes. */
export function ikkeFunnet(): Problemfeil {
  return new Problemfeil(404, 'Finnes ikke', 'Siden finnes ikke, eller du har ikke tilgang til den.');
}

/** Feil i felter: 422 med én linje per felt. */
export function ugyldigeFelter(feil: Feltfeil[]): Problemfeil {
  const antall = feil.length === 1 ? 'Ett felt må rettes.' : `${feil.length} felter må rettes.`;
  return new Problemfeil(422, 'Noe må rettes', `${antall} Ingenting er lagret.`, feil);
}

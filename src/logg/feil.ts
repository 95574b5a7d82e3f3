import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Hva en feil får lov til å fortelle om seg selv. En setning som feiler i databasen, bærer med seg alt som ble skrevet: TypeORM
 * har parametrene, PostgreSQL siterer raden, zod siterer verdien. Derfor er dette en tillatelsesliste: feilens slag, kode, navn
 * fra vårt eget skjema, og stedet i vår egen kode. Teksten tas bare med når vi har skrevet den selv.
 */

/** Feil med en tekst vi selv har skrevet. Bare slike får teksten sin i loggen, i tekniske oppgaver og i svar fra en jobb. */
export abstract class Egenfeil extends Error {
  /** Faste ord og våre egne id-er; aldri noe en person har skrevet, eller noe om en person. */
  abstract readonly loggtekst: string;
}

/** Noe som aldri skulle skje, eller som må rettes i oppsettet. Meldingen har faste ord og våre egne id-er, og ingenting annet. */
export class Systemfeil extends Egenfeil {
  override name = 'Systemfeil';

  get loggtekst(): string {
    return this.message;
  }
}

/** Det som kan skrives om en feil, hvor som helst. */
export interface Feilfakta {
  type: string;
  /** SQLSTATE, feilkode fra operativsystemet eller fra biblioteket */
  kode?: string;
  status?: number;
  /** når det er omgivelsene som svikter */
  slag?: Feilslag;
  /** bare fra våre egne feil */
  tekst?: string;
  tabell?: string;
  kolonne?: string;
  skranke?: string;
  /** stedene i vår egen kode, nærmest først */
  sted?: string[];
  aarsak?: Feilfakta;
}

const NAVN = /^[A-Za-z_$][\w$.]{0,59}$/;
const KODE = /^[A-Z0-9][A-Z0-9_]{1,39}$/;
const DATABASENAVN = /^[a-z_][a-z0-9_]{0,62}$/;
const RAMME =
  /^\s+at (?:(?:async )?([\w$.#<>[\] ]{1,80}) \()?(?:file:\/\/)?(\/[^()\n]+|[A-Za-z]:[\\/][^()\n]+):(\d+):(\d+)\)?$/;
const FLEST_STEDER = 8;
const FLEST_LEDD = 4;

/** Prosjektets rot, både fra kilden (`src/logg`) og som bygd (`dist/server/src/logg`). */
const ROT = ((): string => {
  const her = path.dirname(fileURLToPath(import.meta.url));
  const bygd = her.lastIndexOf(`${path.sep}dist${path.sep}server${path.sep}`);
  return bygd >= 0 ? her.slice(0, bygd) : path.resolve(her, '..', '..');
})();

function felt(feil: object, navn: string): unknown {
  return navn in feil ? Reflect.get(feil, navn) : undefined;
}

function tekst(feil: object, navn: string, form: RegExp): string | undefined {
  const verdi = felt(feil, navn);
  return typeof verdi === 'string' && form.test(verdi) ? verdi : undefined;
}

/** Rammene i stakken som er vår egen kode. Meldingen står først i stakken og kan ligne på en ramme; den skjæres bort. */
function steder(feil: Error): string[] {
  if (typeof feil.stack !== 'string') return [];
  const start = feil.message === '' ? -1 : feil.stack.indexOf(feil.message);
  const rammer = start < 0 ? feil.stack : feil.stack.slice(start + feil.message.length);
  return rammer.split('\n').flatMap((linje) => {
    const [, funksjon, fil, linjenr, kolonne] = RAMME.exec(linje) ?? [];
    if (!fil?.startsWith(ROT + path.sep) || fil.includes(`${path.sep}node_modules${path.sep}`)) return [];
    if (!existsSync(fil)) return []; // et biblioteks egen kilde, slik kildekartet dets kaller den
    const sted = `${path.relative(ROT, fil).replaceAll(path.sep, '/')}:${linjenr}:${kolonne}`;
    return [funksjon ? `${funksjon} (${sted})` : sted];
  });
}

/** Feilen under: `cause`, eller databasens egen under TypeORMs. */
function under(feil: object): unknown {
  const aarsak = felt(feil, 'cause') ?? felt(feil, 'driverError');
  if (aarsak !== undefined) return aarsak;
  const flere = felt(feil, 'errors');
  return Array.isArray(flere) && flere[0] instanceof Error ? flere[0] : undefined;
}

/**
 * Gjør en feil om til det som kan skrives: slag, kode, sted, navn fra skjemaet vårt, og teksten når den er vår egen.
 * @param feil hva som helst som er kastet
 */
export function feilfakta(feil: unknown, ledd = 0): Feilfakta {
  if (typeof feil !== 'object' || feil === null) return { type: typeof feil };
  const klasse: unknown = felt(feil, 'constructor');
  const klassenavn = typeof klasse === 'function' && NAVN.test(klasse.name) ? klasse.name : undefined;
  const fakta: Feilfakta = { type: tekst(feil, 'name', NAVN) ?? klassenavn ?? 'Object' };
  const kode = tekst(feil, 'code', KODE);
  if (kode !== undefined) fakta.kode = kode;
  const slag = feilslag(feil);
  if (slag !== 'ukjent' && ledd === 0) fakta.slag = slag;
  const status = felt(feil, 'status');
  if (typeof status === 'number') fakta.status = status;
  if (feil instanceof Egenfeil) fakta.tekst = feil.loggtekst;
  for (const [ut, inn] of [
    ['tabell', 'table'],
    ['kolonne', 'column'],
    ['skranke', 'constraint'],
  ] as const) {
    const navn = tekst(feil, inn, DATABASENAVN);
    if (navn !== undefined) fakta[ut] = navn;
  }
  if (feil instanceof Error) {
    const sted = steder(feil).slice(0, FLEST_STEDER);
    if (sted.length > 0) fakta.sted = sted;
  }
  const aarsak = under(feil);
  if (aarsak !== undefined && aarsak !== feil && ledd < FLEST_LEDD) {
    const { sted: stederUnder = [], ...resten } = feilfakta(aarsak, ledd + 1);
    const nye = stederUnder.filter((s) => fakta.sted?.includes(s) !== true);
    fakta.aarsak = nye.length > 0 ? { ...resten, sted: nye } : resten;
  }
  return fakta;
}

/** Den første feilkoden i kjeden; tom når ingen har noen. */
export function feilkode(feil: unknown): string {
  let f = feil;
  for (let ledd = 0; ledd <= FLEST_LEDD && typeof f === 'object' && f !== null; ledd++) {
    const kode = felt(f, 'code');
    if (typeof kode === 'string') return kode;
    f = under(f);
  }
  return '';
}

/**
 * Hva slags feil i omgivelsene det er, etter PostgreSQLs klasser og operativsystemets koder.
 * - `borte`: databasen svarer ikke, stopper eller starter (08, 57P, nettverk)
 * - `full`: ikke plass på disken (53100, ENOSPC, EDQUOT); `disk`: disken feiler (58030, EIO, EROFS)
 * - `overlast`: for mange forbindelser eller for lite minne (53)
 * - `avbrutt`: tok for lang tid, eller noen avbrøt den (57014, 55P03)
 * - `samtidig`: to endret det samme i samme øyeblikk (40)
 * - `ukjent`: noe annet
 */
export type Feilslag = 'borte' | 'full' | 'disk' | 'overlast' | 'avbrutt' | 'samtidig' | 'ukjent';

const SLAG: readonly (readonly [RegExp, Feilslag])[] = [
  [/^(53100|ENOSPC|EDQUOT)$/, 'full'],
  [/^(58030|EIO|EROFS)$/, 'disk'],
  [/^53...$/, 'overlast'],
  [/^(57014|55P03)$/, 'avbrutt'],
  [/^40...$/, 'samtidig'],
  [/^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT|08...|57P..|25P03|25006)$/, 'borte'],
];
/** «already released»: TypeORM gir fra seg en tilkobling som brytes mellom to spørringer i en transaksjon. */
const TILKOBLING_BRUTT =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|already released|not established/;

/** Hva slags feil i omgivelsene som ligger bak, så svaret til brukeren kan si det. */
export function feilslag(feil: unknown): Feilslag {
  const kode = feilkode(feil);
  const treff = SLAG.find(([form]) => form.test(kode));
  if (treff) return treff[1];
  return feil instanceof Error && TILKOBLING_BRUTT.test(feil.message) ? 'borte' : 'ukjent';
}

/** Det systemansvarlig kan gjøre noe med, sagt først. */
const I_ORD: Partial<Record<Feilslag, string>> = {
  full: 'Det er ikke plass til mer på disken',
  disk: 'Disken er full eller virker ikke som den skal',
};

/** Det samme på én linje, til tekniske oppgaver, Drift og motoren: «QueryFailedError 23505 person_navn (src/person/person.ts:12:3)». */
export function feilsetning(feil: unknown): string {
  const deler: string[] = [];
  for (let f: Feilfakta | undefined = feilfakta(feil); f; f = f.aarsak) {
    const hode =
      f.tekst ?? [f.type, f.kode ?? f.status, f.skranke ?? f.tabell].filter((d) => d !== undefined).join(' ');
    const sted = f.tekst === undefined && f.sted?.[0] ? ` (${f.sted[0]})` : '';
    if (!deler.includes(hode + sted)) deler.push(hode + sted);
  }
  const ord = I_ORD[feilslag(feil)];
  return `${ord ? `${ord}: ` : ''}${deler.join(' ← ')}`;
}

import { userInfo } from 'node:os';
import { feilkode, feilslag, feiltekst, Systemfeil } from './logg/index.ts';

function brukernavn(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? ''); // en container kan kjøre som et nummer uten navn
  }
}

function felt(feil: unknown, navn: string): string {
  for (let e = feil; e instanceof Error; e = e.cause) {
    const verdi: unknown = Reflect.get(e, navn);
    if (typeof verdi === 'string' || typeof verdi === 'number') return String(verdi);
  }
  return '';
}

const DATABASE = 'Databasen i DATABASE_URL';

/** Feilkoder fra operativsystemet og PostgreSQL, sagt som noe en kan gjøre noe med. */
const FORKLARINGER: Record<string, (feil: unknown) => string> = {
  EACCES: (feil) => ikkeSkrives(feil),
  EPERM: (feil) => ikkeSkrives(feil),
  EROFS: (feil) =>
    `${felt(feil, 'path')} ligger på en disk som ikke kan skrives. Sett DATA_DIR til en mappe som kan skrives.`,
  ENOSPC: () => 'Disken er full. Frigjør plass og start igjen. Det som er lagret før, er trygt.',
  EDQUOT: () => 'Diskkvoten er brukt opp. Frigjør plass og start igjen. Det som er lagret før, er trygt.',
  ENOTDIR: (feil) => `${felt(feil, 'path')}: en del av stien er en fil, ikke en mappe. Rett DATA_DIR.`,
  EEXIST: (feil) => `${felt(feil, 'path')} er en fil, ikke en mappe. Rett DATA_DIR.`,
  ENAMETOOLONG: (feil) => `Stien er for lang for denne maskinen: ${felt(feil, 'path')}. Velg en kortere DATA_DIR.`,
  ENOENT: (feil) => `${felt(feil, 'path') || felt(feil, 'syscall')} finnes ikke.`,
  EFBIG: (feil) => `Fila ${felt(feil, 'path')} ble større enn det er plass eller lov til der. Velg et annet sted.`,
  EMFILE: () => 'Prosessen har for mange åpne filer. Øk grensen (ulimit -n) og start igjen.',
  EADDRINUSE: () => 'Porten er opptatt av et annet program. Velg en annen med PORT, f.eks. PORT=3001 npm start.',
  EADDRNOTAVAIL: (feil) => `Maskinen har ikke adressen ${felt(feil, 'address')}. Rett HOST.`,
  ENOTFOUND: (feil) => `Fant ikke maskinen ${felt(feil, 'hostname')}. Kontroller DATABASE_URL og nettet.`,
  EAI_AGAIN: (feil) => `Fant ikke maskinen ${felt(feil, 'hostname')} nå. Kontroller DATABASE_URL og nettet.`,
  ECONNREFUSED: () => `${DATABASE} svarer ikke. Kontroller adressen og at tjeneren kjører.`,
  ECONNRESET: () => `${DATABASE} brøt forbindelsen. Kontroller adressen og om den krever kryptering (sslmode).`,
  ETIMEDOUT: () => `${DATABASE} svarer ikke innen tidsgrensen. Kontroller adressen og brannmuren.`,
  '28P01': () => `${DATABASE} godtar ikke brukeren eller passordet.`,
  '28000': () => `${DATABASE} slipper ikke brukeren inn (pg_hba.conf, eller krav om kryptering).`,
  '3D000': () => `${DATABASE} finnes ikke på tjeneren. Lag den først.`,
  '42501': () =>
    `${DATABASE}: brukeren mangler rettigheter. Den må eie databasen, eller kunne lage skjemaer og tabeller i den.`,
  '53100': () => 'Databasens disk er full. Frigjør plass og start igjen. Det som er lagret før, er trygt.',
  '53300': () => `${DATABASE} har ikke flere ledige forbindelser. Øk max_connections, eller stopp noe av det andre.`,
  '57P01': () => 'Databasen stoppet underveis. Ingenting er endret. Prøv igjen når den er oppe.',
  '57P02': () => 'Databasen stoppet underveis. Ingenting er endret. Prøv igjen når den er oppe.',
  '57P03': () => 'Databasen er på vei opp eller ned. Vent litt og start igjen.',
  '25006': () => `${DATABASE} kan bare leses. Bruk tjeneren som tar imot skriving.`,
};

function ikkeSkrives(feil: unknown): string {
  if (felt(feil, 'syscall') === 'listen') {
    return `Brukeren ${brukernavn()} får ikke lytte på porten. Velg en over 1023 med PORT.`;
  }
  return `Brukeren ${brukernavn()} har ikke tilgang til ${felt(feil, 'path')}. Sett DATA_DIR til en mappe brukeren eier, eller gi den tilgang.`;
}

/**
 * Det som hindret starten, i ord for den som drifter systemet. Aldri en rå stabel, og aldri innholdet i en databasefeil.
 * @param feil det som ble kastet
 * @param hva det som ikke ble gjort
 */
export function forklarStartfeil(feil: unknown, hva = 'Appen kom ikke opp'): string {
  if (feil instanceof Systemfeil) return feil.loggtekst;
  const kode = feilkode(feil) || (feilslag(feil) === 'borte' ? '57P01' : '');
  const forklaring = FORKLARINGER[kode];
  if (forklaring) return `${hva}. ${forklaring(feil)} (${kode})`;
  return `${hva} på grunn av en feil i systemet. Meld fra til dem som utvikler det:\n${feiltekst(feil)}`;
}

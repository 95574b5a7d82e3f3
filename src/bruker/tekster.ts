import { datoITekst } from '../contract/tid.ts';
import { ROLLENAVN, type Rolle } from '../contract/tilgang.ts';

/** «beslutter ved HSK Hillevåg» */
export function rolletekst(rolle: Rolle, enhetNavn: string): string {
  return `${ROLLENAVN[rolle].toLowerCase()} ved ${enhetNavn}`;
}

/** Dagen slik den leses. */
export function somDag(dag: string): string {
  return dag === '' ? '' : datoITekst(dag);
}

/** «2 oppgaver er ledige igjen.»; tom når det ikke var noen. */
export function ledigeTekst(antall: number): string {
  if (antall === 0) return '';
  return antall === 1 ? ' Én oppgave er ledig igjen.' : ` ${antall} oppgaver er ledige igjen.`;
}

import type { Rolle } from '../contract/tilgang.ts';

export type Oppgavetype = 'steg' | 'teknisk' | 'gikk-videre';

/**
 * Livsløpet til en oppgave. `fullfoerer`: arbeidet er lagret og meldt til motoren, som ikke har svart ennå.
 * `avbrutt`: saken gikk en annen vei før noen fullførte. `gikk-videre`: arbeidet ble lagret, men motoren hadde alt forlatt steget.
 */
export type Oppgavestatus = 'aapen' | 'fullfoerer' | 'fullfoert' | 'avbrutt' | 'gikk-videre';

/** En rad i `oppgave`. Egne rader for menneskers arbeid; motoren kjenner dem som user tasks. */
export interface Oppgave {
  id: string;
  type: Oppgavetype;
  /** Element-id i diagrammet, = skjema-id = steg-id. */
  stegId: string;
  tittel: string;
  sakId: string | null;
  saksnummer: string | null;
  personId: string | null;
  personNavn: string | null;
  userTaskKey: string | null;
  prosessinstansnoekkel: string | null;
  prosessId: string | null;
  prosessversjon: number | null;
  fase: string;
  /** Rollen og enheten oppgaven ligger hos. For personlige oppgaver er rollen null og enheten den ansattes. */
  rolle: Rolle | null;
  enhetId: string;
  /** Bare denne brukeren kan ta oppgaven (assignee i diagrammet). */
  kandidatbruker: string | null;
  eierId: string | null;
  status: Oppgavestatus;
  frist: Date | null;
  opprettet: Date;
}

import type { EntityManager } from 'typeorm';
import type { OppgaveDetalj } from '../contract/api.ts';
import type { Innlogget } from '../tilgang/index.ts';

/**
 * Det oppgavene trenger å vite om saken. Saken eier opplysningene og leverer dem ved oppstart, så oppgavemodulen ikke
 * avhenger av den.
 */
export interface Saksoppslag {
  /** Det oppgaveraden viser; null når saken ikke finnes. */
  forOppgave(m: EntityManager, sakId: string): Promise<SakForOppgave | null>;
  /** Saken i korte trekk til høyre på oppgavesiden; null når brukeren ikke har tilgang til saken. */
  utdrag(m: EntityManager, sakId: string, bruker: Innlogget): Promise<OppgaveDetalj['sak']>;
  /** En oppgave i denne fasen har oppstått i saken. */
  settFase(tx: EntityManager, sakId: string, fase: string): Promise<void>;
}

export interface SakForOppgave {
  saksnummer: string;
  personId: string;
  personNavn: string;
  /** Enheten som avgjør saken; `egen-enhet` i tilgangstabellen. */
  vedtaksinstans: string;
}

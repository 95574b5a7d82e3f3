import type { EntityManager } from 'typeorm';
import type { Brevvisning, Feltfeil } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import type { Prosessvariabler } from '../engine/workers.ts';
import type { Innlogget } from '../tilgang/index.ts';
import type { Oppgave } from './oppgave.ts';

export interface StegKontekst {
  /** Alt steget skriver går gjennom denne transaksjonen. */
  tx: EntityManager;
  klokke: Klokke;
  bruker: Innlogget;
  oppgave: Oppgave;
  sakId: string;
}

/** Hvorfor et steg må gjøres om igjen. */
export interface Retur {
  /** Kort, til lista: «Sendt tilbake av Per Lunde». */
  merke: string;
  /** Det den som sendte den tilbake, skrev; tom når det ikke er noe mer å si enn merket. */
  tekst: string;
  av: string;
  tid: Date;
}

/** En som ikke kan ta oppgaven selv om rollen passer. */
export interface Utelukket {
  brukerId: string;
  /** En setning til ham. */
  grunn: string;
  /** Sann når han kan ta den likevel når ingen andre er igjen; fire øyne er aldri mykt. */
  mykt?: boolean;
}

/**
 * Ett steg i en rutine som brukstilfelle: det skjermen trenger før, reglene, og den rettslige handlingen.
 * Oppgavemodulen kaller det; den som eier fagområdet skriver det (`src/<feature>/steg/<id>.steg.ts`).
 */
export interface Steg<D = unknown> {
  id: string;
  /**
   * Den som ikke kan ta oppgaven selv om rollen passer (fire øyne), med grunnen som en setning til ham; null når alle med
   * rollen kan. Spørres når oppgaven oppstår, og gjelder så lenge den er åpen.
   */
  utelukket?(m: EntityManager, sakId: string): Promise<Utelukket | null>;
  /**
   * Hvorfor steget må gjøres om igjen; null den første gangen. Spørres når oppgaven oppstår. Det som kommer tilbake, legges
   * til den som hadde steget sist i saken når han fortsatt er kandidat, ellers til gruppa, og er merket så lenge det er åpent.
   */
  retur?(m: EntityManager, sakId: string): Promise<Retur | null>;
  /**
   * Utveien for en oppgave som bare én person kan gjøre, når han ikke kan svare (sperret, sluttet, syk): lederen avslutter
   * den for ham, med samme virkning som det svaret `knapp` sier. Grunnen lederen skriver, er ikke med: den er ikke sakens.
   */
  besvarFor?: {
    knapp: string;
    hvaSkjer(k: StegKontekst): Promise<string>;
    utfoer(k: StegKontekst): Promise<{ variabler: Prosessvariabler; melding: string; svar: D }>;
  };
  /** Valglister, forhåndsutfylte verdier og fakta som skjemaet viser (inndata til form-js). */
  kontekst(k: StegKontekst): Promise<Record<string, unknown>>;
  /** Regler utover skjemaet, kjørt i transaksjonen før `utfoer`. Tom liste når alt er i orden. */
  kontroller?(k: StegKontekst, data: D): Promise<Feltfeil[]>;
  /** Feltene som blir tekst i et brev: et tegn brevets skrift ikke har, avvises når skjemaet sendes inn. */
  brevfelter?: readonly string[];
  /** Den rettslige handlingen: skriver poster og hendelser med `k.tx`, svarer med utfallsvariabler og setningen brukeren får se. */
  utfoer(k: StegKontekst, data: D): Promise<{ variabler: Prosessvariabler; melding: string }>;
  /** Hva som skjer når oppgaven fullføres, per verdi i utfallsfeltet ('' når det ikke er valgt noe). */
  hvaSkjer(k: StegKontekst): Promise<Record<string, string>>;
  /**
   * Felter som foreslås ut fra de andre (hjemlene ut fra utfallet). Skjemaet setter dem inn så lenge feltet står som det
   * forrige forslaget; det noen har redigert, får stå.
   */
  forslag?(k: StegKontekst, data: unknown): Promise<Record<string, unknown>>;
  /** Et utkast fra en eldre utgave av skjemaet, slik det er i denne. Uten den brukes utkastet som det er. */
  utkast?(k: StegKontekst, data: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Forhåndsvisning av brevet ut fra data som ennå ikke er sendt inn. */
  forhaandsvis?(k: StegKontekst, data: unknown): Promise<Brevvisning>;
}

/** Alle stegene etter oppgavens element-id. */
export type Stegregister = Readonly<Record<string, Steg>>;

import { Tilgang0001 } from './0001-tilgang.ts';
import { Oppgave0100 } from './0100-oppgave.ts';
import { OppgaveAvbrutt0101 } from './0101-oppgave-avbrutt.ts';
import { Sak1764000000200 } from './0200-sak.ts';
import { DemosakFerdig1764000000201 } from './0201-demosak-ferdig.ts';
import { Brev0300 } from './0300-brev.ts';
import { OppgaveUtelukket0301 } from './0301-oppgave-utelukket.ts';
import { UtkastForslag0302 } from './0302-utkast-forslag.ts';
import { Innsyn0400 } from './0400-innsyn.ts';
import { BrevEgenTekst0420 } from './0420-brev-egen-tekst.ts';
import { SammensattTekst0430 } from './0430-sammensatt-tekst.ts';
import { Utkast0431 } from './0431-utkast.ts';
import { Fordeling0440 } from './0440-fordeling.ts';

/** Alle migreringer i den rekkefølgen de kjøres. Lista vokser bare; en kjørt migrering endres aldri. */
export const MIGRERINGER = [
  Tilgang0001,
  Oppgave0100,
  OppgaveAvbrutt0101,
  Sak1764000000200,
  DemosakFerdig1764000000201,
  Brev0300,
  OppgaveUtelukket0301,
  UtkastForslag0302,
  Innsyn0400,
  BrevEgenTekst0420,
  SammensattTekst0430,
  Utkast0431,
  Fordeling0440,
];

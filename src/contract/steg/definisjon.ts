import type { z } from 'zod';

/** Det kontrakten sier om ett steg: hva skjemaet leverer, og hva knappen nederst heter. */
export interface Stegkontrakt {
  /** Feltene i `bpmn/<id>.form`, med samme nøkler. */
  readonly skjema: z.ZodObject;
  /** Feltet som avgjør veien videre og teksten på knappen. */
  readonly utfallsfelt?: string;
  /** Knappeteksten per verdi av utfallsfeltet, i lovens ord. */
  readonly knapper: Readonly<Record<string, string>>;
  /** Knappeteksten når steget ikke har noe utfall, eller det ikke er valgt ennå. */
  readonly standardKnapp: string;
  /**
   * Det skjemaet leser, men ikke sender inn: fakta som vises, valglister, verdier i betingelser. Steget må levere
   * nøyaktig disse fra `kontekst`, i tillegg til eventuelle forhåndsutfylte felter.
   */
  readonly kontekstnoekler: readonly string[];
}

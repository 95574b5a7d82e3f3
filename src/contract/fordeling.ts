/** Så mange oppgaver kan fordeles i ett kall. Uten skjemaer ved siden av: oppgavelista bruker tallet, og skal ikke hente zod. */
export const MAKS_FORDELING = 100;

import { regnSynlighet, type Synlighet } from '../../../src/contract/synlighet.ts';

type Data = Record<string, unknown>;

/** Det av form-js vi griper inn i. Den regner ellers selv ut hva som er skjult, med en annen rekkefølge enn serveren. */
export interface Skjemamotor {
  get<T>(navn: string): T;
  _getState(): { data: Data };
}
interface Uttrykksspraak {
  evaluateUnaryTest(uttrykk: unknown, kontekst: Data): boolean | null;
}
interface Betingelser {
  applyConditions(data: Data): Data;
}

const SKJULT = '=skjult:';

interface Komponent {
  id?: string;
  conditional?: { hide?: string };
  components?: Komponent[];
}

/**
 * Skjemaet der hver betingelse er byttet ut med navnet på feltet den skjuler, så form-js må spørre etter svaret i stedet
 * for å regne det ut. Navnene er de `regnSynlighet` bruker.
 */
export function medNavngitteBetingelser(skjema: unknown): unknown {
  const bytt = (liste: Komponent[], over: string): Komponent[] =>
    liste.map((k, n) => {
      const plass = over === '' ? `@${n}` : `${over}.${n}`;
      return {
        ...k,
        ...(k.conditional?.hide?.startsWith('=') ? { conditional: { hide: SKJULT + (k.id || plass) } } : {}),
        ...(k.components ? { components: bytt(k.components, plass) } : {}),
      };
    });
  if (typeof skjema !== 'object' || skjema === null || !('components' in skjema)) return skjema;
  // Skjemaet kommer fra den publiserte rutinen; form-js kontrollerer formen når det åpnes.
  return Array.isArray(skjema.components)
    ? { ...skjema, components: bytt(skjema.components as Komponent[], '') }
    : skjema;
}

/**
 * Lar funksjonen serveren bruker, avgjøre hva skjermen viser, og hva tekster og grenser i skjemaet regner med.
 * @param skjema skjemaet med sine egne betingelser; motoren har fått det fra `medNavngitteBetingelser`
 * @param kontekst det skjemaet åpnes med
 * @param skrevet plukker svarene ut av tilstanden
 */
export function brukFellesSynlighet(
  motor: Skjemamotor,
  skjema: unknown,
  kontekst: Data,
  skrevet: (data: Data) => Data,
): void {
  let sist: { som: string; svar: Synlighet } | null = null;
  const naa = (data: Data): Synlighet => {
    const svarene = skrevet(data);
    const som = JSON.stringify(svarene);
    if (sist?.som !== som) sist = { som, svar: regnSynlighet(skjema, svarene, kontekst) };
    return sist.svar;
  };
  motor.get<Betingelser>('conditionChecker').applyConditions = (data) => naa(data).grunnlag;
  const spraak = motor.get<Uttrykksspraak>('expressionLanguage');
  const egen = spraak.evaluateUnaryTest.bind(spraak);
  spraak.evaluateUnaryTest = (uttrykk, kontekstHer) => {
    if (typeof uttrykk !== 'string' || !uttrykk.startsWith(SKJULT)) return egen(uttrykk, kontekstHer);
    const i = Array.isArray(kontekstHer['_i_']) ? kontekstHer['_i_'].map(Number) : [];
    return naa(motor._getState().data).erSkjult(uttrykk.slice(SKJULT.length), i);
  };
}

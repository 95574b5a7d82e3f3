import type { Form } from '@bpmn-io/form-js-viewer';
import { lesDato } from '../../../src/contract/dato.ts';
import { erBlank } from '../../../src/contract/tekst.ts';
import { STEG } from '../../../src/contract/steg/index.ts';
import { iDag } from '../felles/format.ts';

interface Felt {
  key?: string;
  type?: string;
  subtype?: string;
  validate?: { required?: boolean };
}

/**
 * Hva vi ser etter i tillegg til form-js: tekst av bare usynlige tegn er ingen tekst, og en dato må finnes.
 * @returns setningen når feltet er galt
 */
export function egenFeil(felt: Felt, verdi: unknown): string | undefined {
  if (typeof verdi !== 'string' || verdi === '') return undefined;
  if (felt.type === 'datetime' && felt.subtype === 'date') {
    const lest = lesDato(verdi, iDag());
    return 'feil' in lest ? lest.feil : undefined;
  }
  return felt.validate?.required === true && erBlank(verdi) ? 'Fyll ut dette feltet.' : undefined;
}

/** Det vi trenger av form-js' egen prøving av felter. */
interface Proever {
  validateFieldInstance(felt: { id: string }, verdi: unknown): string[];
}
interface Felter {
  get(id: string): Felt | undefined;
}

/**
 * Hva kontrakten sier om ett felt når det har denne verdien.
 * @param data det som ellers står i skjemaet; betingede krav avhenger av det
 * @returns setningen, eller `undefined` når kontrakten ikke kjenner steget eller er fornøyd med feltet
 */
export function kontraktensSetning(
  stegId: string,
  felt: string,
  verdi: unknown,
  data: Record<string, unknown>,
): string | undefined {
  const steg = Object.entries(STEG).find(([id]) => id === stegId)?.[1];
  const svar = steg?.skjema.safeParse({ ...data, [felt]: verdi });
  return svar?.error?.issues.find((i) => i.path[0] === felt)?.message;
}

/**
 * Lar form-js avgjøre når et felt er galt, men si det med kontraktens ord («Velg minst én hjemmel.»), de samme som
 * serveren bruker. Er kontrakten fornøyd, beholdes form-js' egen setning.
 */
export function brukKontraktensSetninger(form: Form, stegId: string): void {
  const proever = form.get<Proever>('validator');
  const felter = form.get<Felter>('formFieldRegistry');
  const egen = proever.validateFieldInstance.bind(proever);
  proever.validateFieldInstance = (felt, verdi) => {
    const { key, ...beskrevet } = felter.get(felt.id) ?? {};
    const vaar = egenFeil(beskrevet, verdi);
    const feil = vaar === undefined ? egen(felt, verdi) : [vaar];
    if (feil.length === 0 || key === undefined) return feil;
    // Tilstanden er ikke i den erklærte flaten til form-js.
    const { data } = (form as unknown as { _getState(): { data: Record<string, unknown> } })._getState();
    const setning = kontraktensSetning(stegId, key, verdi, data);
    return setning === undefined ? feil : [setning];
  };
}

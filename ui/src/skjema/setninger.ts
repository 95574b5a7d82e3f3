import type { Form } from '@bpmn-io/form-js-viewer';
import { STEG } from '../../../src/contract/steg/index.ts';

/** Det vi trenger av form-js' egen prøving av felter. */
interface Proever {
  validateFieldInstance(felt: { id: string }, verdi: unknown): string[];
}
interface Felter {
  get(id: string): { key?: string } | undefined;
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
    const feil = egen(felt, verdi);
    const key = felter.get(felt.id)?.key;
    if (feil.length === 0 || key === undefined) return feil;
    // Tilstanden er ikke i den erklærte flaten til form-js.
    const { data } = (form as unknown as { _getState(): { data: Record<string, unknown> } })._getState();
    const setning = kontraktensSetning(stegId, key, verdi, data);
    return setning === undefined ? feil : [setning];
  };
}

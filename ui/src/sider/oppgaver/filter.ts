import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { OppgaveFilter } from '../../api/spoerringer.ts';

const FELTER = ['fane', 'sok', 'steg', 'rutine', 'enhet', 'forfalt', 'personId', 'sorter', 'retning'] as const;
const STANDARD: Partial<Record<(typeof FELTER)[number], string>> = {
  fane: 'mine',
  sorter: 'frist',
  retning: 'stigende',
};
const TILLATT: Partial<Record<(typeof FELTER)[number], readonly string[]>> = {
  fane: ['mine', 'ledige', 'enheten'],
  forfalt: ['ja'],
  sorter: ['frist', 'opprettet', 'navn', 'steg'],
  retning: ['stigende', 'synkende'],
};

/** Filteret slik adressen sier det; ukjente verdier i adressen leses som standardverdien. */
export function lesFilter(p: URLSearchParams): OppgaveFilter {
  const verdi = (felt: (typeof FELTER)[number]): string => {
    const v = p.get(felt) ?? '';
    const lov = TILLATT[felt];
    return v !== '' && (!lov || lov.includes(v)) ? v : (STANDARD[felt] ?? '');
  };
  return {
    fane: verdi('fane'),
    sok: verdi('sok'),
    steg: verdi('steg'),
    rutine: verdi('rutine'),
    enhet: verdi('enhet'),
    forfalt: verdi('forfalt'),
    personId: verdi('personId'),
    sorter: verdi('sorter'),
    retning: verdi('retning'),
  };
}

/** Adressen for et filter: bare det som avviker fra standarden står der. */
export function tilAdresse(f: OppgaveFilter): URLSearchParams {
  const p = new URLSearchParams();
  for (const felt of FELTER) {
    if (f[felt] !== '' && f[felt] !== STANDARD[felt]) p.set(felt, f[felt]);
  }
  return p;
}

/** Er noe valgt bort? (fane og sortering snevrer ikke inn) */
export function erFiltrert(f: OppgaveFilter): boolean {
  return [f.sok, f.steg, f.rutine, f.enhet, f.forfalt, f.personId].some((v) => v !== '');
}

export function useFilter(): [OppgaveFilter, (endring: Partial<OppgaveFilter>) => void, () => void] {
  const [p, settP] = useSearchParams();
  const filter = useMemo(() => lesFilter(p), [p]);
  const endre = useCallback(
    (endring: Partial<OppgaveFilter>) =>
      // Fritekst skrives bokstav for bokstav; den skal ikke fylle historikken.
      settP((forrige) => tilAdresse({ ...lesFilter(forrige), ...endring }), {
        replace: 'sok' in endring,
        preventScrollReset: true,
      }),
    [settP],
  );
  const nullstill = useCallback(
    () =>
      settP((forrige) => {
        const f = lesFilter(forrige);
        return tilAdresse({ ...f, sok: '', steg: '', rutine: '', enhet: '', forfalt: '', personId: '' });
      }),
    [settP],
  );
  return [filter, endre, nullstill];
}

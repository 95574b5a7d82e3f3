import { Datetime, Description, Errors, Label } from '@bpmn-io/form-js-viewer';
import { type FunctionComponent, h } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { lesDato, visDato } from '../../../src/contract/dato.ts';
import { dag, iDag } from '../felles/format.ts';
import { BANER } from '../felles/Ikon.tsx';
import { aapneKalender } from '../felles/kalender.ts';

/** Typen form-js gir for `children`, er trangere enn den preact selv bruker. */
const Ledetekst = Label as unknown as FunctionComponent<{
  htmlFor: string;
  label: string | undefined;
  required: boolean;
}>;

interface Egenskaper {
  disabled?: boolean;
  errors?: string[];
  domId: string;
  onBlur?: () => void;
  onFocus?: () => void;
  field: { dateLabel?: string; description?: string; subtype?: string; validate?: { required?: boolean } };
  onChange: (ny: { value: string | null }) => void;
  readonly?: boolean;
  value?: unknown;
}

/** Verdien feltet har for det som står i det: datoen når den finnes, ellers akkurat det som er skrevet. */
function verdiAv(tekst: string): string | null {
  const lest = lesDato(tekst, iDag());
  if ('feil' in lest) return tekst;
  return lest.dato === '' ? null : lest.dato;
}

/**
 * Datofeltet i skjemaet. form-js' eget gjør en dato som ikke finnes, om til en annen uten å si det; her blir det som er
 * skrevet, stående, og feltet sier hva som er galt.
 */
function Datofelt(p: Egenskaper) {
  const { disabled = false, domId, field, readonly = false } = p;
  const verdi = typeof p.value === 'string' ? p.value : '';
  const [tekst, settTekst] = useState(visDato(verdi));
  // En halvskrevet dato er ikke feil ennå; det er den når feltet forlates.
  const [skriver, settSkriver] = useState(false);
  const errors = skriver ? [] : (p.errors ?? []);
  const kalender = useRef<HTMLInputElement>(null);
  // Kommer verdien utenfra (utkast, forslag), vises den; mens noen skriver, står det de har skrevet.
  useEffect(() => {
    if (!skriver) settTekst(visDato(verdi));
  }, [verdi, skriver]);
  const meld = (ny: string): void => {
    settTekst(ny);
    p.onChange({ value: verdiAv(ny) });
  };
  const lest = lesDato(verdi, iDag());
  const iOrd = 'dato' in lest && lest.dato !== '' ? dag(lest.dato) : '';
  const [hjelpId, feilId] = [`${domId}-description`, `${domId}-error-message`];
  const klasser = ['fjs-form-field', 'fjs-form-field-datetime', 'dato'];
  if (errors.length > 0) klasser.push('fjs-has-errors');
  if (disabled) klasser.push('fjs-disabled');
  if (readonly) klasser.push('fjs-readonly');
  return h(
    'div',
    { class: klasser.join(' ') },
    h(Ledetekst, { htmlFor: domId, label: field.dateLabel, required: field.validate?.required === true }),
    h(
      'div',
      { class: 'dato__rad' },
      h('input', {
        class: 'fjs-input',
        id: domId,
        type: 'text',
        inputMode: 'text',
        autoComplete: 'off',
        placeholder: 'dd.mm.åååå',
        value: tekst,
        disabled,
        readOnly: readonly,
        'aria-invalid': errors.length > 0,
        'aria-describedby': `${hjelpId} ${feilId}`,
        onInput: (e: Event) => {
          settSkriver(true);
          if (e.target instanceof HTMLInputElement) meld(e.target.value);
        },
        onFocus: () => p.onFocus?.(),
        onBlur: () => {
          settSkriver(false);
          p.onBlur?.();
        },
      }),
      disabled || readonly
        ? null
        : [
            h('input', {
              ref: kalender,
              type: 'date',
              class: 'dato__kalender',
              tabIndex: -1,
              'aria-hidden': 'true',
              onInput: (e: Event) => {
                if (e.target instanceof HTMLInputElement && e.target.value !== '') meld(visDato(e.target.value));
              },
            }),
            h(
              'button',
              {
                type: 'button',
                class: 'dato__knapp',
                'aria-label': `Velg i kalenderen: ${field.dateLabel ?? ''}`,
                onClick: () => aapneKalender(kalender.current, 'dato' in lest ? lest.dato : ''),
              },
              h(
                'svg',
                { viewBox: '0 0 24 24', class: 'ikon', 'aria-hidden': 'true' },
                h('path', { d: BANER.kalender }),
              ),
            ),
          ],
      h('span', { class: 'dato__iord' }, iOrd),
    ),
    h(Description, { id: hjelpId, description: field.description }),
    h(Errors, { id: feilId, errors }),
  );
}

/** Felt av slaget `datetime`: datoer er våre egne, klokkeslett er form-js' egne. */
export function Datotid(p: Egenskaper) {
  return p.field.subtype === 'date' ? h(Datofelt, p) : h(Datetime, p);
}
Datotid.config = {
  ...Datetime.config,
  // En dato som ikke finnes, beholdes slik den er skrevet, også i et utkast som hentes fram.
  sanitizeValue: ({ formField, value, data }: { formField: { subtype?: string }; value: unknown; data: unknown }) =>
    formField.subtype === 'date'
      ? typeof value === 'string' && value !== ''
        ? value
        : null
      : Datetime.config.sanitizeValue({ formField, value, data }),
};

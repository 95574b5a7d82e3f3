import { Button, Field, Input, Label, ValidationMessage } from '@digdir/designsystemet-react';
import { useRef, useState } from 'react';
import { lesDato, visDato } from '../../../src/contract/dato.ts';
import { dag, iDag } from './format.ts';
import { Ikon } from './Ikon.tsx';
import { aapneKalender } from './kalender.ts';

/** Hva som er galt med en dato som er skrevet; tom når den finnes, eller når ingenting er skrevet. */
export function datofeil(verdi: string): string {
  const lest = lesDato(verdi, iDag());
  return 'feil' in lest ? lest.feil : '';
}

/**
 * Et felt for en dato skrevet på norsk, med nettleserens kalender ved siden av. `verdi` er datoen som åååå-mm-dd når den
 * finnes, ellers akkurat det som er skrevet, så ingenting blir til en annen dato eller borte.
 */
export function Datofelt({
  id,
  ledetekst,
  hint,
  verdi,
  feil,
  maks,
  endre,
}: {
  id: string;
  ledetekst: string;
  /** hva dagen betyr, etter datoen i ord */
  hint?: string;
  verdi: string;
  feil?: string | undefined;
  /** siste dag kalenderen tilbyr */
  maks?: string;
  endre: (verdi: string) => void;
}) {
  const [skrives, settSkrives] = useState<string | null>(null);
  const [forlatt, settForlatt] = useState(false);
  const kalender = useRef<HTMLInputElement>(null);
  const lest = lesDato(verdi, iDag());
  const finnes = 'dato' in lest && lest.dato !== '';
  const meld = (tekst: string): void => {
    const ny = lesDato(tekst, iDag());
    endre('dato' in ny ? ny.dato : tekst);
  };
  const galt = feil ?? (forlatt ? datofeil(verdi) : '');
  return (
    <div className="dato">
      <Field data-size="sm">
        <Label htmlFor={id}>{ledetekst}</Label>
        <Field.Description>
          {finnes ? dag(lest.dato) : 'Dag, måned og år: dd.mm.åååå'}
          {hint ? `. ${hint}` : ''}
        </Field.Description>
        <div className="dato__rad">
          <Input
            id={id}
            autoComplete="off"
            value={skrives ?? visDato(verdi)}
            aria-invalid={galt !== ''}
            onChange={(e) => {
              settSkrives(e.target.value);
              meld(e.target.value);
            }}
            onBlur={() => {
              settSkrives(null);
              settForlatt(true);
            }}
          />
          <Button
            type="button"
            variant="secondary"
            data-size="sm"
            icon
            aria-label={`Velg i kalenderen: ${ledetekst}`}
            onClick={() => aapneKalender(kalender.current, finnes ? lest.dato : '')}
          >
            <Ikon navn="kalender" />
          </Button>
        </div>
        {galt !== '' ? <ValidationMessage>{galt}</ValidationMessage> : null}
      </Field>
      <input
        ref={kalender}
        type="date"
        className="dato__kalender"
        tabIndex={-1}
        aria-hidden="true"
        max={maks}
        onChange={(e) => {
          if (e.target.value !== '') meld(e.target.value);
        }}
      />
    </div>
  );
}

import { Button, Field, ValidationMessage } from '@digdir/designsystemet-react';
import { useId } from 'react';
import { stoerrelse } from './format.ts';

const STOERSTE_FIL = 20 * 1024 * 1024;

/** Velg filer, se dem i en liste og ta bort dem som ble feil. For store filer legges ikke til; `endre` får setningen om det. */
export function Filvalg({
  filer,
  feil,
  beskrivelse,
  endre,
}: {
  filer: readonly File[];
  feil: string | undefined;
  beskrivelse: string;
  endre: (filer: File[], melding: string | null) => void;
}) {
  const om = useId();
  return (
    <>
      <Field data-size="sm">
        <Field.Description id={om}>
          {beskrivelse} PDF, bilder, tekst, DOCX eller ODT, høyst 20 MB hver.
        </Field.Description>
        <label className="ds-button filvalg" data-variant="secondary" data-size="sm" htmlFor="felt-filer">
          Velg filer
        </label>
        <input
          id="felt-filer"
          className="kun-lest filvalg__felt"
          aria-describedby={om}
          aria-invalid={feil !== undefined}
          type="file"
          multiple
          accept=".pdf,.png,.jpg,.jpeg,.txt,.docx,.odt"
          onChange={(e) => {
            const nye = [...(e.target.files ?? [])];
            const store = nye.filter((f) => f.size > STOERSTE_FIL);
            endre(
              [...filer, ...nye.filter((f) => f.size <= STOERSTE_FIL)],
              store.length > 0
                ? `${store.map((f) => `«${f.name}»`).join(', ')} er større enn 20 MB og ble ikke lagt ved.`
                : null,
            );
            e.target.value = '';
          }}
        />
        {feil ? <ValidationMessage>{feil}</ValidationMessage> : null}
      </Field>
      {filer.length > 0 ? (
        <ul className="filer">
          {filer.map((f, i) => (
            <li key={`${f.name}-${i}`}>
              {f.name} <span className="dempet liten">{stoerrelse(f.size)}</span>
              <Button
                variant="tertiary"
                data-size="sm"
                aria-label={`Fjern ${f.name}`}
                onClick={() =>
                  endre(
                    filer.filter((x) => x !== f),
                    null,
                  )
                }
              >
                Fjern
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  );
}

/*
 * form-js' egne tekster på norsk. Nøkkelen er den engelske malen slik den står i @bpmn-io/form-js-viewer 2.0; en mal
 * vi ikke kjenner, vises som den er.
 */
const NORSK: Record<string, string> = {
  'Field is required.': 'Fyll ut dette feltet.',
  'Value is not a number.': 'Skriv et tall.',
  'Value is expected to be an integer.': 'Skriv et helt tall.',
  'Value is expected to have at most 1 decimal digit.': 'Skriv tallet med høyst én desimal.',
  'Value is expected to have at most {value} decimal digits.': 'Skriv tallet med høyst {value} desimaler.',
  'Please select a valid value, the two nearest valid values are {previousValue} and {nextValue}.':
    'Velg et gyldig tall. De nærmeste er {previousValue} og {nextValue}.',
  'Field must match pattern {value}.': 'Det som står her, har ikke riktig form.',
  'Field must have minimum value of {value}.': 'Tallet må være {value} eller høyere.',
  'Field must have maximum value of {value}.': 'Tallet må være {value} eller lavere.',
  'Min validation value is not a valid number.': 'Den nedre grensen i skjemaet er ikke et tall.',
  'Max validation value is not a valid number.': 'Den øvre grensen i skjemaet er ikke et tall.',
  'Field must have minimum length of {value}.': 'Skriv minst {value} tegn.',
  'Field must have maximum length of {value}.': 'Skriv høyst {value} tegn.',
  'Field must be a valid international phone number. (e.g. +4930664040900)':
    'Skriv telefonnummeret med landkode, for eksempel +4751500000.',
  'Field must be a valid email.': 'Skriv en gyldig e-postadresse.',
  'Date and time must both be entered.': 'Skriv både dato og klokkeslett.',
  'No content to show.': 'Ingenting å vise.',
  "External content couldn't be loaded.": 'Innholdet kunne ikke hentes.',
  Increment: 'Én opp',
  Decrement: 'Én ned',
  'Skip to search': 'Hopp til søket',
  'Remove tag': 'Fjern',
  Search: 'Søk',
  'No results': 'Ingen treff',
  'All values selected': 'Alt er valgt',
  'Nothing to show.': 'Ingenting å vise.',
  '{page} of {total}': '{page} av {total}',
  'Previous page': 'Forrige side',
  'Next page': 'Neste side',
  'Click to sort by {value} descending': 'Sorter synkende etter {value}',
  'Click to sort by {value} ascending': 'Sorter stigende etter {value}',
  'Click to remove sorting': 'Fjern sorteringen',
  'No files selected': 'Ingen filer valgt',
  '{value} files selected': '{value} filer valgt',
  'Document reference is not defined.': 'Dokumentet finnes ikke.',
  'Unable to download document': 'Dokumentet kunne ikke hentes.',
  'Download {fileName}': 'Last ned {fileName}',
  'Add new': 'Legg til',
  'Expand all ({value})': 'Vis alle ({value})',
  Collapse: 'Vis færre',
  Date: 'Dato',
  Time: 'Klokkeslett',
};

/** Setter inn verdiene i malen på norsk. En verdi som er tom eller 0 settes inn som den er. */
export function oversett(mal: string, verdier: Record<string, unknown> = {}): string {
  return (NORSK[mal] ?? mal).replace(/\{([^}]+)\}/g, (hele, navn: string) =>
    verdier[navn] === undefined || verdier[navn] === null ? hele : String(verdier[navn]),
  );
}
export const norsk = { translate: ['value', oversett] };

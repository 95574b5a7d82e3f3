/*
 * Skjemaene noen har skrevet i siden siden ble åpnet. Så lenge et av dem står på siden, tar en innlogging som er slutt
 * eller byttet, ingen bort fra det. Gjelder alle skjemaer i innholdet, uten at hvert må si fra.
 */
const roerte = new Set<HTMLFormElement>();

function merk(e: Event): void {
  const skjema = e.target instanceof Element ? e.target.closest('form') : null;
  if (skjema?.closest('#innhold')) roerte.add(skjema);
}

/** Begynner å følge med på hva som skrives. @returns slutter */
export function foelgSkriving(): () => void {
  const slag = ['input', 'change', 'drop'];
  for (const s of slag) document.addEventListener(s, merk, true);
  return () => {
    for (const s of slag) document.removeEventListener(s, merk, true);
  };
}

/** Sann når noe er skrevet i et skjema som fortsatt står på siden. */
export function noeErSkrevet(): boolean {
  for (const skjema of roerte) if (!skjema.isConnected) roerte.delete(skjema);
  return roerte.size > 0;
}

const TEKSTFELT = 'textarea, input:is([type=text], [type=date], [type=tel], [type=email], [type=number], :not([type]))';

/** Teksten i skjemaene, med ledeteksten over hvert felt, klar til å limes inn et annet sted. */
export function skrevetTekst(): string {
  const felter = document.querySelectorAll<HTMLTextAreaElement | HTMLInputElement>(TEKSTFELT);
  return [...felter]
    .filter((f) => f.closest('#innhold form') && f.value.trim() !== '')
    .map((f) => {
      // Stjernen ved ledeteksten sier bare at feltet må fylles ut.
      const navn = (f.labels?.[0]?.textContent ?? f.getAttribute('aria-label') ?? '').replace(/\*\s*$/, '').trim();
      return navn === '' ? f.value : `${navn}\n${f.value}`;
    })
    .join('\n\n');
}

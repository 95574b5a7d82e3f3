/**
 * Åpner nettleserens egen kalender for et usynlig datofelt, stilt på datoen som står i tekstfeltet. Teksten skrives alltid
 * i tekstfeltet: nettleserens datofelt lar ingen skrive en dato som ikke finnes, men kaster det som ble skrevet.
 */
export function aapneKalender(felt: HTMLInputElement | null, dato: string): void {
  if (!felt) return;
  felt.value = dato;
  try {
    felt.showPicker();
  } catch {
    // Uten kalender (eldre nettlesere) skrives datoen i feltet.
    felt.focus();
  }
}

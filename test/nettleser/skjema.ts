import type { Locator, Page } from 'playwright-core';

/** Feltet med ledeteksten, slik form-js tegner det. */
export function felt(side: Page, ledetekst: string): Locator {
  const hel = new RegExp(`^${ledetekst.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*\\*?$`);
  return side
    .locator('.fjs-form-field')
    .filter({ has: side.locator('.fjs-form-field-label', { hasText: hel }) })
    .last();
}

/** Velger ett av valgene i en gruppe av knapper. */
export async function velg(side: Page, ledetekst: string, valg: string): Promise<void> {
  await felt(side, ledetekst).getByRole('radio', { name: valg, exact: true }).check();
}

/** Krysser av valgene i en gruppe; alle når ingen er nevnt. */
export async function kryss(side: Page, ledetekst: string, ...valg: string[]): Promise<void> {
  const bokser = felt(side, ledetekst).getByRole('checkbox');
  if (valg.length > 0) for (const v of valg) await felt(side, ledetekst).getByRole('checkbox', { name: v }).check();
  else for (const boks of await bokser.all()) await boks.check();
}

/** Skriver i et tekst-, tall- eller avsnittsfelt. */
export async function skriv(side: Page, ledetekst: string, tekst: string): Promise<void> {
  await felt(side, ledetekst).locator('input, textarea').first().fill(tekst);
}

/** Velger i en nedtrekksliste. */
export async function nedtrekk(side: Page, ledetekst: string, valg: string): Promise<void> {
  await felt(side, ledetekst).locator('.fjs-select-display, input, .fjs-input-group').first().click();
  await side.locator('.fjs-dropdownlist-item', { hasText: valg }).first().click();
}

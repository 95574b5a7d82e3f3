type Felter = Readonly<Record<string, unknown>>;

/** Like når mellomrom og rekkefølgen i en liste ikke teller; et tomt felt er det samme på alle måter. */
function likt(a: unknown, b: unknown): boolean {
  const flat = (v: unknown): string =>
    Array.isArray(v) ? JSON.stringify(v.map(flat).sort()) : v == null ? '' : String(v).replace(/\s+/g, ' ').trim();
  return flat(a) === flat(b);
}

/** Det nye forslaget, for felter som fortsatt står som det forrige. Et felt som står annerledes, er redigert. */
export function fulgt(data: Felter, forrige: Felter, nytt: Felter): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(nytt).filter(([felt, verdi]) => likt(data[felt], forrige[felt]) && !likt(data[felt], verdi)),
  );
}

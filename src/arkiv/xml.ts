/** Et element med innhold: tekst, eller barn i rekkefølge. `type` blir xsi:type. */
export interface Xml {
  navn: string;
  type?: string;
  innhold: string | Xml[];
}

const TEGN: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Tegn XML 1.0 ikke tillater, heller ikke kodet. */
const ULOVLIGE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Gjør tekst trygg i XML. */
function xmlTekst(tekst: string): string {
  return tekst.replace(ULOVLIGE, '').replace(/[&<>"]/g, (t) => TEGN[t] ?? t);
}

/** Ett element; utelates når verdien er null. */
export function el(navn: string, innhold: string | Xml[] | null, type?: string): Xml[] {
  if (innhold === null) return [];
  return [{ navn, innhold, ...(type ? { type } : {}) }];
}

/** Skriver elementet med innrykk. */
export function skrivXml(x: Xml, innrykk = ''): string {
  const start = `${innrykk}<${x.navn}${x.type ? ` xsi:type="${x.type}"` : ''}`;
  if (typeof x.innhold === 'string') return `${start}>${xmlTekst(x.innhold)}</${x.navn}>`;
  const barn = x.innhold.map((b) => skrivXml(b, `${innrykk}  `)).join('\n');
  return `${start}>\n${barn}\n${innrykk}</${x.navn}>`;
}

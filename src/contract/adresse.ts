/** Et sted å regne fra; finnes ikke, og kan derfor ikke forveksles med en adresse noen har skrevet. */
const HER = 'http://her.invalid';
const LENGST = 2_000;
/** Stier som ikke er sider: dit skal ingen sendes etter innlogging. */
const IKKE_SIDER = /^\/(api|auth|logg-inn)(\/|$)/;

/** Sann når stien, slik den står eller slik noen ledd på veien kan lese den, fører ut av appen. */
function foererUt(sti: string): boolean {
  return !sti.startsWith('/') || sti.includes('//') || sti.includes('\\') || /[\u0000-\u001f\u007f-\u009f]/.test(sti);
}

/** Stien med alle lag av prosentkoding tatt av; null når den ikke lar seg lese. */
function helDekodet(sti: string): string | null {
  for (let lag = 0; lag < 5; lag++) {
    try {
      const neste = decodeURIComponent(sti);
      if (neste === sti) return sti;
      sti = neste;
    } catch {
      return null;
    }
  }
  return null;
}

/**
 * Adressen noen skal tilbake til etter innlogging, når den er en side i appen selv; ellers `/`. En lenke skal ikke kunne
 * bruke innloggingen vår til å sende noen til et fremmed nettsted. Nettlesere fjerner tabulator og linjeskift i adresser
 * og leser `\` som `/`, og mellomledd tar av prosentkoding; derfor prøves stien både slik den er skrevet, slik
 * nettleseren regner den ut (`/..//annet` blir `//annet`) og med all koding tatt av.
 * @param verdi det som sto i adressen, av hvilken som helst type
 */
export function tryggSti(verdi: unknown): string {
  if (typeof verdi !== 'string' || verdi.length > LENGST) return '/';

  if (!verdi.startsWith('/') || /[\u0000-\u001f\u007f-\u009f\\]/.test(verdi)) return '/';
  if (!URL.canParse(verdi, HER)) return '/';
  const adresse = new URL(verdi, HER);
  const dekodet = helDekodet(adresse.pathname);
  if (adresse.origin !== HER || dekodet === null) return '/';
  if ([adresse.pathname, dekodet, new URL(HER + dekodet).pathname].some(foererUt)) return '/';
  if (IKKE_SIDER.test(dekodet)) return '/';
  return adresse.pathname + adresse.search + adresse.hash;
}

/*
 * Datoer slik de skrives på norsk. Skjermen leser dem med denne, og serveren forklarer med den hva som er galt: en dato
 * som ikke finnes, blir aldri til en annen.
 */

const AAAA_MM_DD = /^(?<aar>\d{4})-(?<maaned>\d{1,2})-(?<dag>\d{1,2})$/;
const DD_MM_AAAA = /^(?<dag>\d{1,2})[.\s/-]\s*(?<maaned>\d{1,2})[.\s/-]\s*(?<aar>\d{4}|\d{2})$/;
const DDMMAAAA = /^(?<dag>\d{2})(?<maaned>\d{2})(?<aar>\d{4}|\d{2})$/;

const MAANEDER = [
  'januar',
  'februar',
  'mars',
  'april',
  'mai',
  'juni',
  'juli',
  'august',
  'september',
  'oktober',
  'november',
  'desember',
];

export type Datosvar = { dato: string } | { feil: string };

/** To sifre er det årstallet som ligger nærmest: høyst tjue år fram, ellers tilbake. */
function helt(aar: string, iAar: number): number {
  if (aar.length === 4) return Number(aar);
  const kandidat = Math.floor(iAar / 100) * 100 + Number(aar);
  return kandidat > iAar + 20 ? kandidat - 100 : kandidat;
}

/**
 * Leser en dato skrevet som dd.mm.åååå, d.m.åååå, dd.mm.åå, ddmmåå, ddmmåååå eller åååå-mm-dd.
 * @param iDag dagens dato (åååå-mm-dd), som avgjør hundreåret når året har to sifre
 * @returns datoen som åååå-mm-dd, eller en setning om hva som er galt. Tom tekst er ingen dato: tom `dato`
 */
export function lesDato(tekst: string, iDag: string): Datosvar {
  const skrevet = tekst.trim();
  if (skrevet === '') return { dato: '' };
  const deler = [AAAA_MM_DD, DD_MM_AAAA, DDMMAAAA].map((m) => m.exec(skrevet)?.groups).find(Boolean);
  if (!deler) return { feil: 'Skriv datoen som dd.mm.åååå, for eksempel 27.11.2026.' };
  const [dag, maaned] = [Number(deler['dag']), Number(deler['maaned'])];
  const aar = helt(deler['aar'] ?? '', Number(iDag.slice(0, 4)));
  const navn = MAANEDER[maaned - 1];
  if (navn === undefined) return { feil: `Datoen ${skrevet} finnes ikke. Måneden må være fra 1 til 12.` };
  if (aar < 1) return { feil: `Datoen ${skrevet} finnes ikke. Kontroller årstallet.` };
  // Date.UTC tar år under 100 for 19xx; dag 0 i neste måned er den siste i denne.
  const siste = new Date(Date.UTC(2000 + (aar % 400), maaned, 0)).getUTCDate();
  if (dag < 1 || dag > siste) {
    return {
      feil: `Datoen ${skrevet} finnes ikke. ${navn[0]?.toUpperCase()}${navn.slice(1)} ${aar} har ${siste} dager.`,
    };
  }
  const to = (n: number): string => String(n).padStart(2, '0');
  return { dato: `${String(aar).padStart(4, '0')}-${to(maaned)}-${to(dag)}` };
}

/** Datoen slik den vises i feltet: dd.mm.åååå. Det som ikke er en dato, vises slik det ble skrevet. */
export function visDato(verdi: string): string {
  const deler = /^(\d{4})-(\d{2})-(\d{2})$/.exec(verdi);
  return deler ? `${deler[3]}.${deler[2]}.${deler[1]}` : verdi;
}

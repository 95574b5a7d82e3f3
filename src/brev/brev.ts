import { Systemfeil } from '../logg/index.ts';
import { blokker, tilTekst, type Blokk } from './blokker.ts';
import { MALER } from './maler.ts';
import { brevlinje, brevtekst } from './tegn.ts';
import type { Brev, Brevdata, Brevdel, Brevhode, Brevmal } from './typer.ts';

const flat = (tekst: string): string => tekst.replace(/\s+/g, ' ').trim();

/** Blokkene uten dem brevet alt har; mellomrom teller ikke. */
function nye(egne: readonly Blokk[], faste: readonly Blokk[]): Blokk[] {
  const titler = new Set(faste.flatMap((b) => (b.slag === 'tittel' ? [flat(b.tekst)] : [])));
  const avsnitt = new Set(faste.flatMap((b) => (b.slag === 'avsnitt' ? [flat(b.tekst)] : [])));
  const punkter = new Set(faste.flatMap((b) => (b.slag === 'liste' ? b.punkter.map(flat) : [])));
  return egne.flatMap((b): Blokk[] => {
    if (b.slag === 'tittel') return titler.has(flat(b.tekst)) ? [] : [b];
    if (b.slag === 'avsnitt') return avsnitt.has(flat(b.tekst)) ? [] : [b];
    const igjen = b.punkter.filter((p) => !punkter.has(flat(p)));
    return igjen.length > 0 ? [{ slag: 'liste', punkter: igjen }] : [];
  });
}

/**
 * Det som er skrevet til mottakeren utover det brevet sier av seg selv. Før var hele brevteksten ett felt som kunne
 * redigeres; en slik tekst i et utkast eller et eldre vedtak blir her til det noen faktisk skrev. Det som står i brevet fra
 * før, blir verken gjentatt eller tatt bort.
 */
export function egenTekst<M extends Brevmal>(mal: M, data: Brevdata[M], skrevet: string): string {
  const m = MALER[mal];
  const faste = m.deler(data, []).map((del) => del.tekst);
  const alle = [...faste, `## ${m.egenTittel ?? ''}`].flatMap((tekst) => blokker(brevtekst(tekst).tekst));
  const egne = blokker(brevtekst(skrevet).tekst);
  const igjen = tilTekst(nye(egne, alle));
  // Er det ingenting å ta bort, står teksten som den ble skrevet.
  return igjen === tilTekst(egne) ? skrevet : igjen;
}

/**
 * Setter sammen hele brevet: malen skriver alt som er avgjort, og det som er skrevet til mottakeren, står ved siden av.
 * Alle tegn er slike som brevets skrift har; `mangler` sier hvilke som ikke er det.
 * @param skrevet det som er skrevet til mottakeren; tom når det ikke er noe
 * @throws Error når malen ikke har plass til egen tekst og det er skrevet en
 */
export function lagBrev<M extends Brevmal>(mal: M, hode: Brevhode, data: Brevdata[M], skrevet = ''): Brev {
  const m = MALER[mal];
  const egen = skrevet.trim() === '' ? '' : egenTekst(mal, data, skrevet);
  if (egen.trim() !== '' && m.egenTittel === undefined)
    throw new Systemfeil(`Malen ${mal} har ikke plass til egen tekst.`);
  const itekst = new Set<string>();
  const inavn = new Set<string>();
  const linje = (tekst: string): string => {
    const svar = brevlinje(tekst);
    svar.mangler.forEach((t) => inavn.add(t));
    return svar.tekst;
  };
  const del = ({ slag, tekst }: Brevdel): Brevdel => {
    const svar = brevtekst(tekst);
    // Det malen skriver, er vårt eget; har det et tegn som mangler, kom det med et navn.
    svar.mangler.forEach((t) => (slag === 'mal' ? inavn : itekst).add(t));
    return { slag, tekst: svar.tekst };
  };
  const egne: Brevdel[] =
    egen.trim() === ''
      ? []
      : [
          { slag: 'mal', tekst: `## ${m.egenTittel ?? ''}` },
          { slag: 'egen', tekst: egen },
        ];
  brevtekst(skrevet).mangler.forEach((t) => itekst.add(t));
  return {
    mal,
    tittel: linje(m.tittel(data)),
    hode: {
      kommune: linje(hode.kommune),
      enhet: linje(hode.enhet),
      saksnummer: linje(hode.saksnummer),
      dato: hode.dato,
      mottaker: {
        navn: linje(hode.mottaker.navn),
        adresse: linje(hode.mottaker.adresse),
        postnummer: linje(hode.mottaker.postnummer),
        poststed: linje(hode.mottaker.poststed),
        beskyttetAdresse: hode.mottaker.beskyttetAdresse,
      },
      gjelder: linje(hode.gjelder),
      undertegnere: hode.undertegnere.map((u) => ({ navn: linje(u.navn), tittel: linje(u.tittel) })),
      kopi: hode.kopi.map(linje),
    },
    deler: m.deler(data, egne).map(del),
    mangler: { tekst: [...itekst], navn: [...inavn] },
  };
}

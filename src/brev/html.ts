import { datoITekst } from '../contract/tid.ts';
import { adressefelt } from './adresse.ts';
import { blokker } from './blokker.ts';
import { undertegnertittel } from './ordbruk.ts';
import type { Brev } from './typer.ts';

const TEGN: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Gjør tekst trygg i HTML. Alt som står i et brev, går gjennom denne. */
function rens(tekst: string): string {
  return tekst.replace(/[&<>"']/g, (t) => TEGN[t] ?? t);
}

function linjer(tekst: string): string {
  return rens(tekst).replaceAll('\n', '<br>');
}

function tilHtml(tekst: string): string {
  return blokker(tekst)
    .map((b) => {
      if (b.slag === 'tittel') return `<h3>${rens(b.tekst)}</h3>`;
      if (b.slag === 'liste') return `<ul>${b.punkter.map((p) => `<li>${rens(p)}</li>`).join('')}</ul>`;
      return `<p>${linjer(b.tekst)}</p>`;
    })
    .join('\n');
}

/**
 * Brevet slik mottakeren kommer til å lese det, som ren HTML uten skript, stil eller lenker. All tekst er renset.
 * Overskriftene begynner på nivå 2, fordi brevet vises inne i en side som har sin egen h1.
 */
export function forhaandsvisBrev(brev: Brev): { tittel: string; html: string } {
  const h = brev.hode;
  const underskrift = h.undertegnere
    .map((u) => `<p>${rens(u.navn)}<br>${rens(undertegnertittel(u.tittel))}</p>`)
    .join('');
  const kopi = h.kopi.length > 0 ? `<p>Kopi til: ${rens(h.kopi.join(', '))}</p>` : '';
  const html = `<article class="brev" lang="nb">
<header><p><strong>${rens(h.kommune)}</strong><br>${rens(h.enhet)}</p>
<p>${adressefelt(h.mottaker).map(rens).join('<br>')}</p>
<p>Dato: ${datoITekst(h.dato)}<br>Saksnummer: ${rens(h.saksnummer)}<br>Gjelder: ${rens(h.gjelder)}</p></header>
<h2>${rens(brev.tittel)}</h2>
${tilHtml(brev.tekst)}
${tilHtml(brev.fast)}
<footer><p>Med hilsen</p>${underskrift}${kopi}</footer>
</article>`;
  return { tittel: brev.tittel, html };
}

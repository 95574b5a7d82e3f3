import rens from 'escape-html';
import type { Brevvisning } from '../contract/api.ts';
import { datoITekst } from '../contract/tid.ts';
import { adressefelt } from './adresse.ts';
import { blokker } from './blokker.ts';
import { GODKJENT, undertegnertittel } from './ordbruk.ts';
import { navnemelding, tegnmelding } from './tegn.ts';
import type { Brev, Brevdel } from './typer.ts';

function linjer(tekst: string): string {
  return rens(tekst).replaceAll('\n', '<br>');
}

function tilHtml({ slag, tekst }: Brevdel): string {
  const h = slag === 'mal' ? 'h3' : 'h4';
  return blokker(tekst)
    .map((b) => {
      if (b.slag === 'tittel') return `<${h}>${rens(b.tekst)}</${h}>`;
      if (b.slag === 'liste') return `<ul>${b.punkter.map((p) => `<li>${rens(p)}</li>`).join('')}</ul>`;
      return `<p>${linjer(b.tekst)}</p>`;
    })
    .join('\n');
}

/**
 * Brevet slik mottakeren kommer til å lese det, som ren HTML uten skript, stil eller lenker. All tekst er renset.
 * Overskriftene begynner på nivå 2, fordi brevet vises inne i en side som har sin egen h1. `merknader` er setninger til den
 * som skriver, om tegn brevets skrift ikke har.
 */
export function forhaandsvisBrev(brev: Brev): Brevvisning {
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
${brev.deler.map(tilHtml).join('\n')}
<footer><p>Med hilsen</p>${underskrift}<p>${GODKJENT}</p>${kopi}</footer>
</article>`;
  const merknader = [tegnmelding(brev.mangler.tekst), navnemelding(brev.mangler.navn)].filter((m) => m !== null);
  return { tittel: brev.tittel, html, merknader };
}

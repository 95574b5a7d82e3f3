import { utfallssetning, type Rammer, type Saksgrunnlag } from '../brev/index.ts';
import { UTFALL_VERDIER, type Utfall } from '../contract/prosess.ts';
import { foreslaaBegrunnelse, type Kartlegging } from './begrunnelse.ts';
import { UTFALLSTEKST } from './utfall.ts';
import { erBareForslaget, setningerI, utsagnOmVilkaar, type Utsagn } from './utsagn.ts';

/** Det som må være sant for at vedtaket og ordene i det skal si det samme. */
export interface Motsigelsesgrunnlag {
  sak: Saksgrunnlag;
  rammer: Rammer;
  kartlegging: Kartlegging | null;
}
interface Vedtaksord {
  utfall: Utfall;
  begrunnelse: string;
  /** det som er skrevet til mottakeren ved siden av vedtaket */
  brevtekst: string;
}
interface Motsigelse {
  felt: 'begrunnelse' | 'brevtekst';
  melding: string;
}

const HVOR: Record<Motsigelse['felt'], string> = { begrunnelse: 'Begrunnelsen', brevtekst: 'Teksten til mottakeren' };
/** Hva utfallet krever av ordene. En koordinator kan gis både når vilkårene for plan er oppfylt og når de ikke er det. */
const KREVER: Partial<Record<Utfall, Utsagn>> = { ip: 'oppfylt', avslag: 'ikke-oppfylt' };
const RAAD: Partial<Record<Utfall, string>> = {
  avslag:
    'Skriv hvorfor det blir avslag. Er det en annen grunn enn vilkårene, skriver du den i samme setning («Vilkårene er oppfylt, men …»).',
  ip: 'Skriv hvorfor planen likevel innvilges, i samme setning («…, men …»), eller rett utfallet.',
};
const SIER: Record<Utsagn, string> = {
  oppfylt: 'vilkårene er oppfylt',
  'ikke-oppfylt': 'vilkårene ikke er oppfylt',
};
const utfallet = (utfall: Utfall): string => (utfall === 'avslag' ? 'avslag' : UTFALLSTEKST[utfall]);

function iTeksten(felt: Motsigelse['felt'], tekst: string, g: Motsigelsesgrunnlag, utfall: Utfall): string | null {
  const sagt = setningerI(tekst);
  const annet = UTFALL_VERDIER.find((u) => u !== utfall && sagt.includes(utfallssetning(g.sak, g.rammer, u)));
  if (annet) {
    return `${HVOR[felt]} sier «${utfallssetning(g.sak, g.rammer, annet)}», men utfallet er ${utfallet(utfall)}. Rett teksten eller utfallet.`;
  }
  const utsagn = utsagnOmVilkaar(tekst);
  const krever = KREVER[utfall];
  if (!utsagn || !krever || utsagn === krever) return null;
  return `${HVOR[felt]} sier at ${SIER[utsagn]}, men utfallet er ${utfallet(utfall)}. ${RAAD[utfall] ?? ''}`;
}

function fraKartleggingen(begrunnelse: string, g: Motsigelsesgrunnlag, utfall: Utfall): string | null {
  const krever = KREVER[utfall];
  if (!g.kartlegging || !krever) return null;
  const sier: Utsagn = g.kartlegging.kriterierOppfylt === 'ja' ? 'oppfylt' : 'ikke-oppfylt';
  if (sier === krever || !erBareForslaget(begrunnelse, foreslaaBegrunnelse(g.kartlegging))) return null;
  return `Begrunnelsen er teksten fra kartleggingen, som sier at ${SIER[sier]}, men utfallet er ${utfallet(utfall)}. ${RAAD[utfall] ?? ''}`;
}

/**
 * Der ordene i vedtaket sier noe annet enn utfallet: et avslag begrunnet med at vilkårene er oppfylt, en innvilgelse med at
 * de ikke er det, eller en setning som sier et annet utfall rett ut.
 * @returns én setning per felt, til den som skriver; tom når de sier det samme
 */
export function motsigelser(g: Motsigelsesgrunnlag, v: Vedtaksord): Motsigelse[] {
  const begrunnelse =
    iTeksten('begrunnelse', v.begrunnelse, g, v.utfall) ?? fraKartleggingen(v.begrunnelse, g, v.utfall);
  const brev = iTeksten('brevtekst', v.brevtekst, g, v.utfall);
  return [
    ...(begrunnelse ? [{ felt: 'begrunnelse' as const, melding: begrunnelse }] : []),
    ...(brev ? [{ felt: 'brevtekst' as const, melding: brev }] : []),
  ];
}

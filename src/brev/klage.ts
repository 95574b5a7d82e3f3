import { ord } from './ordbruk.ts';
import type { Klagefrister, Regime, Tiltale } from './typer.ts';

const TALLORD = ['null', 'én', 'to', 'tre', 'fire', 'fem', 'seks', 'sju', 'åtte'];

/** "fire uker"; tall over åtte skrives med sifre. */
function ukerITekst(uker: number): string {
  const ord = TALLORD[uker] ?? String(uker);
  return `${ord} ${uker === 1 ? 'uke' : 'uker'}`;
}

interface Klageregler {
  /** retten til å klage, med hjemmel; `den` er den avgjørelsen gjelder */
  rett(den: string): string;
  /** hva fristen regnes fra */
  frist(uker: string): string;
  innsyn: string;
  hjelp: string;
}

/**
 * Klagereglene er forskjellige etter hvilket regelverk saken går etter.
 * Helse og omsorg: pasient- og brukerrettighetsloven kapittel 7 (§ 2-7 sier at forvaltningsloven kapittel IV og V ikke
 * gjelder for disse avgjørelsene); fristen regnes fra kunnskap, § 7-5. NAV og barnevern: skriftlig begrunnet vedtak
 * etter forvaltningsloven, fristen regnes fra brevet kom fram.
 */
const REGLER: Record<Regime, Klageregler> = {
  helse: {
    rett: (den) =>
      `Du kan klage hvis du mener at ${den} ikke får det loven gir rett til (pasient- og brukerrettighetsloven § 7-2).`,
    frist: (uker) =>
      `Fristen for å klage er ${uker} fra du fikk vite nok, eller burde ha fått vite nok, til å kunne klage (pasient- og brukerrettighetsloven § 7-5). Vanligvis er det fra du fikk dette brevet.`,
    innsyn: 'Du har rett til å se journalen og de andre dokumentene i saken (pasient- og brukerrettighetsloven § 5-1).',
    hjelp:
      'Ta kontakt med oss hvis du trenger hjelp til å skrive klagen. Pasient- og brukerombudet kan også hjelpe deg. Det er gratis. Du kan la en annen klage for deg, men da trenger vi en fullmakt.',
  },
  nav: {
    rett: () => 'Du kan klage på vedtaket (sosialtjenesteloven i NAV § 47).',
    frist: (uker) => `Fristen for å klage er ${uker} fra du fikk dette brevet.`,
    innsyn: 'Du har rett til å se dokumentene i saken etter reglene i forvaltningsloven.',
    hjelp:
      'Ta kontakt med oss hvis du trenger hjelp til å skrive klagen. Du kan la en annen klage for deg, men da trenger vi en fullmakt.',
  },
  barnevern: {
    rett: () => 'Du kan klage på vedtaket etter reglene i barnevernsloven og forvaltningsloven.',
    frist: (uker) => `Fristen for å klage er ${uker} fra du fikk dette brevet.`,
    innsyn: 'Du har rett til å se dokumentene i saken etter reglene i forvaltningsloven og barnevernsloven.',
    hjelp:
      'Ta kontakt med oss hvis du trenger hjelp til å skrive klagen. Du kan la en annen klage for deg, men da trenger vi en fullmakt.',
  },
};

/** Hvem klagen sendes til, på én linje: enheten som avgjorde saken, kommunen, og postadressen når kommunen har satt den opp. */
export function klageadresse(enhet: string, kommune: string, postadresse: string | undefined): string {
  return [enhet, kommune, postadresse?.trim() ?? ''].filter((del) => del !== '').join(', ');
}

/**
 * Avsnittene om klage og innsyn. Klagen går alltid først til den som har avgjort saken, og så til Statsforvalteren
 * (domain: Klage).
 * @param klageTil den som avgjorde saken, med adresse
 * @param uker klagefristene i kommunens oppsett, i uker
 */
export function klageavsnitt(regime: Regime, klageTil: string, uker: Klagefrister, t: Tiltale): string {
  const r = REGLER[regime];
  return `## Du kan klage
${r.rett(ord(t).du)} ${r.frist(ukerITekst(uker[regime]))}

- Klagen må være skriftlig, og du må skrive under. Skriv hva du klager på, og hvorfor.
- Send klagen til ${klageTil}. Vi vurderer saken på nytt.
- Endrer vi ikke avgjørelsen, sender vi klagen videre til Statsforvalteren, som avgjør den.
- Har du klaget for seint, kan klagen likevel bli behandlet. Skriv da hvorfor den kommer for seint.

${r.hjelp}

## Du kan se dokumentene i saken
${r.innsyn} Ta kontakt med oss, så ordner vi det.`;
}

import { HJEMLER } from '../contract/hjemmel.ts';
import { datoITekst } from '../contract/tid.ts';
import { klageavsnitt } from './klage.ts';
import { HVEM_SPOER_TEKST, OENSKE_TEKST, ord, ROLLE_TEKST, UTFALL_TITTEL } from './ordbruk.ts';
import type { Brevdata, Brevdel, Brevmal, Dobbelloesning, Oenske, Tiltale, Utfall } from './typer.ts';

/**
 * En mal skriver hele brevet ut fra det som er avgjort. Det noen skriver til mottakeren, har sin egen plass ved siden av:
 * `egne` er tom når ingenting er skrevet, og kan aldri ta plassen til noe annet.
 */
interface Mal<D> {
  tittel(d: D): string;
  deler(d: D, egne: readonly Brevdel[]): readonly Brevdel[];
  /** overskriften over det som er skrevet til mottakeren; uten den har brevet ingen slik plass */
  egenTittel?: string;
}

const mal = (tekst: string): Brevdel => ({ slag: 'mal', tekst });
const avgjort = (tekst: string): Brevdel => ({ slag: 'avgjort', tekst });

/** «pbrl § 2-5» slik en som ikke er jurist, kan lese det; det som ikke står i lovregisteret, står som det er skrevet. */
function hjemmelUtskrevet(kort: string): string {
  const h = HJEMLER.find((x) => `${x.kort} ${x.paragraf}`.trim() === kort);
  if (!h) return kort;
  return h.paragraf ? `${h.lov} ${h.paragraf}: ${h.tittel.toLowerCase()}` : h.lov;
}

/** Hjemlene som punkter, én per linje eller semikolon. */
function punkter(tekst: string): string {
  return tekst
    .split(/[;\n]/)
    .map((l) => l.trim())
    .filter((l) => l !== '')
    .map((l) => `- ${hjemmelUtskrevet(l)}`)
    .join('\n');
}

const kvittering: Mal<Brevdata['kvittering']> = {
  tittel: (d) => `Vi har mottatt anmodningen om ${OENSKE_TEKST[d.oenske]}`,
  deler: (d) => {
    const o = ord(d);
    const navn = d.hvemSpoerNavn
      ? `${d.hvemSpoerNavn} (${HVEM_SPOER_TEKST[d.hvemSpoer]})`
      : HVEM_SPOER_TEKST[d.hvemSpoer];
    const paaVegne =
      d.hvemSpoer === 'planeier'
        ? ''
        : d.hvemSpoer === 'kommunen'
          ? ' Det var kommunen selv som tok initiativet.'
          : ` Den kom fra ${navn}, på vegne av ${o.deg}.`;
    return [
      mal(`Vi mottok ${datoITekst(d.mottatt)} en anmodning om ${OENSKE_TEKST[d.oenske]} for ${o.deg}.${paaVegne}

## Hva skjer nå
- En saksbehandler tar kontakt for å snakke om hva individuell plan og koordinator er, og hva ${o.du} ønsker.
- Vi kartlegger behovet sammen med ${o.deg}.
- Vi avgjør saken og sender svaret i brev. Svaret blir begrunnet.

## Når kommer svaret
Vi behandler saken så snart vi kan.${d.svarfrist ? ` Er den ikke avgjort innen ${datoITekst(d.svarfrist)}, sender vi et foreløpig svar.` : ''}

## Godt å vite
- ${d.tilPlaneier ? 'Du har rett til å medvirke, og kan ha med deg en person du stoler på' : `Både ${d.planeier} og dere som er foresatte, har rett til å medvirke`}.
- Trenger ${d.tilPlaneier ? 'du' : 'dere'} tolk, ordner vi det. Det koster ingenting.
- Anmodningen kan trekkes når som helst. Si fra til oss.`),
    ];
  },
};

const foreloepigSvar: Mal<Brevdata['foreloepig-svar']> = {
  tittel: (d) => `Foreløpig svar på anmodningen om ${OENSKE_TEKST[d.oenske]}`,
  deler: (d) => {
    const o = ord(d);
    const naar = d.ventet
      ? `Vi regner med å avgjøre saken innen ${datoITekst(d.ventet)}.`
      : `Vi kan ikke si sikkert når saken er avgjort, men vi gjør den ferdig så snart vi kan.`;
    return [
      mal(`Vi mottok ${datoITekst(d.mottatt)} en anmodning om ${OENSKE_TEKST[d.oenske]} for ${o.deg}. Saken er ikke avgjort ennå. Det beklager vi.

## Hvorfor det tar tid
Vi kartlegger fortsatt behovet og vurderer saken. ${naar}

## Hva ${d.tilPlaneier ? 'du' : 'dere'} kan gjøre
${d.tilPlaneier ? 'Du' : 'Dere'} trenger ikke å gjøre noe nå. Har noe endret seg, eller er det opplysninger vi bør vite om, vil vi gjerne høre det. Ta også kontakt hvis ${d.tilPlaneier ? 'du' : 'dere'} lurer på noe i saken.`),
    ];
  },
};

const bekreftelseTrukket: Mal<Brevdata['bekreftelse-trukket']> = {
  tittel: (d) => `Anmodningen om ${OENSKE_TEKST[d.oenske]} er trukket`,
  deler: (d) => {
    const o = ord(d);
    return [
      mal(`Vi bekrefter at anmodningen om ${OENSKE_TEKST[d.oenske]} for ${o.deg}, som vi mottok ${datoITekst(d.mottatt)}, ble trukket ${datoITekst(d.trukket)}. Vi har avsluttet saken.

## Dette har vi skrevet ned`),
      avgjort(d.begrunnelse),
      mal(`Er dette feil, må vi få vite det så snart som mulig.

## ${o.Du} kan be om det igjen
At anmodningen er trukket, får ingen følger for ${o.dine}. ${o.Du} kan når som helst be om individuell plan eller koordinator på nytt, skriftlig eller muntlig.`),
    ];
  },
};

const DOBBELLOESNING: Record<Dobbelloesning, string> = {
  samles: 'Det nye i denne saken tas inn i den planen.',
  avsluttes: 'Denne saken avsluttes uten at noe tas med videre.',
};

const svarEksisterendePlan: Mal<Brevdata['svar-eksisterende-plan']> = {
  tittel: (d) =>
    d.tilPlaneier ? 'Du har allerede en individuell plan' : `${d.planeier} har allerede en individuell plan`,
  egenTittel: 'Svar på anmodningen',
  deler: (d, egne) => {
    const o = ord(d);
    const koordinator = d.plankoordinator
      ? `${d.plankoordinator} er plankoordinator og har fått beskjed om anmodningen.`
      : `Planen har ingen plankoordinator nå. Det følger vi opp.`;
    const dobbel = d.loesning
      ? `\n\nTo saker ble behandlet samtidig, og planen er innvilget i den andre. ${DOBBELLOESNING[d.loesning]}`
      : '';
    return [
      mal(
        `Vi mottok ${datoITekst(d.mottatt)} en anmodning om individuell plan for ${o.deg}. ${o.Du} har en individuell plan fra før. Ingen har mer enn én individuell plan, og derfor lager vi ikke en ny.${dobbel}`,
      ),
      ...egne,
      mal(`## Hva skjer nå
${koordinator} Ønsker ${o.du} endringer i ${o.dinPlan}, er det plankoordinatoren ${o.du} skal snakke med. ${o.Du} kan også be om å få en annen plankoordinator.`),
      mal(klageavsnitt(d.regime, d.klageTil, d.klagefristUker, d)),
    ];
  },
};

const avslaattTilbud: Mal<Brevdata['avslaatt-tilbud']> = {
  tittel: (d) => `${d.tilPlaneier ? 'Du' : 'Dere'} har takket nei til individuell plan og koordinator`,
  egenTittel: 'Mer fra oss',
  deler: (d, egne) => {
    const o = ord(d);
    return [
      mal(`Vi mottok ${datoITekst(d.mottatt)} en anmodning om ${OENSKE_TEKST[d.oenske]} for ${o.deg}. Vi har gitt informasjon om individuell plan og koordinator, og ${d.tilPlaneier ? 'du' : 'dere'} har takket nei til begge deler. Vi har derfor avsluttet saken.

## Dette har vi skrevet ned`),
      avgjort(d.grunn),
      mal('Er dette feil, må vi få vite det så snart som mulig.'),
      ...egne,
      mal(`## ${d.tilPlaneier ? 'Du kan ombestemme deg' : 'Dere kan ombestemme dere'}
Svaret får ingen følger for ${o.dine}. ${d.tilPlaneier ? 'Du' : 'Dere'} kan når som helst be om individuell plan eller koordinator, skriftlig eller muntlig.`),
    ];
  },
};

/** Hva utfallet betyr for planeier: muligheter og grenser (domain: samordnede tjenester, ikke en rett til tjenester). */
const VEDTAKSINNHOLD: Record<Utfall, (d: Tiltale & { oenske: Oenske }) => { vedtak: string; videre: string }> = {
  ip: (d) => {
    const o = ord(d);
    return {
      vedtak: `${o.Du} får individuell plan. ${o.Du} får også en plankoordinator, som har hovedansvaret for å lage planen sammen med ${o.deg} og følge den opp.`,
      videre: `## Hva vedtaket betyr
Individuell plan skal samle og samordne tjenestene. Den viser hvilke mål ${o.du} har, hvem som gjør hva, og når. Planen gir ikke i seg selv rett til flere tjenester. De må ${o.du} fortsatt søke om.

## Hva skjer nå
- Vi finner en plankoordinator. Vi legger vekt på hvem ${o.du} ønsker, og sender brev når det er avgjort.
- Plankoordinatoren inviterer til et oppstartsmøte og viser hvordan planverktøyet virker.
- Planen blir ikke laget uten samtykke. ${o.Du} bestemmer også hvem som får delta, og samtykket kan trekkes når som helst.`,
    };
  },
  koordinator: (d) => {
    const o = ord(d);
    return {
      vedtak: `${o.Du} får en koordinator. Koordinatoren har hovedansvaret for å følge opp og samordne tjenestene.`,
      videre: `## Hva vedtaket betyr
Koordinatoren er den ${o.du} kan ta kontakt med om tjenestene, og skal sørge for at de henger sammen. Vedtaket gir ikke i seg selv rett til flere tjenester, og det blir ikke laget noen individuell plan. ${o.Du} kan be om individuell plan senere.

## Hva skjer nå
Vi finner en koordinator. Vi legger vekt på hvem ${o.du} ønsker, og sender brev når det er avgjort.`,
    };
  },
  barnekoordinator: (d) => ({
    vedtak: d.tilPlaneier
      ? 'Du får en barnekoordinator. Barnekoordinatoren samordner tjenestene til barnet og familien.'
      : `Familien til ${d.planeier} får en barnekoordinator. Barnekoordinatoren samordner tjenestene til barnet og familien.`,
    videre: `## Hva vedtaket betyr
Barnekoordinatoren skal ha oversikt over tjenestene, gi informasjon og hjelpe familien fram til dem. Vedtaket gir ikke i seg selv rett til flere tjenester.

## Hva skjer nå
Vi finner en barnekoordinator. Vi legger vekt på hva familien ønsker, og sender brev når det er avgjort.`,
  }),
  avslag: (d) => {
    const o = ord(d);
    return {
      vedtak: `${o.Du} får ikke ${OENSKE_TEKST[d.oenske]}.`,
      videre: `## Hva skjer nå
Vedtaket endrer ikke ${d.tilPlaneier ? 'tjenestene du' : `tjenestene ${d.planeier}`} har i dag. Endrer behovet seg, kan ${o.du} be om ${OENSKE_TEKST[d.oenske]} på nytt.`,
    };
  },
};

const vedtak: Mal<Brevdata['vedtak']> = {
  tittel: (d) => UTFALL_TITTEL[d.utfall](d.oenske),
  egenTittel: 'Mer om vedtaket',
  deler: (d, egne) => {
    const o = ord(d);
    const innhold = VEDTAKSINNHOLD[d.utfall](d);
    const til = d.tilDato ? ` Vedtaket gjelder til og med ${datoITekst(d.tilDato)}.` : '';
    return [
      mal(`Vi har behandlet anmodningen om ${OENSKE_TEKST[d.oenske]} for ${o.deg}, som vi mottok ${datoITekst(d.mottatt)}.

## Vedtak
${innhold.vedtak}${d.utfall === 'avslag' ? '' : til}

## Hvorfor vi har bestemt dette`),
      avgjort(d.begrunnelse),
      mal(`## Regler vi har brukt
${punkter(d.hjemmel)}`),
      ...egne,
      mal(innhold.videre),
      mal(klageavsnitt(d.regime, d.klageTil, d.klagefristUker, d)),
    ];
  },
};

/** Setningen brevet sier avgjørelsen med: «Du får ikke individuell plan.» */
export function avgjoerelsen(d: Tiltale & { oenske: Oenske }, utfall: Utfall): string {
  const { vedtak: avsnitt } = VEDTAKSINNHOLD[utfall](d);
  return avsnitt.slice(0, avsnitt.indexOf('.') + 1);
}

const henvendelse: Mal<Brevdata['henvendelse']> = {
  tittel: (d) => `Henvendelse om ${ROLLE_TEKST[d.rolle]}`,
  deler: (d) => [
    mal(`${d.fraEnhet} ber ${d.tilEnhet} om å utpeke en ansatt som ${ROLLE_TEKST[d.rolle]} for ${d.planeier}. Vi ber om svar innen ${datoITekst(d.svarfrist)}.

## Bakgrunn`),
    d.bakgrunn.trim()
      ? avgjort(d.bakgrunn)
      : mal('Det er fattet vedtak, og alle som har vedtak om individuell plan, skal ha en plankoordinator.'),
    mal('## Hvorfor vi spør dere'),
    avgjort(d.begrunnelse),
    mal(`## Hva ${d.planeier} ønsker`),
    d.oenske.trim() ? avgjort(d.oenske) : mal('Det er ikke uttrykt noe ønske om hvem det skal være.'),
    mal(`## Hva vi ber dere gjøre
- Finn en ansatt som er egnet, og som ${d.planeier} kan ha tillit til.
- Snakk med den ansatte, og svar oss i oppgaven som ligger hos virksomhetslederen.
- Kan dere ikke utpeke noen, skriver dere hvorfor. Da finner vi en annen løsning.

Den som blir oppnevnt, må gjennomføre opplæringen i rollen. Oppdraget gir ikke utvidet myndighet over budsjett.`),
  ],
};

const ROLLEANSVAR: Record<Brevdata['oppnevning']['rolle'], string> = {
  plankoordinator:
    'Plankoordinatoren har hovedansvaret for å lage den individuelle planen, følge den opp, evaluere den og endre den når det trengs.',
  koordinator: 'Koordinatoren har hovedansvaret for å følge opp og samordne tjenestene.',
  barnekoordinator: 'Barnekoordinatoren samordner tjenestene til barnet og familien, og gir informasjon og veiledning.',
};

const oppnevning: Mal<Brevdata['oppnevning']> = {
  tittel: (d) => `${d.koordinator} er oppnevnt som ${ROLLE_TEKST[d.rolle]}`,
  deler: (d) => {
    const o = ord(d);
    const moete =
      d.rolle === 'plankoordinator'
        ? `${d.koordinator} inviterer til et oppstartsmøte. Der snakker dere om hva ${o.du} ønsker, hvem som skal delta, og hvordan ${o.dinPlan} skal lages. Planen blir ikke laget uten samtykke.`
        : `${d.koordinator} tar kontakt for å avtale det første møtet.`;
    return [
      mal(`${d.enhet} har oppnevnt ${d.koordinator} ved ${d.koordinatorEnhet} som ${ROLLE_TEKST[d.rolle]} for ${o.deg} fra ${datoITekst(d.fra)}.

## Hva ${ROLLE_TEKST[d.rolle]}en gjør
${ROLLEANSVAR[d.rolle]}

## Hva skjer nå
${moete}

## ${o.Du} kan be om en annen
Passer det ikke, kan ${o.du} be om å få en annen ${ROLLE_TEKST[d.rolle]}. Si fra til oss eller til en av dem ${o.du} får tjenester fra.`),
    ];
  },
};

/** Alle malene. Uttømmende: en ny mal må ha tekst før koden kompilerer. */
export const MALER: { [M in Brevmal]: Mal<Brevdata[M]> } = {
  kvittering,
  'foreloepig-svar': foreloepigSvar,
  'bekreftelse-trukket': bekreftelseTrukket,
  'svar-eksisterende-plan': svarEksisterendePlan,
  'avslaatt-tilbud': avslaattTilbud,
  vedtak,
  henvendelse,
  oppnevning,
};

import type { EntityManager } from 'typeorm';
import type { Demobruker } from '../contract/api.ts';
import type { Rolle } from '../contract/tilgang.ts';
import { hentBruker, type Enhet, type Kommunekonfig } from './lager.ts';

/*
 * Demokommunen: oppdiktet, med Stavangers rutine som modell (seed 000: helse- og sosialkontorene er koordinerende enhet).
 * Alle navn og enheter er oppdiktet.
 */

const KONFIG: Kommunekonfig = {
  fireOeyne: true,
  opplaeringKreves: 'frist',
  klagefristUker: { helse: 4, nav: 3, barnevern: 3 },
  opplaeringsfristDager: 90,
  postadresse: 'Postboks 100, 4001 Sandvik',
};

const ENHETER: Enhet[] = [
  { id: 'sandvik', navn: 'Sandvik kommune', slag: 'kommune' },
  { id: 'hsk-hillevaag', navn: 'HSK Hillevåg', slag: 'ke' },
  { id: 'hsk-madla', navn: 'HSK Madla', slag: 'ke' },
  { id: 'hjemmetjenesten-nord', navn: 'Hjemmetjenesten nord', slag: 'virksomhet' },
  { id: 'ppt', navn: 'PPT', slag: 'virksomhet' },
  { id: 'rehab', navn: 'Rehabiliteringstjenesten', slag: 'virksomhet' },
  { id: 'barnevern', navn: 'Barneverntjenesten', slag: 'barnevern' },
  { id: 'nav', navn: 'NAV Sandvik', slag: 'nav' },
  { id: 'ikt', navn: 'Digitalisering og IKT', slag: 'stab' },
  { id: 'arkiv', navn: 'Dokumentsenteret', slag: 'stab' },
];

interface Demoperson {
  id: string;
  navn: string;
  roller: [Rolle, string][];
  proevFoerst: string;
}

const ANSATTE: Demoperson[] = [
  {
    id: 'ola-hansen',
    navn: 'Ola Hansen',
    roller: [['saksbehandler', 'hsk-hillevaag']],
    proevFoerst: 'Ta en ledig oppgave, eller registrer en ny anmodning.',
  },
  {
    id: 'ingrid-bakke',
    navn: 'Ingrid Bakke',
    roller: [
      ['saksbehandler', 'hsk-hillevaag'],
      ['beslutter', 'hsk-hillevaag'],
    ],
    proevFoerst: 'Fatt et vedtak: les kartleggingen, velg hjemmel, skriv begrunnelse og se brevet.',
  },
  {
    id: 'per-lunde',
    navn: 'Per Lunde',
    roller: [['beslutter', 'hsk-hillevaag']],
    proevFoerst: 'Godkjenn et vedtak som en kollega har fattet.',
  },
  {
    id: 'kari-moe',
    navn: 'Kari Moe',
    roller: [['leder', 'hsk-hillevaag']],
    proevFoerst: 'Se oppgavene i hele enheten, og hva som er forfalt.',
  },
  {
    id: 'siri-dahl',
    navn: 'Siri Dahl',
    roller: [['virksomhetsleder', 'hjemmetjenesten-nord']],
    proevFoerst: 'Utpek en ansatt som plankoordinator etter henvendelse fra HSK.',
  },
  {
    id: 'jonas-vik',
    navn: 'Jonas Vik',
    roller: [['plankoordinator', 'hjemmetjenesten-nord']],
    proevFoerst: 'Svar på om du tar oppdraget som plankoordinator.',
  },
  {
    id: 'mette-foss',
    navn: 'Mette Foss',
    roller: [['plankoordinator', 'hsk-hillevaag']],
    proevFoerst: 'Se saken du er koordinator i, og bekreft et nytt oppdrag.',
  },
  {
    id: 'anne-lie',
    navn: 'Anne Lie',
    roller: [
      ['saksbehandler', 'hsk-madla'],
      ['beslutter', 'hsk-madla'],
    ],
    proevFoerst: 'Se at du bare ser sakene ved HSK Madla.',
  },
  {
    id: 'bente-strand',
    navn: 'Bente Strand',
    roller: [
      ['saksbehandler', 'barnevern'],
      ['beslutter', 'barnevern'],
    ],
    proevFoerst: 'Registrer en egen sak i barneverntjenesten og avgjør den.',
  },
  {
    id: 'hanne-sand',
    navn: 'Hanne Sand',
    roller: [
      ['saksbehandler', 'nav'],
      ['beslutter', 'nav'],
    ],
    proevFoerst: 'Registrer en egen sak i NAV og avgjør den.',
  },
  {
    id: 'knut-ask',
    navn: 'Knut Ask',
    roller: [
      ['beslutter', 'hsk-madla'],
      ['leder', 'hsk-madla'],
    ],
    proevFoerst: 'Godkjenn vedtakene Anne Lie fatter: et vedtak trenger fire øyne.',
  },
  {
    id: 'gro-haug',
    navn: 'Gro Haug',
    roller: [
      ['beslutter', 'barnevern'],
      ['leder', 'barnevern'],
    ],
    proevFoerst: 'Godkjenn vedtakene Bente Strand fatter i barneverntjenestens egne saker.',
  },
  {
    id: 'pia-lund',
    navn: 'Pia Lund',
    roller: [
      ['beslutter', 'nav'],
      ['leder', 'nav'],
    ],
    proevFoerst: 'Godkjenn vedtakene Hanne Sand fatter i NAVs egne saker.',
  },
  {
    id: 'nina-berge',
    navn: 'Nina Berge',
    roller: [['virksomhetsleder', 'ppt']],
    proevFoerst: 'Svar på en henvendelse til PPT om plankoordinator.',
  },
  {
    id: 'sara-eik',
    navn: 'Sara Eik',
    roller: [['plankoordinator', 'ppt']],
    proevFoerst: 'Bekreft et oppdrag som plankoordinator.',
  },
  {
    id: 'odd-ruud',
    navn: 'Odd Ruud',
    roller: [['virksomhetsleder', 'rehab']],
    proevFoerst: 'Si fra at enheten ikke kan utpeke noen, med grunn.',
  },
  {
    id: 'lise-myhre',
    navn: 'Lise Myhre',
    roller: [['plandeltaker', 'rehab']],
    proevFoerst: 'Se at en plandeltaker uten oppgaver ikke ser noen saker.',
  },
  {
    id: 'tor-nilsen',
    navn: 'Tor Nilsen',
    roller: [['systemansvarlig', 'ikt']],
    proevFoerst: 'Se drift: tekniske oppgaver, utboks og motor.',
  },
  {
    id: 'eva-holm',
    navn: 'Eva Holm',
    roller: [['prosesseier', 'hsk-hillevaag']],
    proevFoerst: 'Les rutinene slik de er publisert, med tekst for hvert steg.',
  },
  {
    id: 'arne-berg',
    navn: 'Arne Berg',
    roller: [['arkivansvarlig', 'arkiv']],
    proevFoerst: 'Les rutinene og se hva som arkiveres når.',
  },
];

/** Legger inn demokommunen. Kan kjøres om igjen; det som finnes røres ikke. */
export async function leggInnDemokommune(tx: EntityManager): Promise<void> {
  await tx.query(
    `insert into kommune (id, navn, konfig) values ('sandvik', 'Sandvik kommune', $1) on conflict do nothing`,
    [JSON.stringify(KONFIG)],
  );
  for (const e of ENHETER) {
    await tx.query(
      `insert into enhet (id, kommune_id, navn, slag, forelder_id) values ($1, 'sandvik', $2, $3, $4) on conflict do nothing`,
      [e.id, e.navn, e.slag, e.id === 'sandvik' ? null : 'sandvik'],
    );
  }
  for (const a of ANSATTE) {
    await tx.query(`insert into bruker (id, navn) values ($1, $2) on conflict do nothing`, [a.id, a.navn]);
    for (const [rolle, enhet] of a.roller) {
      await tx.query(
        `insert into rolletildeling (bruker_id, rolle, enhet_id) values ($1, $2, $3) on conflict do nothing`,
        [a.id, rolle, enhet],
      );
    }
  }
}

/** Kortene på demo-innloggingen, i den rekkefølgen en sak går. */
export async function hentDemobrukere(m: EntityManager, dag: string): Promise<Demobruker[]> {
  const kort: Demobruker[] = [];
  for (const a of ANSATTE) {
    const bruker = await hentBruker(m, a.id, dag);
    if (bruker) kort.push({ id: bruker.id, navn: bruker.navn, roller: bruker.roller, proevFoerst: a.proevFoerst });
  }
  return kort;
}

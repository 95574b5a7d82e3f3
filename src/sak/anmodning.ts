import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Feltfeil, Mottaksenhet, NyAnmodning } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { erBlank } from '../contract/tekst.ts';
import { MELDINGER, meldingsId, startvariabler } from '../contract/prosess.ts';
import { dagIOslo, datoITekst, leggTilDager, leggTilMaaneder, tidspunktIOslo } from '../contract/tid.ts';
import { kontrollerVedlegg, lagreVedlegg, type OpplastetFil } from '../dokument/index.ts';
import { skrivHendelse } from '../hendelse/skriv.ts';
import { Problemfeil, ugyldigeFelter } from '../http/problem.ts';
import { skrivUtboks } from '../outbox/skriv.ts';
import { hentPerson } from '../person/index.ts';
import { enheterFor, hentEnhet, hentEnheter, kan, type Enhet, type Innlogget } from '../tilgang/index.ts';
import { nesteSaksnummer } from './saksnummer.ts';
import { HVEM_SPOER_TEKST, OENSKETEKST } from './tekster.ts';
import { harSak } from './tilgang.ts';

/** Startmeldingen holdes av motoren så lenge at et gjentatt forsøk etter en krasj ikke gir to prosesser. */
const ANMODNING_TTL_MS = 7 * 24 * 60 * 60 * 1000;
/** Eldre anmodninger enn dette er skrivefeil i årstallet; sakene avgjøres av rutinen som gjelder nå. */
const ELDSTE_ANMODNING_DAGER = 2 * 366;
const ARBEIDSDAGEN_BEGYNNER = '08:00';

export interface RegistrertSak {
  sakId: string;
  saksnummer: string;
}

/** Svaret som alt er gitt på innsendingen; null når den er ny. */
async function alleredeRegistrert(
  tx: EntityManager,
  bruker: Innlogget,
  innsendingId: string,
): Promise<RegistrertSak | null> {
  const rader: { sakId: string; saksnummer: string; av: string }[] = await tx.query(
    `select s.id as "sakId", s.saksnummer, a.registrert_av as av
       from anmodning a join sak s on s.id = a.sak_id where a.innsending_id = $1`,
    [innsendingId],
  );
  const rad = rader[0];
  if (!rad) return null;
  if (rad.av !== bruker.id) {
    throw new Problemfeil(409, 'Innsendingen er brukt', 'Skjemaet er sendt inn før. Last siden på nytt.');
  }
  return { sakId: rad.sakId, saksnummer: rad.saksnummer };
}

/** Personens åpne sak som brukeren har tilgang til; en annen enhets sak røpes aldri. */
export async function synligAapenSak(
  m: EntityManager,
  bruker: Innlogget,
  personId: string,
): Promise<{ id: string; saksnummer: string } | null> {
  const rader: { id: string; saksnummer: string }[] = await m.query(
    `select id, saksnummer from sak where person_id = $1 and status = 'aapen' order by opprettet desc`,
    [personId],
  );
  for (const rad of rader) if (await harSak(m, bruker, 'sak:les', rad.id)) return rad;
  return null;
}

/** Enhetene brukeren kan ta imot en anmodning for. */
export async function hentMottaksenheter(m: EntityManager, bruker: Innlogget): Promise<Mottaksenhet[]> {
  const mine = enheterFor(bruker, 'sak:opprett');
  return (await hentEnheter(m))
    .filter((e) => mine.includes(e.id))
    .map((e) => ({ id: e.id, navn: e.navn, egneSaker: regimeFor(e) !== 'helse' }));
}

function regimeFor(enhet: Enhet): 'helse' | 'barnevern' | 'nav' {
  return enhet.slag === 'barnevern' || enhet.slag === 'nav' ? enhet.slag : 'helse';
}

async function feltfeil(
  tx: EntityManager,
  bruker: Innlogget,
  a: NyAnmodning,
  enhet: Enhet | null,
  dag: string,
): Promise<Feltfeil[]> {
  const feil: Feltfeil[] = [];
  if (!(await hentPerson(tx, a.personId))) {
    feil.push({ felt: 'personId', melding: 'Personen finnes ikke. Søk fram personen på nytt.' });
  }
  if (!enhet || !kan(bruker, 'sak:opprett', { enhetId: a.enhetId })) {
    feil.push({
      felt: 'enhetId',
      melding: 'Du kan ikke registrere anmodninger for denne enheten. Velg din egen enhet.',
    });
  } else if (a.egenSak && regimeFor(enhet) === 'helse') {
    feil.push({ felt: 'egenSak', melding: 'Bare barneverntjenesten og NAV har egne saker de avgjør selv.' });
  }
  if (a.mottatt > dag) {
    feil.push({ felt: 'mottatt', melding: 'Anmodningen kan ikke være mottatt etter i dag.' });
  } else if (a.mottatt < leggTilDager(dag, -ELDSTE_ANMODNING_DAGER)) {
    feil.push({ felt: 'mottatt', melding: 'Datoen er mer enn to år tilbake. Kontroller årstallet.' });
  }
  if (a.hvemSpoer !== 'planeier' && a.hvemSpoer !== 'kommunen' && erBlank(a.hvemSpoerNavn)) {
    feil.push({ felt: 'hvemSpoerNavn', melding: 'Skriv navnet på den som spør på vegne av personen.' });
  }
  if (a.hvemSpoer === 'kommunen' && a.oenske !== 'barnekoordinator') {
    // pbrl § 2-5 c og hol § 7-2 a: bare barnekoordinator gis uten at noen har bedt om det
    feil.push({
      felt: 'hvemSpoer',
      melding: 'Kommunen kan bare ta opp saken selv når det gjelder barnekoordinator. Velg hvem som spør.',
    });
  }
  return feil;
}

/**
 * Registrerer en anmodning: sak, anmodning, vedlegg, hendelse og startmeldingen til rutinen i én transaksjon. Samme
 * innsendingId to ganger gir den første saken.
 *
 * Har personen plan, registreres anmodningen likevel: rutinen svarer om planen. Har personen en åpen sak som brukeren
 * ser, avvises den, og opplysningene hører hjemme der. To åpne saker kan bare oppstå i to enheter som ikke ser
 * hverandres saker; da avgjør den unike indeksen på planen, og rutinen avklarer dobbeltbehandlingen.
 * @throws Problemfeil 422 med feltene, 409 når personen har en åpen sak
 */
export async function registrerAnmodning(
  tx: EntityManager,
  klokke: Klokke,
  bruker: Innlogget,
  a: NyAnmodning,
  filer: readonly OpplastetFil[] = [],
): Promise<RegistrertSak> {
  await tx.query(`select pg_advisory_xact_lock(hashtextextended($1, 0))`, [`anmodning:${a.innsendingId}`]);
  const foer = await alleredeRegistrert(tx, bruker, a.innsendingId);
  if (foer) return foer;

  const naa = klokke.naa();
  const dag = dagIOslo(naa);
  const enhet = await hentEnhet(tx, a.enhetId);
  const feil = [...(await feltfeil(tx, bruker, a, enhet, dag)), ...kontrollerVedlegg(filer)];
  if (feil.length > 0 || !enhet) throw ugyldigeFelter(feil);
  // To som registrerer for samme person samtidig, går etter hverandre, så den andre ser den førstes sak.
  await tx.query(`select 1 from person where id = $1 for update`, [a.personId]);
  const aapen = await synligAapenSak(tx, bruker, a.personId);
  if (aapen) {
    throw new Problemfeil(
      409,
      'Personen har en åpen sak',
      `Personen har alt en åpen sak, ${aapen.saksnummer}. Legg opplysningene inn der i stedet for å åpne en ny.`,
      [{ felt: 'personId', melding: `Personen har en åpen sak: ${aapen.saksnummer}.` }],
    );
  }

  const sakId = randomUUID();
  const aar = Number(dag.slice(0, 4));
  const { saksnummer, loepenummer } = await nesteSaksnummer(tx, aar);
  const skriftlig = a.maate === 'skriftlig';
  await tx.query(
    `insert into sak (id, saksnummer, aar, loepenummer, person_id, oenske, regime, egen_sak, mottaksenhet, vedtaksinstans,
                      mottatt, fase, status, opprettet)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, 'Mottak', 'aapen', $11)`,
    [sakId, saksnummer, aar, loepenummer, a.personId, a.oenske, regimeFor(enhet), a.egenSak, a.enhetId, a.mottatt, naa],
  );
  await tx.query(
    `insert into anmodning (id, sak_id, innsending_id, hvem_spoer, hvem_spoer_navn, maate, oenske, notat, mottatt,
                            registrert_av, registrert)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      randomUUID(),
      sakId,
      a.innsendingId,
      a.hvemSpoer,
      a.hvemSpoerNavn,
      a.maate,
      a.oenske,
      a.notat,
      a.mottatt,
      bruker.id,
      naa,
    ],
  );
  await lagreVedlegg(tx, sakId, filer, bruker.id, naa);
  const medFiler = filer.length === 0 ? '' : filer.length === 1 ? ' Ett vedlegg.' : ` ${filer.length} vedlegg.`;
  await skrivHendelse(tx, {
    naa,
    sakId,
    av: bruker,
    type: 'anmodning-mottatt',
    tekst: `{av} registrerte en ${a.maate} anmodning om ${OENSKETEKST[a.oenske]} fra ${HVEM_SPOER_TEKST[a.hvemSpoer]}, mottatt ${datoITekst(a.mottatt)}.${medFiler}`,
  });
  await skrivUtboks(tx, {
    slag: 'publiser-melding',
    innhold: {
      navn: MELDINGER.anmodningMottatt,
      noekkel: sakId,
      meldingsId: meldingsId(MELDINGER.anmodningMottatt, sakId),
      ttlMs: ANMODNING_TTL_MS,
      variabler: startvariabler.parse({
        sakId,
        mottaksenhet: a.enhetId,
        vedtaksinstans: a.enhetId,
        skriftlig,
        egenSak: a.egenSak,
        foreloepigSvarFrist: tidspunktIOslo(leggTilMaaneder(a.mottatt, 1), ARBEIDSDAGEN_BEGYNNER).toISOString(),
      }),
    },
    sakId,
    naa,
  });
  return { sakId, saksnummer };
}

import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { OppgaveDetalj, PersonStatus, SakDetalj, sakListe, SakRad, sakSoek } from '../contract/api.ts';
import { HJEMLER, hjemmelKort, REGIMER, type Regime } from '../contract/hjemmel.ts';
import type { Klokke } from '../contract/klokke.ts';
import type { Oenske, Sluttgrunn, Utfall } from '../contract/prosess.ts';
import { alderPaa, dagIOslo, datoITekst } from '../contract/tid.ts';
import { dokumenterForSak } from '../dokument/index.ts';
import { hentHendelser } from '../hendelse/index.ts';
import { ikkeFunnet } from '../http/problem.ts';
import { hentFakta } from '../oppgave/fakta.ts';
import { hentOppgaverISak } from '../oppgave/lager.ts';
import type { Saksoppslag } from '../oppgave/saksoppslag.ts';
import { adresseITekst, hentPerson, somTreff } from '../person/index.ts';
import { hentEnheter, sakfilter, type Innlogget } from '../tilgang/index.ts';
import { synligAapenSak } from './anmodning.ts';
import { settFase } from './avslutt.ts';
import { AVSLUTNINGSTEKST, sorterFaser } from './faser.ts';
import { OENSKETEKST, stor } from './tekster.ts';
import { harSak } from './tilgang.ts';

interface Listerad {
  id: string;
  saksnummer: string;
  personId: string;
  personNavn: string;
  fase: string;
  status: 'aapen' | 'avsluttet';
  avslutning: Sluttgrunn | null;
  enhetNavn: string;
  mottatt: string;
  oppgavetittel: string | null;
  oppgaveeier: string | null;
  oppgaveenhet: string | null;
  venterSiden: Date | null;
  trekkbar: boolean;
  regime: Regime;
  oenske: Oenske;
}

/** Oppgaven saken har ventet lengst på, er den som står i lista; tekniske oppgaver viser at noe må rettes. */
const SAKRAD = `
  select s.id, s.saksnummer, p.id as "personId", p.navn as "personNavn", s.fase, s.status, s.avslutning, e.navn as "enhetNavn", s.mottatt::text as mottatt, v.tittel as oppgavetittel,
         v.eier as oppgaveeier, v.enhet as oppgaveenhet, v.opprettet as "venterSiden", s.trekkbar, s.regime, s.oenske
    from sak s
    join person p on p.id = s.person_id
    join enhet e on e.id = s.vedtaksinstans
    left join lateral (
      select o.tittel, b.navn as eier, oe.navn as enhet, o.opprettet
        from oppgave o left join bruker b on b.id = o.eier_id join enhet oe on oe.id = o.enhet_id
       where o.sak_id = s.id and o.status = 'aapen' order by o.opprettet, o.loepenr limit 1
    ) v on true`;

function tilRad(r: Listerad): SakRad {
  return {
    id: r.id,
    saksnummer: r.saksnummer,
    personNavn: r.personNavn,
    fase: r.fase,
    status: r.status,
    enhetNavn: r.enhetNavn,
    mottatt: r.mottatt,
    venterPaa: r.oppgavetittel ? `${r.oppgaveeier ?? r.oppgaveenhet ?? r.enhetNavn} – ${r.oppgavetittel}` : null,
    venterSiden: r.venterSiden?.toISOString() ?? null,
  };
}

function soekebetingelse(sok: string, param: number): { sql: string; verdier: unknown[] } {
  const ord = sok
    .trim()
    .split(/\s+/)
    .filter((o) => o.length > 0);
  const moenstre = ord.map((o) => `%${o.replace(/[\\%_]/g, (t) => `\\${t}`)}%`);
  return moenstre.length === 0
    ? { sql: 'true', verdier: [] }
    : { sql: `(p.navn || ' ' || s.saksnummer) ilike all($${param}::text[])`, verdier: [moenstre] };
}

/** Sakene brukeren har tilgang til, nyeste først. Lista og tallet bruker samme filter. */
export async function hentSaker(
  m: EntityManager,
  bruker: Innlogget,
  soek: z.output<typeof sakSoek>,
): Promise<z.infer<typeof sakListe>> {
  const tilgang = sakfilter(bruker, 'sak:les', 's', 1);
  const parametre = [...tilgang.parametre];
  const ledd = [tilgang.sql];
  const tekst = soekebetingelse(soek.sok, parametre.length + 1);
  ledd.push(tekst.sql);
  parametre.push(...tekst.verdier);
  if (soek.status !== 'alle') {
    parametre.push(soek.status);
    ledd.push(`s.status = $${parametre.length}`);
  }
  const utenFase = ledd.join(' and ');
  const antallUtenFase = parametre.length;
  if (soek.fase) {
    parametre.push(soek.fase);
    ledd.push(`s.fase = $${parametre.length}`);
  }
  const hvor = ledd.join(' and ');
  const antall: { n: number }[] = await m.query(
    `select count(*)::int as n from sak s join person p on p.id = s.person_id where ${hvor}`,
    parametre,
  );
  const rader: Listerad[] = await m.query(
    `${SAKRAD} where ${hvor} order by s.mottatt desc, s.aar desc, s.loepenummer desc
      limit $${parametre.length + 1} offset $${parametre.length + 2}`,
    [...parametre, soek.antall, soek.fra],
  );
  const faser: { fase: string }[] = await m.query(
    `select distinct s.fase from sak s join person p on p.id = s.person_id where ${utenFase}`,
    parametre.slice(0, antallUtenFase),
  );
  return { rader: rader.map(tilRad), totalt: antall[0]?.n ?? 0, faser: sorterFaser(faser.map((f) => f.fase)) };
}

/** Saker på navn eller saksnummer til søket øverst, med samme filter som saklista. */
export async function soekSaker(m: EntityManager, bruker: Innlogget, sok: string, antall = 10): Promise<SakRad[]> {
  const liste = await hentSaker(m, bruker, { sok, status: 'alle', fra: 0, antall });
  return liste.rader;
}

async function hentRad(m: EntityManager, sakId: string): Promise<Listerad | null> {
  const rader: Listerad[] = await m.query(`${SAKRAD} where s.id = $1`, [sakId]);
  return rader[0] ?? null;
}

const AVGJORT: Record<Utfall, string> = {
  ip: 'Individuell plan er innvilget',
  koordinator: 'Koordinator uten individuell plan er innvilget',
  barnekoordinator: 'Barnekoordinator er innvilget',
  avslag: 'Anmodningen er avslått',
};

/** Det som er avgjort så langt, i hele setninger. */
async function hentAvgjort(m: EntityManager, rad: Listerad): Promise<{ tekst: string }[]> {
  const vedtak: {
    utfall: Utfall;
    hjemmel: string;
    fattet: Date;
    til: string | null;
    av: string;
    godkjent: string | null;
  }[] = await m.query(
    `select v.utfall, v.hjemmel, v.fattet, v.til_dato::text as til, f.navn as av, g.navn as godkjent
       from vedtak v join bruker f on f.id = v.foreslaatt_av left join bruker g on g.id = v.godkjent_av
      where v.sak_id = $1 and v.status = 'fattet'`,
    [rad.id],
  );
  const oppdrag: { navn: string; rolle: string; fra: string; enhet: string }[] = await m.query(
    `select b.navn, o.rolle, o.fra::text as fra, e.navn as enhet
       from koordinatoroppdrag o join bruker b on b.id = o.bruker_id join enhet e on e.id = o.enhet_id
      where o.sak_id = $1 and o.status = 'aktiv'`,
    [rad.id],
  );
  const tekster = [
    ...vedtak.map(
      (v) =>
        `${AVGJORT[v.utfall]} ${datoITekst(v.fattet)}. Hjemmel: ${v.hjemmel}.${v.til ? ` Gjelder til og med ${datoITekst(v.til)}.` : ''} Fattet av ${v.av}${v.godkjent ? `, godkjent av ${v.godkjent}` : ''}.`,
    ),
    ...oppdrag.map((o) => `${o.navn} (${o.enhet}) er ${o.rolle} fra ${datoITekst(o.fra)}.`),
    ...(rad.avslutning ? [`Saken er avsluttet: ${AVSLUTNINGSTEKST[rad.avslutning].toLowerCase()}.`] : []),
  ];
  return tekster.map((tekst) => ({ tekst }));
}

/**
 * Saksbildet.
 * @throws Problemfeil 404 når saken ikke finnes eller er en annen enhets, med samme ord
 */
export async function hentSak(m: EntityManager, klokke: Klokke, bruker: Innlogget, sakId: string): Promise<SakDetalj> {
  const rad = (await harSak(m, bruker, 'sak:les', sakId)) ? await hentRad(m, sakId) : null;
  const person = rad ? await hentPerson(m, rad.personId) : null;
  if (!rad || !person) throw ikkeFunnet();
  const naa = klokke.naa();
  const [kanTrekke, kanLeggeVed, oppgaver, hendelser, dokumenter, navn] = [
    await harSak(m, bruker, 'sak:trekk', sakId),
    await harSak(m, bruker, 'dokument:registrer', sakId),
    await hentOppgaverISak(m, sakId, bruker, naa),
    await hentHendelser(m, sakId),
    (await harSak(m, bruker, 'dokument:les', sakId)) ? await dokumenterForSak(m, sakId) : [],
    await navnPaaId(m),
  ];
  return {
    sak: {
      ...tilRad(rad),
      vedtaksinstans: rad.enhetNavn,
      regime: REGIMER[rad.regime],
      oenske: stor(OENSKETEKST[rad.oenske]),
      kanTrekkes: rad.status === 'aapen' && rad.trekkbar && kanTrekke,
      kanLeggeVed: rad.status === 'aapen' && kanLeggeVed,
    },
    person: {
      id: person.id,
      navn: person.navn,
      fodselsdato: person.fodselsdato,
      alder: alderPaa(person.fodselsdato, dagIOslo(naa)),
      adresse: person.beskyttetAdresse ? null : adresseITekst(person),
      beskyttetAdresse: person.beskyttetAdresse,
      telefon: person.telefon || null,
      tolk: person.tolk || null,
    },
    oppgaver,
    hendelser,
    dokumenter,
    fakta: (await hentFakta(m, sakId)).map((f) => ({
      ...f,
      felter: f.felter.map((felt) => ({ ...felt, verdi: medNavn(felt.verdi, navn) })),
    })),
    avgjort: await hentAvgjort(m, rad),
  };
}

/** Navn på enheter, ansatte og hjemler som skjemaene bare har id-en til. */
async function navnPaaId(m: EntityManager): Promise<Map<string, string>> {
  const brukere: { id: string; navn: string }[] = await m.query(`select id, navn from bruker`);
  const enheter = await hentEnheter(m);
  return new Map([
    ...[...enheter, ...brukere].map((r): [string, string] => [r.id, r.navn]),
    ...HJEMLER.map((h): [string, string] => [h.id, hjemmelKort(h.id)]),
  ]);
}

/** Bytter id-er med navn når hele verdien er en id eller en liste av id-er; annen tekst står som den er. */
function medNavn(verdi: string, navn: ReadonlyMap<string, string>): string {
  const deler = verdi.split(', ').map((del) => navn.get(del));
  return deler.every((del) => del !== undefined) ? deler.join(', ') : verdi;
}

/** Det oppgavemodulen trenger om saken; leveres av oppstarten, så den ikke avhenger av saken. */
export function lagSaksoppslag(klokke: Klokke): Saksoppslag {
  return {
    async forOppgave(m, sakId) {
      const rader: { saksnummer: string; personId: string; personNavn: string; vedtaksinstans: string }[] =
        await m.query(
          `select s.saksnummer, p.id as "personId", p.navn as "personNavn", s.vedtaksinstans
             from sak s join person p on p.id = s.person_id where s.id = $1`,
          [sakId],
        );
      return rader[0] ?? null;
    },
    settFase,
    async utdrag(m, sakId, bruker): Promise<OppgaveDetalj['sak']> {
      const rad = (await harSak(m, bruker, 'sak:les', sakId)) ? await hentRad(m, sakId) : null;
      const person = rad ? await hentPerson(m, rad.personId) : null;
      if (!rad || !person) return null;
      return {
        id: rad.id,
        saksnummer: rad.saksnummer,
        fase: rad.fase,
        person: {
          navn: person.navn,
          alder: alderPaa(person.fodselsdato, dagIOslo(klokke.naa())),
          tolk: person.tolk || null,
        },
        avgjort: await hentAvgjort(m, rad),
        hendelser: await hentHendelser(m, sakId, 5),
      };
    },
  };
}

/**
 * Sier straks om personen har plan eller åpen sak. Bare saker brukeren har tilgang til nevnes; at personen har plan, må
 * alle enheter som kan avgjøre, vite (regel 1), og det er alt de får vite om den.
 * @throws Problemfeil 404 når personen ikke finnes
 */
export async function hentPersonstatus(
  m: EntityManager,
  klokke: Klokke,
  bruker: Innlogget,
  personId: string,
): Promise<PersonStatus> {
  const person = await hentPerson(m, personId);
  if (!person) throw ikkeFunnet();
  const plan: unknown[] = await m.query(`select 1 from plan where person_id = $1 and status in ('utkast','aktiv')`, [
    personId,
  ]);
  const aapenSak = await synligAapenSak(m, bruker, personId);
  return {
    person: somTreff(person, klokke),
    harPlan: plan.length > 0,
    aapenSak,
    hvaSaa: hvaSaa(plan.length > 0, aapenSak?.saksnummer ?? null),
  };
}

function hvaSaa(harPlan: boolean, aapen: string | null): string {
  if (aapen) return `Personen har en åpen sak, ${aapen}. Legg opplysningene inn der. Du kan ikke åpne en ny sak.`;
  if (harPlan) {
    return 'Personen har individuell plan. Du kan registrere anmodningen: personen får da svar om planen, og plankoordinatoren får beskjed.';
  }
  return 'Personen har verken plan eller en åpen sak som du har tilgang til. Du kan registrere anmodningen.';
}

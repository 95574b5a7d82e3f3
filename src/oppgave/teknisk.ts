import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Klokke } from '../contract/klokke.ts';
import { dagIOslo } from '../contract/tid.ts';
import { skrivHendelse, varsle } from '../hendelse/skriv.ts';
import { Problemfeil, ikkeFunnet } from '../http/problem.ts';
import { Systemfeil } from '../logg/index.ts';
import { skrivUtboks } from '../outbox/skriv.ts';
import { proevUtboksIgjen } from '../outbox/status.ts';
import { hentAnsatte, hentEnheter, kan, type Innlogget } from '../tilgang/index.ts';
import { hentOppgave, tilApiRad, KOLONNER, MED_NAVN, type Oppgaverad, type Tekniskfeil } from './lager.ts';
import type { OppgaveRad } from '../contract/api.ts';

export interface NyTekniskOppgave {
  /** Det samme to ganger gir én oppgave: `jobb:<nøkkel>`, `incident:<nøkkel>`, `utboks:<id>`, `avvik:<hva>`. */
  noekkel: string;
  tittel: string;
  elementId: string;
  sakId: string | null;
  saksnummer: string | null;
  prosessId: string | null;
  rutineNavn: string;
  teknisk: Tekniskfeil;
}

/** Enheten de tekniske oppgavene ligger hos: der systemansvarlig er. */
async function systemenhet(m: EntityManager, naa: Date): Promise<string> {
  const ansvarlige = await hentAnsatte(m, null, dagIOslo(naa), ['systemansvarlig']);
  const enhet = ansvarlige[0]?.enhetId ?? (await hentEnheter(m))[0]?.id;
  if (!enhet) throw new Systemfeil('Ingen enhet er satt opp, så tekniske oppgaver har ingen mottaker.');
  return enhet;
}

/**
 * Lager oppgaven «Håndter teknisk feil» for systemansvarlig. Viser type, feil og saksnummer, aldri hvem saken gjelder.
 * Gir null når den samme feilen alt har en åpen oppgave (da oppdateres feilteksten).
 */
export async function lagTekniskOppgave(tx: EntityManager, naa: Date, ny: NyTekniskOppgave): Promise<string | null> {
  const enhet = await systemenhet(tx, naa);
  const id = randomUUID();
  const rader: { id: string }[] = await tx.query(
    `insert into oppgave (id, type, steg_id, tittel, sak_id, saksnummer, prosess_id, rutine_navn, fase, gruppe, enhet_id,
                          status, opprettet, teknisk_noekkel, teknisk)
     values ($1, 'teknisk', $2, $3, $4, $5, $6, $7, 'Drift', $8, $9, 'aapen', $10, $11, $12)
     on conflict (teknisk_noekkel) where teknisk_noekkel is not null and status = 'aapen'
       do update set teknisk = oppgave.teknisk || excluded.teknisk
     returning id`,
    [
      id,
      ny.elementId,
      ny.tittel,
      ny.sakId,
      ny.saksnummer,
      ny.prosessId,
      ny.rutineNavn,
      `systemansvarlig:${enhet}`,
      enhet,
      naa,
      ny.noekkel,
      JSON.stringify(ny.teknisk),
    ],
  );
  if (rader[0]?.id !== id) return null;
  await varsle(tx, { type: 'oppgave', id, sakId: ny.sakId });
  return id;
}

/**
 * Prøver det som feilet på nytt. Oppgaven lukkes; stopper det igjen, kommer en ny. Systemansvarliges handling står i loggen.
 */
export async function proevIgjen(
  tx: EntityManager,
  klokke: Klokke,
  bruker: Innlogget,
  oppgaveId: string,
): Promise<void> {
  const naa = klokke.naa();
  if (!kan(bruker, 'drift:proev-igjen')) throw ikkeFunnet();
  const o = await hentOppgave(tx, oppgaveId, true);
  if (!o?.teknisk) throw ikkeFunnet();
  if (o.status !== 'aapen') throw new Problemfeil(409, 'Alt prøvd', 'Noen har alt prøvd dette på nytt.');
  const { jobbnoekkel, incidentKey, utboksId } = o.teknisk;
  if (utboksId) await proevUtboksIgjen(tx, utboksId);
  else if (jobbnoekkel ?? incidentKey) {
    const innhold = { oppgaveId, incidentKey, jobbnoekkel };
    // Uten sak i køen: en feilet melding i samme sak skal ikke stenge for det som løser den.
    await skrivUtboks(tx, { slag: 'loes-incident', innhold, sakId: null, naa });
  }
  await lukkTeknisk(tx, o.id, naa, bruker);
  if (o.sakId) {
    const tekst = `{av} satte i gang «${o.tittel}» på nytt etter en teknisk feil.`;
    await skrivHendelse(tx, { naa, sakId: o.sakId, av: bruker, type: 'teknisk-proevd', tekst });
  }
}

/** Lukker en teknisk oppgave; `bruker` er null når feilen løste seg uten oss. */
export async function lukkTeknisk(tx: EntityManager, id: string, naa: Date, bruker: Innlogget | null): Promise<void> {
  await tx.query(
    `update oppgave set status = $2, avsluttet = $3, avsluttet_av = $4 where id = $1 and status = 'aapen'`,
    [id, bruker ? 'fullfoert' : 'avbrutt', naa, bruker?.id ?? null],
  );
  await varsle(tx, { type: 'oppgave', id, sakId: null });
}

/** Alle åpne tekniske oppgaver, eldste først. */
export async function hentTekniske(m: EntityManager, bruker: Innlogget, naa: Date): Promise<OppgaveRad[]> {
  const rader: Oppgaverad[] = await m.query(
    `select ${KOLONNER}, ${MED_NAVN} from oppgave o
      where o.type = 'teknisk' and o.status = 'aapen' order by o.loepenr limit 500`,
  );
  return rader.map((o) => tilApiRad(o, bruker, naa));
}

import type { EntityManager } from 'typeorm';
import { IncidentKey, JobKey, UserTaskKey } from '@camunda8/orchestration-cluster-api';
import { lesMotorfeil, type CamundaClient } from '../engine/client.ts';
import type { Utboksmelding } from './skriv.ts';

/** Hva som ble av et forsøk. Kastes en feil, er det motoren som er borte, eller et avslag ingen har regnet med. */
export type Utfall =
  | { slag: 'sendt' }
  /** Motoren er ikke klar for akkurat denne ennå. */
  | { slag: 'senere'; grunn: string }
  /** Motoren har forlatt steget. */
  | { slag: 'gikk-videre'; grunn: string }
  /** Ikke lenger nødvendig. */
  | { slag: 'forkastet'; grunn: string }
  /** Motoren tar den ikke imot. */
  | { slag: 'feilet'; grunn: string };

export interface Sendekontekst {
  klient: CamundaClient;
  tx: EntityManager;
  forsoek: number;
  /** Kjører et kall med tidsgrense. */
  kall<T>(kall: Promise<T> & { cancel(): void }): Promise<T>;
}

type Innhold<S extends Utboksmelding['slag']> = Extract<Utboksmelding, { slag: S }>['innhold'];
type Sendere = { [S in Utboksmelding['slag']]: (k: Sendekontekst, innhold: Innhold<S>) => Promise<Utfall> };

/** Så mange ganger en oppgave som motoren ikke finner slås opp, før vi tror at den er borte for godt. */
const OPPSLAG_FOER_BORTE = 12;

async function tilstandIMotoren(k: Sendekontekst, noekkel: string): Promise<string | null> {
  try {
    const oppgave = await k.kall(
      k.klient.getUserTask({ userTaskKey: UserTaskKey.assumeExists(noekkel) }, { consistency: { waitUpToMs: 0 } }),
    );
    return oppgave.state ?? null;
  } catch (feil) {
    if (lesMotorfeil(feil).status === 404) return null;
    throw feil;
  }
}

/**
 * Fullfører oppgaven i motoren. 409: motoren holder på med den (lytterne er ikke ferdige) → prøv igjen. 404: den er enten alt
 * fullført – av oss, før vi rakk å skrive det – eller avbrutt; det sier tilstanden, som på et cluster kan komme litt etter.
 */
async function fullfoer(k: Sendekontekst, innhold: Innhold<'fullfoer-user-task'>): Promise<Utfall> {
  const { oppgaveId, userTaskKey, variabler } = innhold;
  try {
    await k.kall(
      k.klient.completeUserTask({ userTaskKey: UserTaskKey.assumeExists(userTaskKey), variables: variabler }),
    );
    return { slag: 'sendt' };
  } catch (feil) {
    const { status, melding } = lesMotorfeil(feil);
    if (status !== 404 && status !== 409) throw feil;
    const rader: { status: string }[] = await k.tx.query('select status from oppgave where id = $1', [oppgaveId]);
    if (rader[0]?.status === 'gikk-videre')
      return { slag: 'forkastet', grunn: 'Saken gikk videre før arbeidet kom fram.' };
    if (status === 409) return { slag: 'senere', grunn: melding };
    switch (await tilstandIMotoren(k, userTaskKey)) {
      case 'COMPLETED':
        return { slag: 'sendt' };
      case 'CANCELED':
        return { slag: 'gikk-videre', grunn: melding };
      case null:
        if (k.forsoek < OPPSLAG_FOER_BORTE) return { slag: 'senere', grunn: melding };
        return { slag: 'gikk-videre', grunn: 'Motoren kjenner ikke oppgaven lenger.' };
      default:
        return { slag: 'senere', grunn: melding };
    }
  }
}

/** Publiserer meldingen. 409: den samme ligger der alt, fra et forsøk der vi ikke fikk svaret. */
async function publiser(k: Sendekontekst, innhold: Innhold<'publiser-melding'>): Promise<Utfall> {
  try {
    await k.kall(
      k.klient.publishMessage({
        name: innhold.navn,
        correlationKey: innhold.noekkel,
        messageId: innhold.meldingsId,
        timeToLive: innhold.ttlMs,
        variables: innhold.variabler,
      }),
    );
  } catch (feil) {
    if (lesMotorfeil(feil).status !== 409) throw feil;
  }
  return { slag: 'sendt' };
}

/** Speiler hvem som har oppgaven. Vår rad er sannheten, så et avslag er ikke noe å gjøre noe med. */
async function tildel(k: Sendekontekst, innhold: Innhold<'tildel-user-task'>): Promise<Utfall> {
  const userTaskKey = UserTaskKey.assumeExists(innhold.userTaskKey);
  try {
    if (innhold.eierId === null) await k.kall(k.klient.unassignUserTask({ userTaskKey }));
    else await k.kall(k.klient.assignUserTask({ userTaskKey, assignee: innhold.eierId, allowOverride: true }));
    return { slag: 'sendt' };
  } catch (feil) {
    const { kanProevesIgjen, melding } = lesMotorfeil(feil);
    if (kanProevesIgjen) throw feil;
    return { slag: 'forkastet', grunn: melding };
  }
}

/** Gir jobben nye forsøk og løser feilen i motoren. Det som ikke finnes lenger, er alt løst. */
async function loes(k: Sendekontekst, { incidentKey, jobbnoekkel }: Innhold<'loes-incident'>): Promise<Utfall> {
  const ingenting404 = async (kall: Promise<unknown> & { cancel(): void }): Promise<boolean> => {
    try {
      await k.kall(kall);
      return true;
    } catch (feil) {
      if (lesMotorfeil(feil).status === 404) return false;
      throw feil;
    }
  };
  let noekler = incidentKey ? [incidentKey] : [];
  if (jobbnoekkel) {
    // En jobb som kastet en BPMN-feil ingen fanger, skal få utføres på nytt: kvitteringen ville bare gjentatt feilen.
    await k.tx.query(`delete from jobbkvittering where jobb_noekkel = $1 and resultat ? 'bpmnFeil'`, [jobbnoekkel]);
    const jobKey = JobKey.assumeExists(jobbnoekkel);
    if (!(await ingenting404(k.klient.updateJob({ jobKey, changeset: { retries: 3 } })))) {
      return { slag: 'forkastet', grunn: 'Jobben finnes ikke lenger.' };
    }
    if (noekler.length === 0) {
      const svar = await k.kall(
        k.klient.searchIncidents({ filter: { jobKey, state: 'ACTIVE' } }, { consistency: { waitUpToMs: 0 } }),
      );
      noekler = (svar.items ?? []).flatMap((i) => (i.incidentKey ? [i.incidentKey] : []));
      if (noekler.length === 0 && k.forsoek < 8)
        return { slag: 'senere', grunn: 'Feilen er ikke synlig i motoren ennå.' };
    }
  }
  for (const n of noekler) await ingenting404(k.klient.resolveIncident({ incidentKey: IncidentKey.assumeExists(n) }));
  return { slag: 'sendt' };
}

/** Én sender per slag. Tabellen er uttømmende: et nytt slag uten sender lar seg ikke kompilere. */
const tabell: Sendere = {
  'fullfoer-user-task': fullfoer,
  'publiser-melding': publiser,
  'tildel-user-task': tildel,
  'loes-incident': loes,
};

/** Tabellen slik utsenderen slår opp i den: raden fra databasen har alltid innholdet som hører til slaget. */
export const SENDERE = tabell as Record<
  Utboksmelding['slag'],
  (k: Sendekontekst, innhold: Utboksmelding['innhold']) => Promise<Utfall>
>;

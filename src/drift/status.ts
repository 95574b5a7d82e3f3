import { ProcessInstanceKey } from '@camunda8/orchestration-cluster-api';
import type { DataSource } from 'typeorm';
import type { Drift } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { dagIOslo } from '../contract/tid.ts';
import { lesMotorfeil, medTidsgrense, type CamundaClient } from '../engine/client.ts';
import type { Arbeiderstatus } from '../engine/workers.ts';
import { hentTekniske, hentUtenKandidat, hentUtenPlass } from '../oppgave/index.ts';
import { utboksstatus } from '../outbox/index.ts';
import type { Innlogget } from '../tilgang/index.ts';

export interface DriftAvh {
  ds: DataSource;
  klient: CamundaClient;
  klokke: Klokke;
  /** Navnet på motoren slik det vises, f.eks. «Innebygd motor». */
  motornavn: string;
  arbeidere: () => Arbeiderstatus[];
}

/** Det en sak lovlig kan stå i uten at noen har en oppgave: en jobb, en melding, en timer. */
const VENTESTEDER = new Set([
  'USER_TASK',
  'SERVICE_TASK',
  'SEND_TASK',
  'BUSINESS_RULE_TASK',
  'SCRIPT_TASK',
  'RECEIVE_TASK',
  'INTERMEDIATE_CATCH_EVENT',
  'EVENT_BASED_GATEWAY',
]);

async function motorstatus(avh: DriftAvh): Promise<Drift['motor']> {
  try {
    const topologi = await medTidsgrense(avh.klient.getTopology(), 2_000);
    return { navn: avh.motornavn, oppe: true, detalj: `Versjon ${topologi.gatewayVersion ?? 'ukjent'}` };
  } catch (feil) {
    return { navn: avh.motornavn, oppe: false, detalj: `Svarer ikke: ${lesMotorfeil(feil).melding}` };
  }
}

/**
 * Åpne saker som ingen arbeider med og som motoren heller ikke venter med: ingen oppgave, ingenting i utboksen, og prosessen
 * står ikke i noe som kan gå videre. Motoren melder ikke slike som feil (en samling som aldri blir full, henger uten hendelse).
 */
async function mistenkte(avh: DriftAvh): Promise<Drift['mistenkte']> {
  const kandidater: { id: string; saksnummer: string; siden: Date; instanser: string[] | null }[] =
    await avh.ds.manager.query(
      `select s.id, s.saksnummer, greatest(s.opprettet, max(h.tid)) as siden,
            (select array_agg(distinct p.prosessinstans) from saksprosess p where p.sak_id = s.id) as instanser
       from sak s left join hendelse h on h.sak_id = s.id
      where s.status = 'aapen'
        and not exists (select 1 from oppgave o where o.sak_id = s.id and o.status in ('aapen','fullfoerer'))
        and not exists (select 1 from utboks u where u.sak_id = s.id and u.tilstand in ('venter','feilet'))
      group by s.id order by siden limit 50`,
    );
  const treff: Drift['mistenkte'] = [];
  for (const sak of kandidater) {
    // Nettopp endret: en jobb er trolig underveis.
    if (avh.klokke.naa().getTime() - sak.siden.getTime() < 2 * 60_000) continue;
    let venter = false;
    for (const instans of sak.instanser ?? []) {
      const svar = await medTidsgrense(
        avh.klient.searchElementInstances(
          {
            filter: { processInstanceKey: ProcessInstanceKey.assumeExists(instans), state: 'ACTIVE' },
            page: { limit: 100 },
          },
          { consistency: { waitUpToMs: 0 } },
        ),
        5_000,
      );
      venter ||= (svar.items ?? []).some((e) => VENTESTEDER.has(e.type) && !e.hasIncident);
    }
    if (!venter) treff.push({ saksnummer: sak.saksnummer, sakId: sak.id, siden: sak.siden.toISOString() });
  }
  return treff;
}

/** Alt driftsbildet viser. Er motoren borte, mangler bare det den alene vet. */
export async function hentDrift(avh: DriftAvh, bruker: Innlogget): Promise<Drift> {
  const motor = await motorstatus(avh);
  return {
    motor,
    utboks: await utboksstatus(avh.ds.manager),
    tekniskeOppgaver: await hentTekniske(avh.ds.manager, bruker, avh.klokke.naa()),
    mistenkte: motor.oppe ? await mistenkte(avh).catch(() => []) : [],
    utenPlass: await hentUtenPlass(avh.ds.manager),
    utenKandidat: await hentUtenKandidat(avh.ds.manager, dagIOslo(avh.klokke.naa())),
    arbeidere: avh.arbeidere(),
  };
}

import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Klokke } from '../contract/klokke.ts';
import { MELDINGER, meldingsId } from '../contract/prosess.ts';
import { skrivHendelse } from '../hendelse/skriv.ts';
import { Systemfeil } from '../logg/index.ts';
import { skrivUtboks } from '../outbox/skriv.ts';

/** Meldingen lever lenge nok til at rutinen som lytter, kan settes i drift etterpå. */
const PLAN_BESTILT_TTL_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Om personen i saken har plan (utkast eller aktiv) fra en annen sak. Regel 1: en tjenestemottaker har aldri mer enn
 * én individuell plan. Kalles av arbeideren sjekk-aktiv-plan.
 */
export async function harAktivPlan(tx: EntityManager, sakId: string): Promise<boolean> {
  const rader: unknown[] = await tx.query(
    `select 1 from plan p join sak s on s.person_id = p.person_id
      where s.id = $1 and p.sak_id <> s.id and p.status in ('utkast','aktiv')`,
    [sakId],
  );
  return rader.length > 0;
}

/**
 * Reserverer personens plan i transaksjonen som fatter vedtaket. Den unike indeksen avgjør når to saker konkurrerer:
 * `on conflict do nothing` venter på den andre transaksjonen, så taperen vet det sikkert.
 * @returns false når personen alt har plan i en annen sak (HarPlan)
 */
export async function reserverPlan(
  tx: EntityManager,
  klokke: Klokke,
  sakId: string,
  personId: string,
): Promise<boolean> {
  const nye: unknown[] = await tx.query(
    `insert into plan (id, person_id, sak_id, status, opprettet) values ($1, $2, $3, 'utkast', $4)
     on conflict (person_id) where status in ('utkast','aktiv') do nothing returning id`,
    [randomUUID(), personId, sakId, klokke.naa()],
  );
  if (nye.length > 0) return true;
  const egne: unknown[] = await tx.query(
    `select 1 from plan where person_id = $1 and sak_id = $2 and status in ('utkast','aktiv')`,
    [personId, sakId],
  );
  return egne.length > 0;
}

/**
 * Bestiller planen: rutinen «utarbeide og følge opp» hører meldingen PlanBestilt med planens id som nøkkel.
 * Kalles av arbeideren bestill-plan; gjentatt kall legger ikke ut meldingen på nytt.
 * @throws Error når saken ikke har reservert noen plan
 */
export async function bestillPlan(tx: EntityManager, klokke: Klokke, sakId: string): Promise<{ planId: string }> {
  const rader: { id: string; bestilt: Date | null; vedtaksinstans: string }[] = await tx.query(
    `select p.id, p.bestilt, s.vedtaksinstans from plan p join sak s on s.id = p.sak_id
      where p.sak_id = $1 and p.status in ('utkast','aktiv') for update of p`,
    [sakId],
  );
  const plan = rader[0];
  if (!plan) throw new Systemfeil(`Saken ${sakId} har ingen plan å bestille.`);
  if (plan.bestilt) return { planId: plan.id };
  const naa = klokke.naa();
  await tx.query(`update plan set bestilt = $2 where id = $1`, [plan.id, naa]);
  await skrivUtboks(tx, {
    slag: 'publiser-melding',
    innhold: {
      navn: MELDINGER.planBestilt,
      noekkel: plan.id,
      meldingsId: meldingsId(MELDINGER.planBestilt, plan.id),
      ttlMs: PLAN_BESTILT_TTL_MS,
      variabler: { sakId, planId: plan.id, vedtaksinstans: plan.vedtaksinstans },
    },
    sakId,
    naa,
  });
  await skrivHendelse(tx, {
    naa,
    sakId,
    av: null,
    type: 'plan-bestilt',
    tekst: 'Planarbeidet ble bestilt: plankoordinatoren kan begynne på den individuelle planen.',
    data: { planId: plan.id },
  });
  return { planId: plan.id };
}

import { ProcessInstanceKey } from '@camunda8/orchestration-cluster-api';
import type { DataSource, EntityManager } from 'typeorm';
import { prosess, type Prosess } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { medTidsgrense, type CamundaClient } from '../engine/client.ts';
import { alleTreff } from '../engine/sider.ts';
import { hentRutineversjon, type Rutineversjon } from './lager.ts';

type Diagram = Prosess['diagrammer'][number];
type Diagramsteg = Diagram['steg'][number];

interface Elementinstans {
  elementId: string;
  navn: string;
  type: string;
  tilstand: string;
  harFeil: boolean;
  fra: string;
  til: string | null;
}

/** Beholdere: saken står i det som er inne i dem. */
const BEHOLDERE = new Set(['PROCESS', 'SUB_PROCESS', 'EVENT_SUB_PROCESS', 'AD_HOC_SUB_PROCESS', 'MULTI_INSTANCE_BODY']);

const SLAG: Readonly<Record<string, string>> = {
  USER_TASK: 'Oppgave',
  SERVICE_TASK: 'Utføres av systemet',
  SEND_TASK: 'Utføres av systemet',
  SCRIPT_TASK: 'Utføres av systemet',
  BUSINESS_RULE_TASK: 'Utføres av systemet',
  RECEIVE_TASK: 'Venter på svar',
  CALL_ACTIVITY: 'Egen rutine',
  EXCLUSIVE_GATEWAY: 'Valg',
  INCLUSIVE_GATEWAY: 'Valg',
  PARALLEL_GATEWAY: 'Deling',
  EVENT_BASED_GATEWAY: 'Venter på det som skjer først',
  START_EVENT: 'Start',
  END_EVENT: 'Slutt',
  BOUNDARY_EVENT: 'Hendelse',
  INTERMEDIATE_CATCH_EVENT: 'Venter',
  INTERMEDIATE_THROW_EVENT: 'Hendelse',
};

/** Husker hvilke prosessinstanser som hører til saken. Kalles for hver jobb; bare den første i en instans gjør noe. */
export async function huskProsess(
  tx: EntityManager,
  jobb: { prosessinstansnoekkel: string; prosessdefinisjonsnoekkel: string },
  sakId: string,
): Promise<void> {
  await tx.query(
    `insert into saksprosess (prosessinstans, sak_id, definisjonsnoekkel) values ($1, $2, $3) on conflict do nothing`,
    [jobb.prosessinstansnoekkel, sakId, jobb.prosessdefinisjonsnoekkel],
  );
}

function tilstand(e: Elementinstans): Diagramsteg['tilstand'] {
  if (e.tilstand === 'COMPLETED') return 'ferdig';
  if (e.tilstand === 'TERMINATED') return 'avbrutt';
  return e.harFeil ? 'feil' : 'staar-her';
}

async function fraMotoren(klient: CamundaClient, rutine: Rutineversjon, instans: string): Promise<Diagram> {
  const processInstanceKey = ProcessInstanceKey.assumeExists(instans);
  const elementer: Elementinstans[] = [];
  const sider = alleTreff((page) =>
    klient.searchElementInstances(
      { filter: { processInstanceKey }, sort: [{ field: 'startDate', order: 'ASC' }], page },
      { consistency: { waitUpToMs: 0 } },
    ),
  );
  for await (const side of sider) {
    for (const e of side) {
      elementer.push({
        elementId: e.elementId,
        navn: e.elementName,
        type: e.type,
        tilstand: e.state,
        harFeil: e.hasIncident,
        fra: e.startDate,
        til: e.endDate ?? null,
      });
    }
  }
  const flyter = await medTidsgrense(
    klient.getProcessInstanceSequenceFlows({ processInstanceKey }, { consistency: { waitUpToMs: 0 } }),
    10_000,
  );
  const navn = new Map(rutine.steg.map((s) => [s.elementId, s.navn]));
  const inne = elementer.filter((e) => e.type !== 'PROCESS');
  const blad = inne.filter((e) => !BEHOLDERE.has(e.type));
  const staarI = blad.filter((e) => e.tilstand === 'ACTIVE');
  const flytIder = (flyter.items ?? []).flatMap((f) => {
    const id = f.elementId ?? '';
    return id === '' ? [] : [id];
  });
  return {
    rutineId: rutine.prosessId,
    navn: rutine.navn,
    versjon: rutine.versjon,
    xml: rutine.xml,
    gaatt: [...new Set([...inne.filter((e) => e.tilstand === 'COMPLETED').map((e) => e.elementId), ...flytIder])],
    staarI: [...new Set(staarI.map((e) => e.elementId))],
    feil: [...new Set(blad.filter((e) => e.harFeil && e.tilstand === 'ACTIVE').map((e) => e.elementId))],
    steg: blad
      .filter((e) => (navn.get(e.elementId) ?? '') !== '')
      .map((e) => ({
        elementId: e.elementId,
        navn: navn.get(e.elementId) ?? e.navn,
        slag: SLAG[e.type] ?? e.type,
        tilstand: tilstand(e),
        fra: new Date(e.fra).toISOString(),
        til: e.til ? new Date(e.til).toISOString() : null,
      })),
  };
}

/** Uten motor og uten et tidligere bilde: det våre egne oppgaver sier om veien. */
async function fraOppgavene(m: EntityManager, sakId: string): Promise<Diagram[]> {
  const rader: {
    steg_id: string;
    tittel: string;
    status: string;
    opprettet: Date;
    avsluttet: Date | null;
    definisjonsnoekkel: string | null;
  }[] = await m.query(
    `select steg_id, tittel, status, opprettet, avsluttet, definisjonsnoekkel from oppgave
      where sak_id = $1 and type = 'steg' order by loepenr`,
    [sakId],
  );
  const diagrammer: Diagram[] = [];
  for (const noekkel of new Set(rader.map((r) => r.definisjonsnoekkel))) {
    const rutine = noekkel ? await hentRutineversjon(m, noekkel) : null;
    if (!rutine) continue;
    const her = rader.filter((r) => r.definisjonsnoekkel === noekkel);
    diagrammer.push({
      rutineId: rutine.prosessId,
      navn: rutine.navn,
      versjon: rutine.versjon,
      xml: rutine.xml,
      gaatt: her.filter((r) => r.status === 'fullfoert').map((r) => r.steg_id),
      staarI: her.filter((r) => r.status === 'aapen' || r.status === 'fullfoerer').map((r) => r.steg_id),
      feil: [],
      steg: her.map((r) => ({
        elementId: r.steg_id,
        navn: r.tittel,
        slag: 'Oppgave',
        tilstand: r.status === 'fullfoert' ? 'ferdig' : r.status === 'avbrutt' ? 'avbrutt' : 'staar-her',
        fra: r.opprettet.toISOString(),
        til: r.avsluttet?.toISOString() ?? null,
      })),
    });
  }
  return diagrammer;
}

/**
 * Veien saken har gått i hvert diagram, og hvor den står; hovedrutinen først. Er motoren borte, svares det sist kjente.
 * Tilgangen til saken må være avgjort av den som spør.
 */
export async function hentProsess(
  avh: { ds: DataSource; klient: CamundaClient; klokke: Klokke },
  sakId: string,
): Promise<Prosess> {
  const m = avh.ds.manager;
  const instanser: { prosessinstans: string; definisjonsnoekkel: string }[] = await m.query(
    `select prosessinstans, definisjonsnoekkel from saksprosess where sak_id = $1 order by skrevet`,
    [sakId],
  );
  try {
    const diagrammer: Diagram[] = [];
    for (const { prosessinstans, definisjonsnoekkel } of instanser) {
      const rutine = await hentRutineversjon(m, definisjonsnoekkel);
      if (rutine) diagrammer.push(await fraMotoren(avh.klient, rutine, prosessinstans));
    }
    await m.query(
      `insert into saksprosess_bilde (sak_id, innhold, hentet) values ($1, $2, $3)
       on conflict (sak_id) do update set innhold = excluded.innhold, hentet = excluded.hentet
       where saksprosess_bilde.innhold <> excluded.innhold`,
      [sakId, JSON.stringify(diagrammer), avh.klokke.naa()],
    );
    return { diagrammer, motorBorte: false };
  } catch {
    const bilder: { innhold: unknown }[] = await m.query(`select innhold from saksprosess_bilde where sak_id = $1`, [
      sakId,
    ]);
    const kjent = prosess.shape.diagrammer.safeParse(bilder[0]?.innhold);
    return { diagrammer: kjent.success ? kjent.data : await fraOppgavene(m, sakId), motorBorte: true };
  }
}

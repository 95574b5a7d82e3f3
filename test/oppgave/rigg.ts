import { randomUUID } from 'node:crypto';
import { setTimeout as vent } from 'node:timers/promises';
import pino from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Klokke } from '../../src/contract/klokke.ts';
import type { Stegkontrakt } from '../../src/contract/steg/index.ts';
import { lagDatakilde } from '../../src/db/datakilde.ts';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { lagClusterklient, lagMotorklient, type CamundaClient, type InnebygdKlynge } from '../../src/engine/client.ts';
import type { Ressurs } from '../../src/engine/deploy.ts';
import { startArbeidere, type Arbeider, type Arbeiderdrift } from '../../src/engine/workers.ts';
import { Systemfeil } from '../../src/logg/index.ts';
import { lagHub, SANNTIDSKANAL, startLytter, type Hub, type Lytter } from '../../src/hendelse/index.ts';
import {
  lagPublikumsoppslag,
  lagTilbakemelding,
  lagVedStopp,
  type OppgaveAvh,
  type Saksoppslag,
  type Steg,
  type Stegregister,
} from '../../src/oppgave/index.ts';
import { skrivUtboks, startUtsender, UTBOKSKANAL, type Utsender } from '../../src/outbox/index.ts';
import { huskProsess, rullUtRutiner } from '../../src/rutine/index.ts';
import { dagIOslo } from '../../src/contract/tid.ts';
import { hentBruker, leggInnDemokommune, type Innlogget } from '../../src/tilgang/index.ts';
import { oppgaveAvbrytes } from '../../workers/oppgave-avbrytes.worker.ts';
import { lagOppgaveOpprettes } from '../../workers/oppgave-opprettes.worker.ts';
import { lagTestdatabase, type Testdatabase } from '../hjelp/database.ts';

/** En liten rutine med det oppgavemodulen må tåle: to oppgaver, en jobb imellom, og en melding som avbryter den første. */
export const TESTRUTINE = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="defs" targetNamespace="http://ip.test" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.8.0">
  <bpmn:process id="test-rutine" name="Prøverutine" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing><bpmn:messageEventDefinition id="med1" messageRef="m-start" /></bpmn:startEvent>
    <bpmn:userTask id="steg-en" name="Gjør det første">
      <bpmn:documentation>Gjør dette først.
        - og dette</bpmn:documentation>
      <bpmn:extensionElements>
        <zeebe:userTask />
        <zeebe:formDefinition formId="steg-en" bindingType="deployment" />
        <zeebe:assignmentDefinition candidateGroups="=[&#34;saksbehandler:&#34; + enhet]" />
        <zeebe:taskSchedule dueDate="=frist" />
        <zeebe:properties><zeebe:property name="fase" value="Mottak" /><zeebe:property name="hjemler" value="pbrl § 2-5; hol § 7-1" /><zeebe:property name="dokumenter" value="Veileder" /></zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:serviceTask id="test-jobb" name="Gjør noe selv">
      <bpmn:extensionElements><zeebe:taskDefinition type="test-jobb" retries="3" /></bpmn:extensionElements>
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing>
    </bpmn:serviceTask>
    <bpmn:userTask id="steg-to" name="Gjør det andre">
      <bpmn:extensionElements>
        <zeebe:userTask />
        <zeebe:assignmentDefinition candidateGroups="=[&#34;beslutter:&#34; + enhet]" />
        <zeebe:properties><zeebe:property name="fase" value="Vedtak" /></zeebe:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>f3</bpmn:incoming><bpmn:outgoing>f4</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="slutt" name="Ferdig"><bpmn:incoming>f4</bpmn:incoming></bpmn:endEvent>
    <bpmn:boundaryEvent id="trukket" name="Trukket" attachedToRef="steg-en"><bpmn:outgoing>f5</bpmn:outgoing><bpmn:messageEventDefinition id="med2" messageRef="m-trukket" /></bpmn:boundaryEvent>
    <bpmn:endEvent id="slutt-trukket" name="Trukket"><bpmn:incoming>f5</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="steg-en" />
    <bpmn:sequenceFlow id="f2" sourceRef="steg-en" targetRef="test-jobb" />
    <bpmn:sequenceFlow id="f3" sourceRef="test-jobb" targetRef="steg-to" />
    <bpmn:sequenceFlow id="f4" sourceRef="steg-to" targetRef="slutt" />
    <bpmn:sequenceFlow id="f5" sourceRef="trukket" targetRef="slutt-trukket" />
  </bpmn:process>
  <bpmn:message id="m-start" name="TestStartet" />
  <bpmn:message id="m-trukket" name="TestTrukket"><bpmn:extensionElements><zeebe:subscription correlationKey="=sakId" /></bpmn:extensionElements></bpmn:message>
</bpmn:definitions>
`;

export const TESTSKJEMA = JSON.stringify({
  id: 'steg-en',
  type: 'default',
  executionPlatform: 'Camunda Cloud',
  executionPlatformVersion: '8.8.0',
  schemaVersion: 18,
  components: [
    {
      id: 'F1',
      type: 'radio',
      key: 'valg',
      label: 'Skal det gjøres?',
      values: [
        { value: 'ja', label: 'Ja, gjør det' },
        { value: 'nei', label: 'Nei' },
      ],
    },
    { id: 'F2', type: 'textarea', key: 'begrunnelse', label: 'Begrunnelse', conditional: { hide: '=valg = "nei"' } },
    { id: 'F3', type: 'date', subtype: 'date', key: 'dato', dateLabel: 'Dato', conditional: { hide: '=valg != "ja"' } },
  ],
});

export const TESTRESSURSER: Ressurs[] = [
  { navn: 'test-rutine.bpmn', innhold: TESTRUTINE },
  { navn: 'steg-en.form', innhold: TESTSKJEMA },
];

export const KONTRAKTER: Readonly<Record<string, Stegkontrakt>> = {
  'steg-en': {
    skjema: z.object({
      valg: z.enum(['ja', 'nei'], { error: 'Velg ja eller nei.' }),
      begrunnelse: z.string().min(3, 'Skriv en begrunnelse.').optional(),
      dato: z.string().nullish(),
    }),
    utfallsfelt: 'valg',
    knapper: { ja: 'Innvilg', nei: 'Avslå' },
    standardKnapp: 'Avgjør',
    kontekstnoekler: ['hilsen'],
  },
  'steg-to': { skjema: z.object({}), knapper: {}, standardKnapp: 'Ferdig', kontekstnoekler: [] },
};

/** En jobbarbeider testen kan få til å feile så mange ganger den vil. */
export class Testjobb implements Arbeider {
  readonly type = 'test-jobb';
  readonly variabler = z.object({ sakId: z.uuid() });
  feilMed: string | null = null;
  utfoert = 0;

  async utfoer({ tx }: { tx: EntityManager }): Promise<Record<string, never>> {
    this.utfoert++;
    await tx.query('select 1');
    if (this.feilMed !== null) throw new Systemfeil(this.feilMed);
    return {};
  }
}

export interface Rigg {
  ds: DataSource;
  db: Testdatabase;
  klient: CamundaClient;
  klokke: Klokke & { sett(naa: Date): void };
  hub: Hub;
  avh: OppgaveAvh;
  saksoppslag: Saksoppslag;
  /** Fasene hver sak har vært i, i rekkefølge. */
  faser: Map<string, string[]>;
  jobb: Testjobb;
  /** Det stegene har utført, i rekkefølge. */
  utfoert: { stegId: string; data: unknown }[];
  start(valg?: { utenArbeidere?: boolean }): void;
  stoppMotordel(): Promise<void>;
  stopp(): Promise<void>;
  /** Starter en sak i prøverutinen. */
  nySak(valg?: { enhet?: string; frist?: string }): Promise<string>;
  bruker(id: string): Promise<Innlogget>;
}

function steg(id: string, utfoert: Rigg['utfoert']): Steg {
  return {
    id,
    kontekst: async () => ({ hilsen: 'Hei' }),
    kontroller: async (_k, data) =>
      z.object({ begrunnelse: z.literal('ulovlig') }).safeParse(data).success
        ? [{ felt: 'begrunnelse', melding: 'Begrunnelsen er ulovlig.' }]
        : [],
    async utfoer(_k, data) {
      utfoert.push({ stegId: id, data });
      return { variabler: { ferdig: id }, melding: `Du gjorde ${id}.` };
    },
    hvaSkjer: async () => ({ '': 'Saken går videre.' }),
  };
}

/**
 * Oppgavemodulen satt sammen på en egen database og motoren den får. Uten `klynge` brukes adressen i `env`.
 */
export async function lagRigg(motor: { klynge?: InnebygdKlynge; env?: Record<string, string> }): Promise<Rigg> {
  const db = await lagTestdatabase();
  const ds = await lagDatakilde(db.url).initialize();
  await ds.runMigrations();
  await iTransaksjon(ds, leggInnDemokommune);
  const logg = pino({ level: process.env['TEST_LOGG'] ?? 'silent' });
  const klient = motor.klynge
    ? lagMotorklient({ cluster: motor.klynge, validering: 'req:none,res:fanatical' })
    : await lagClusterklient(motor.env?.['CAMUNDA_REST_ADDRESS'] ?? '');
  let fast: Date | null = null;
  const klokke = { naa: () => fast ?? new Date(), sett: (naa: Date) => void (fast = naa) };
  const saker = new Map<string, number>();
  const faser: Rigg['faser'] = new Map();
  const saksoppslag: Saksoppslag = {
    async forOppgave(_m, sakId) {
      const nummer = saker.get(sakId) ?? saker.size + 1;
      saker.set(sakId, nummer);
      return {
        saksnummer: `2026/${nummer}`,
        personId: sakId,
        personNavn: `Åse Ås ${nummer}`,
        vedtaksinstans: 'hsk-hillevaag',
      };
    },
    async settFase(_m, sakId, fase) {
      faser.set(sakId, [...(faser.get(sakId) ?? []), fase]);
    },
    utdrag: async () => null,
  };
  const utfoert: Rigg['utfoert'] = [];
  const hub = lagHub(
    lagPublikumsoppslag(ds),
    () => Promise.resolve(new Map()),
    () => undefined,
  );
  const register: Stegregister = { 'steg-en': steg('steg-en', utfoert), 'steg-to': steg('steg-to', utfoert) };
  const avh: OppgaveAvh = { ds, klokke, hub, steg: register, kontrakter: KONTRAKTER, saksoppslag };
  const jobb = new Testjobb();
  let deler: { utsender: Utsender; lytter: Lytter; arbeidere: Arbeiderdrift | null } | null = null;

  const rigg: Rigg = {
    ds,
    db,
    klient,
    klokke,
    hub,
    avh,
    saksoppslag,
    faser,
    jobb,
    utfoert,
    start({ utenArbeidere = false } = {}) {
      const tilbakemelding = lagTilbakemelding({ klokke, saksoppslag });
      const utsender = startUtsender({ ds, klient, logg, naa: klokke.naa, tilbakemelding });
      const lytter = startLytter(
        db.url,
        { [UTBOKSKANAL]: () => utsender.vekk(), [SANNTIDSKANAL]: (innhold) => hub.motta(innhold) },
        { logg },
      );
      const arbeidere = utenArbeidere
        ? null
        : startArbeidere({
            navn: 'rigg',
            klient,
            ds,
            klokke,
            logg,
            arbeidere: [jobb, oppgaveAvbrytes, lagOppgaveOpprettes({ klient, saksoppslag, steg: register })],
            vedJobb: huskProsess,
            vedStopp: lagVedStopp({ klokke, saksoppslag }),
            // zeebe-labs lange poll kan ta en jobb etter at vi er borte; den kommer igjen når jobbtiden er ute
            pollTidMs: 1_000,
            jobbTidMs: 3_000,
          });
      deler = { utsender, lytter, arbeidere };
    },
    async stoppMotordel() {
      const d = deler;
      deler = null;
      await Promise.all([d?.utsender.stopp(), d?.lytter.stopp(), d?.arbeidere?.stopp()]);
    },
    async stopp() {
      await rigg.stoppMotordel();
      await ds.destroy();
      await db.slett();
    },
    async nySak({ enhet = 'hsk-hillevaag', frist = '2030-01-07T12:00:00Z' } = {}) {
      const sakId = randomUUID();
      await iTransaksjon(ds, (tx) =>
        skrivUtboks(tx, {
          slag: 'publiser-melding',
          innhold: {
            navn: 'TestStartet',
            noekkel: sakId,
            meldingsId: `TestStartet:${sakId}`,
            ttlMs: 60_000,
            variabler: { sakId, enhet, frist },
          },
          sakId,
          naa: klokke.naa(),
        }),
      );
      return sakId;
    },
    async bruker(id) {
      const b = await hentBruker(ds.manager, id, dagIOslo(new Date()));
      if (!b) throw new Error(`ukjent bruker ${id}`);
      return b;
    },
  };
  return rigg;
}

/** Ruller ut prøverutinen. */
export async function rullUtTestrutine(rigg: Rigg): Promise<void> {
  await rullUtRutiner(rigg.ds, rigg.klient, { ressurser: TESTRESSURSER }, rigg.klokke.naa());
}

/** Venter til `les` gir noe, høyst `ms`. */
export async function ventPaa<T>(
  les: () => Promise<T | null | undefined | false>,
  hva: string,
  ms = 8_000,
): Promise<T> {
  const frist = Date.now() + ms;
  for (;;) {
    const verdi = await les();
    if (verdi) return verdi;
    if (Date.now() > frist) throw new Error(`Ventet forgjeves på ${hva}.`);
    await vent(25);
  }
}

/** Den åpne oppgaven i saken på et steg. */
export function ventPaaOppgave(
  rigg: Rigg,
  sakId: string,
  stegId: string,
  status = 'aapen',
): Promise<{ id: string; type: string }> {
  return ventPaa(async () => {
    const rader: { id: string; type: string }[] = await rigg.ds.manager.query(
      'select id, type from oppgave where sak_id = $1 and steg_id = $2 and status = $3 order by loepenr desc limit 1',
      [sakId, stegId, status],
    );
    return rader[0];
  }, `oppgaven ${stegId} (${status})`);
}

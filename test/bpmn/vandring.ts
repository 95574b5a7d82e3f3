/** Går en sti gjennom diagrammene på en motor, gjennom Camundas klient, og sier hva som ble gått. */
import type { CamundaClient, JobKey, ProcessInstanceKey, UserTaskKey } from '@camunda8/orchestration-cluster-api';
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  MELDINGER,
  meldingsId,
  MELDINGSVARIABLER,
  RUTINER,
  startvariabler,
  type Melding,
} from '../../src/contract/prosess.ts';
import type { Target } from '../conformance/harness.ts';
import { milliseconds } from '../conformance/world.ts';
import { BPMN_MAPPE } from './diagrammer.ts';
import type { Sti, Stisteg, Verdi } from './stier.ts';

const STRAKS = { consistency: { waitUpToMs: 0 } };
const DOEGN = 86_400_000;

/** En brukeroppgave slik motoren viste den, med fristen i hele døgn fra den ble opprettet. */
export interface SettOppgave {
  readonly element: string;
  readonly grupper: readonly string[];
  readonly ansvarlig: string | null;
  readonly kandidater: readonly string[];
  readonly fristDager: number;
  readonly prioritet: number;
  readonly harSkjema: boolean;
}
export interface SettJobb {
  readonly element: string;
  readonly type: string;
  readonly hoder: Readonly<Record<string, string>>;
  readonly forsoek: number;
}

interface Aapent {
  readonly element: string;
  readonly oppgave?: UserTaskKey;
  readonly jobbtype?: string;
}

/** Én motor med diagrammene rullet ut. */
export class Vandring {
  readonly #maal: Target;
  readonly #klient: CamundaClient;
  /** Motorens klokke minus vår, lest av opprettelsestider; motoren kan være flyttet på. */
  #skjev = 0;
  readonly gaatteFlyter = new Set<string>();
  readonly gaatteElementer = new Set<string>();
  readonly oppgaver: SettOppgave[] = [];
  readonly jobber: SettJobb[] = [];
  /** Per sti: elementene i den rekkefølgen motoren laget dem, med tilstanden de endte i. */
  readonly spor = new Map<string, readonly string[]>();

  constructor(maal: Target) {
    this.#maal = maal;
    this.#klient = maal.client();
  }

  /** Ruller ut hele bunten av diagrammer og skjemaer. */
  async rullUt(): Promise<void> {
    const resources = readdirSync(BPMN_MAPPE).map((navn) => new File([readFileSync(join(BPMN_MAPPE, navn))], navn));
    await this.#klient.createDeployment({ resources });
  }

  /** Går stien fra anmodning til slutt. Feiler når noe annet enn det stien sier er åpent. */
  async gaa(sti: Sti): Promise<void> {
    const sakId = randomUUID();
    const dager = sti.foreloepigSvarOmDager ?? 3650;
    const variabler = startvariabler.parse({
      sakId,
      mottaksenhet: 'hsk-hillevaag',
      vedtaksinstans: 'hsk-hillevaag',
      skriftlig: true,
      egenSak: false,
      foreloepigSvarFrist: new Date(this.#naa() + dager * DOEGN).toISOString(),
      ...sti.start,
    });
    await this.#meld(MELDINGER.anmodningMottatt, sakId, variabler);
    const instans = await this.#finnInstans(sakId);
    for (const steg of sti.steg) await this.#taSteg(steg, sakId);
    await this.#maal.settle();
    const slutt = await this.#klient.getProcessInstance({ processInstanceKey: instans }, STRAKS);
    expect(slutt.state).to.equal('COMPLETED');
    const instanser = [instans, ...(await this.#barn(instans))];
    const spor: string[] = [];
    for (const en of instanser) spor.push(...(await this.#noter(en)));
    this.spor.set(sti.navn, spor);
    expect(spor, 'elementer som er gjennomført').to.include(`${sti.slutt} COMPLETED`);
  }

  async #taSteg(steg: Stisteg, sakId: string): Promise<void> {
    await this.#maal.settle();
    if (steg.slag === 'tid') return this.#maal.advance(milliseconds(steg.varighet), false);
    if (steg.slag === 'melding') return this.#meld(steg.navn, steg.noekkel === 'sakId' ? sakId : kravFor(sakId), {});
    const aapne = await this.#aapne(sakId);
    if (steg.slag === 'aapent') {
      expect(aapne.map((ett) => ett.element).sort()).to.deep.equal([...steg.elementer].sort());
      return;
    }
    const treff = aapne.find((ett) => ett.element === steg.element);
    expect(treff, `${steg.element} skal være åpen; åpne er ${aapne.map((ett) => ett.element).join(', ')}`).to.not.equal(
      undefined,
    );
    const variables = Object.fromEntries(
      Object.entries(steg.svar).map(([navn, verdi]): [string, Verdi] => [
        navn,
        verdi === 'krav' ? kravFor(sakId) : verdi,
      ]),
    );
    if (treff?.oppgave !== undefined) {
      await this.#klient.completeUserTask({ userTaskKey: treff.oppgave, variables });
    } else if (treff?.jobbtype !== undefined) {
      await this.#klient.completeJob({ jobKey: await this.#taJobb(treff.jobbtype, steg.element, sakId), variables });
    }
  }

  /** Alt som er åpent i saken, oppgaver og jobber. */
  async #aapne(sakId: string): Promise<Aapent[]> {
    const instanser = await this.#instanserFor(sakId);
    const funnet: Aapent[] = [];
    for (const processInstanceKey of instanser) {
      const oppgaver = await this.#klient.searchUserTasks({ filter: { processInstanceKey, state: 'CREATED' } }, STRAKS);
      for (const oppgave of oppgaver.items) {
        const element = oppgave.elementId ?? '';
        const opprettet = Date.parse(oppgave.creationDate ?? '');
        this.#skjev = Math.max(this.#skjev, opprettet - Date.now());
        this.oppgaver.push({
          element,
          grupper: oppgave.candidateGroups ?? [],
          ansvarlig: oppgave.assignee ?? null,
          kandidater: oppgave.candidateUsers ?? [],
          fristDager: oppgave.dueDate ? Math.round((Date.parse(oppgave.dueDate) - opprettet) / DOEGN) : -1,
          prioritet: oppgave.priority ?? -1,
          harSkjema: oppgave.formKey !== undefined,
        });
        funnet.push({ element, oppgave: oppgave.userTaskKey });
      }
      const jobber = await this.#klient.searchJobs({ filter: { processInstanceKey, state: 'CREATED' } }, STRAKS);
      for (const jobb of jobber.items) funnet.push({ element: jobb.elementId ?? '', jobbtype: jobb.type });
    }
    return funnet;
  }

  async #taJobb(type: string, element: string, sakId: string): Promise<JobKey> {
    const { jobs } = await this.#klient.activateJobs({
      type,
      worker: 'stier',
      timeout: 60_000,
      maxJobsToActivate: 10,
      requestTimeout: 2_000,
    });
    const jobb = jobs.find((en) => en.elementId === element && en.variables['sakId'] === sakId);
    if (!jobb) throw new Error(`Fant ingen jobb ${type} for ${element}.`);
    const hoder = Object.fromEntries(Object.entries(jobb.customHeaders).map(([navn, verdi]) => [navn, String(verdi)]));
    this.jobber.push({ element, type, hoder, forsoek: jobb.retries });
    return jobb.jobKey;
  }

  async #meld(navn: Melding, noekkel: string, variables: Record<string, Verdi>): Promise<void> {
    await this.#klient.publishMessage({
      name: navn,
      correlationKey: noekkel,
      timeToLive: 3_600_000,
      variables: MELDINGSVARIABLER[navn].parse(variables),
      messageId: meldingsId(navn, noekkel),
    });
    await this.#maal.settle();
  }

  async #finnInstans(sakId: string): Promise<ProcessInstanceKey> {
    const [instans] = await this.#instanserFor(sakId);
    if (instans === undefined) throw new Error(`Ingen ${RUTINER.saksbehandle} startet.`);
    return instans;
  }

  /** Instansen til saken og dem den har kalt. */
  async #instanserFor(sakId: string): Promise<ProcessInstanceKey[]> {
    const svar = await this.#klient.searchVariables(
      { filter: { name: 'sakId', value: JSON.stringify(sakId) } },
      STRAKS,
    );
    return [...new Set(svar.items.map((en) => en.processInstanceKey))];
  }

  async #barn(instans: ProcessInstanceKey): Promise<ProcessInstanceKey[]> {
    const svar = await this.#klient.searchProcessInstances({ filter: { parentProcessInstanceKey: instans } }, STRAKS);
    return svar.items.map((en) => en.processInstanceKey);
  }

  /** Legger det instansen har gått til det som er gått før, og gir sporet av den. */
  async #noter(instans: ProcessInstanceKey): Promise<string[]> {
    const flyter = await this.#klient.getProcessInstanceSequenceFlows({ processInstanceKey: instans }, STRAKS);
    for (const flyt of flyter.items ?? []) if (flyt.elementId) this.gaatteFlyter.add(flyt.elementId);
    const elementer = await this.#klient.searchElementInstances(
      { filter: { processInstanceKey: instans }, page: { limit: 200 } },
      STRAKS,
    );
    const rader = [...(elementer.items ?? [])].sort((a, b) =>
      BigInt(a.elementInstanceKey ?? 0) < BigInt(b.elementInstanceKey ?? 0) ? -1 : 1,
    );
    for (const rad of rader) this.gaatteElementer.add(rad.elementId ?? '');
    return rader.map((rad) => `${rad.elementId ?? ''} ${rad.state ?? ''}`);
  }

  #naa(): number {
    return Date.now() + this.#skjev;
  }
}

function kravFor(sakId: string): string {
  return `krav-${sakId}`;
}

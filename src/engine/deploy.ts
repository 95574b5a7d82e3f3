import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BpmnModdle, type ModdleElement } from 'bpmn-moddle';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json' with { type: 'json' };
import { medTidsgrense, type CamundaClient } from './client.ts';
import { Systemfeil } from '../logg/index.ts';

/** Job types of the listeners that keep the task projection. */
export const OPPGAVE_OPPRETTES = 'oppgave-opprettes';
export const OPPGAVE_AVBRYTES = 'oppgave-avbrytes';
const LYTTERE = [
  ['creating', OPPGAVE_OPPRETTES],
  ['canceling', OPPGAVE_AVBRYTES],
] as const;

export interface Ressurs {
  navn: string;
  innhold: string;
}

export interface UtrulletProsess {
  prosessId: string;
  versjon: number;
  definisjonsnoekkel: string;
  /** As the author wrote it, without our listeners. */
  xml: string;
}
export interface UtrulletSkjema {
  skjemaId: string;
  versjon: number;
  skjemanoekkel: string;
  innhold: string;
}
export interface Utrulling {
  prosesser: UtrulletProsess[];
  skjemaer: UtrulletSkjema[];
}

/** Parses BPMN with Camunda's extension; throws with the parser's words and the file's name. */
export async function lesBpmn(xml: string, navn = 'diagram'): Promise<{ moddle: BpmnModdle; rot: ModdleElement }> {
  const moddle = new BpmnModdle({ zeebe });
  try {
    const { rootElement } = await moddle.fromXML(xml);
    return { moddle, rot: rootElement };
  } catch (feil) {
    throw new Systemfeil(`${navn} er ikke gyldig BPMN: ${feil instanceof Error ? feil.message : String(feil)}`, {
      cause: feil,
    });
  }
}

function erElement(verdi: unknown): verdi is ModdleElement {
  return typeof verdi === 'object' && verdi !== null && '$type' in verdi;
}

/** The children of an element under one property, none when it is absent. */
export function barn(element: ModdleElement | undefined, egenskap: string): ModdleElement[] {
  const verdi = element?.[egenskap];
  if (Array.isArray(verdi)) return verdi.filter(erElement);
  return erElement(verdi) ? [verdi] : [];
}

/** Every flow element of the file's processes, subprocesses included, in document order, with the process it belongs to. */
export function flytelementer(rot: ModdleElement): { prosess: ModdleElement; element: ModdleElement }[] {
  const funnet: { prosess: ModdleElement; element: ModdleElement }[] = [];
  const besoek = (prosess: ModdleElement, eier: ModdleElement): void => {
    for (const element of barn(eier, 'flowElements')) {
      funnet.push({ prosess, element });
      besoek(prosess, element);
    }
  };
  for (const prosess of barn(rot, 'rootElements')) if (prosess.$type === 'bpmn:Process') besoek(prosess, prosess);
  return funnet;
}

/**
 * Adds the `creating` and `canceling` listeners to every Camunda user task. Authors neither write nor see them, so a task that an
 * owner adds is in the task list like the others. The output depends on the input alone: deploying the same file again is the
 * same bytes and makes no new version.
 */
export async function leggTilLyttere(xml: string, navn: string): Promise<string> {
  const { moddle, rot } = await lesBpmn(xml, navn);
  for (const { element } of flytelementer(rot)) {
    if (element.$type !== 'bpmn:UserTask') continue;
    const utvidelser = barn(element, 'extensionElements')[0] ?? moddle.create('bpmn:ExtensionElements', { values: [] });
    const eksisterende = barn(utvidelser, 'values').find((v) => v.$type === 'zeebe:TaskListeners');
    const lyttere = eksisterende ?? moddle.create('zeebe:TaskListeners', { listeners: [] });
    const liste = barn(lyttere, 'listeners');
    for (const [eventType, type] of LYTTERE) {
      if (liste.some((l) => l['eventType'] === eventType && l['type'] === type)) continue;
      const lytter = moddle.create('zeebe:TaskListener', { eventType, type, retries: '5' });
      lytter.$parent = lyttere;
      liste.push(lytter);
    }
    lyttere['listeners'] = liste;
    lyttere.$parent = utvidelser;
    if (!eksisterende) utvidelser['values'] = [...barn(utvidelser, 'values'), lyttere];
    utvidelser.$parent = element;
    element['extensionElements'] = utvidelser;
  }
  return (await moddle.toXML(rot, { format: true })).xml;
}

/** The diagrams and forms of a folder, sorted by name so that every deployment is the same bundle. */
export async function lesMappe(mappe: string): Promise<Ressurs[]> {
  const navn = (await readdir(mappe)).filter((n) => n.endsWith('.bpmn') || n.endsWith('.form')).sort();
  return Promise.all(navn.map(async (n) => ({ navn: n, innhold: await readFile(join(mappe, n), 'utf8') })));
}

/**
 * Deploys diagrams and forms as one bundle (bindings of type `deployment` need that), with our listeners added. Answers the
 * versions the cluster now has of them, new or old. Throws what the client throws when the cluster refuses.
 */
export async function rullUt(klient: CamundaClient, ressurser: Ressurs[]): Promise<Utrulling> {
  const filer = await Promise.all(
    ressurser.map(async ({ navn, innhold }) => {
      const bytes = navn.endsWith('.bpmn') ? await leggTilLyttere(innhold, navn) : innhold;
      return new File([bytes], navn, { type: navn.endsWith('.bpmn') ? 'application/xml' : 'application/json' });
    }),
  );
  const svar = await medTidsgrense(klient.createDeployment({ resources: filer }), 30_000);
  const kilde = new Map(ressurser.map((r) => [r.navn, r.innhold]));
  const utrulling: Utrulling = { prosesser: [], skjemaer: [] };
  for (const { processDefinition: p, form: s } of svar.deployments) {
    if (p) {
      utrulling.prosesser.push({
        prosessId: p.processDefinitionId,
        versjon: p.processDefinitionVersion,
        definisjonsnoekkel: p.processDefinitionKey,
        xml: kilde.get(p.resourceName) ?? '',
      });
    }
    if (s?.formId && s.formKey && s.version !== undefined && s.resourceName) {
      utrulling.skjemaer.push({
        skjemaId: s.formId,
        versjon: s.version,
        skjemanoekkel: s.formKey,
        innhold: kilde.get(s.resourceName) ?? '',
      });
    }
  }
  return utrulling;
}

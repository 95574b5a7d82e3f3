/** Leser diagrammene i bpmn/ slik testene trenger dem. */
import { BpmnModdle } from 'bpmn-moddle';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const BPMN_MAPPE = join(import.meta.dirname, '..', '..', 'bpmn');

/** Et moddle-element, lest uten å tro for mye om det. */
export interface Node {
  readonly $type: string;
  readonly [navn: string]: unknown;
}
export interface Diagram {
  readonly id: string;
  readonly xml: string;
  readonly prosess: Node;
  /** Alle flytnoder, også i underprosesser. */
  readonly noder: readonly Node[];
  readonly sekvensflyter: readonly Node[];
  readonly elementer: readonly string[];
  readonly flyter: readonly string[];
}

export function erNode(verdi: unknown): verdi is Node {
  return typeof verdi === 'object' && verdi !== null && '$type' in verdi;
}
export function noder(verdi: unknown): Node[] {
  return Array.isArray(verdi) ? verdi.filter(erNode) : [];
}
export function tekst(node: Node | undefined, navn: string): string {
  const verdi = node?.[navn];
  return typeof verdi === 'string' ? verdi : '';
}
/** Utvidelseselementet av denne typen, f.eks. zeebe:FormDefinition. */
export function utvidelse(node: Node, type: string): Node | undefined {
  const holder = node['extensionElements'];
  return erNode(holder) ? noder(holder['values']).find((en) => en.$type === type) : undefined;
}

export async function lesDiagrammer(): Promise<Diagram[]> {
  const zeebe: unknown = createRequire(import.meta.url)('zeebe-bpmn-moddle/resources/zeebe.json');
  const filer = readdirSync(BPMN_MAPPE).filter((navn) => navn.endsWith('.bpmn'));
  return Promise.all(
    filer.map(async (fil): Promise<Diagram> => {
      const xml = readFileSync(join(BPMN_MAPPE, fil), 'utf8');
      const { rootElement } = await new BpmnModdle({ zeebe }).fromXML(xml);
      const prosess = erNode(rootElement)
        ? noder(rootElement['rootElements']).find((en) => en.$type === 'bpmn:Process')
        : undefined;
      if (!prosess) throw new Error(`${fil} har ingen prosess`);
      const alle = under(prosess);
      const sekvensflyter = alle.filter((en) => en.$type === 'bpmn:SequenceFlow');
      const flytnoder = alle.filter((en) => en.$type !== 'bpmn:SequenceFlow');
      return {
        id: tekst(prosess, 'id'),
        xml,
        prosess,
        noder: flytnoder,
        sekvensflyter,
        elementer: flytnoder.map((en) => tekst(en, 'id')),
        flyter: sekvensflyter.map((en) => tekst(en, 'id')),
      };
    }),
  );
}

function under(scope: Node): Node[] {
  return noder(scope['flowElements']).flatMap((en) => [en, ...under(en)]);
}

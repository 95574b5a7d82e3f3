import { rensTekst } from '../contract/tekst.ts';
import { barn, flytelementer, lesBpmn } from '../engine/deploy.ts';
import type { ModdleElement } from 'bpmn-moddle';

/** Det et diagram sier om ett av elementene sine, i rutinens egne ord. */
export interface Diagramelement {
  elementId: string;
  navn: string;
  /** BPMN-typen uten prefiks, f.eks. `UserTask`. */
  slag: string;
  fase: string;
  tekst: string;
  dokumenter: string[];
  hjemler: string[];
  /** Hvor fristen på steget kommer fra, når diagrammet sier det. */
  fristkilde: string;
}

export interface Diagram {
  prosessId: string;
  navn: string;
  elementer: Diagramelement[];
}

/** Teksten i diagrammet, satt sammen (NFC) som all annen tekst: et diagram tegnet på en Mac kan ha løse aksenter. */
function tekst(verdi: unknown): string {
  return typeof verdi === 'string' ? rensTekst(verdi) : '';
}

function egenskaper(element: ModdleElement): Map<string, string> {
  const utvidelser = barn(element, 'extensionElements')[0];
  const sett = barn(utvidelser, 'values').filter((v) => v.$type === 'zeebe:Properties');
  return new Map(sett.flatMap((s) => barn(s, 'properties')).map((e) => [tekst(e['name']), tekst(e['value'])]));
}

function liste(verdi: string | undefined): string[] {
  return (verdi ?? '')
    .split(';')
    .map((d) => d.trim())
    .filter((d) => d !== '');
}

/** Linjene uten innrykket XML-en har; tomme linjer i kantene faller bort. */
function ryddTekst(raa: string): string {
  return raa
    .split('\n')
    .map((linje) => linje.trim())
    .join('\n')
    .trim();
}

/**
 * Fristen i ord når diagrammet regner den i hele dager fra oppgaven oppstår, som i `=now() + duration("P7D")`; ellers tom.
 * At en frist på en fridag flyttes, står i `fristPaaVirkedag`.
 */
function fristIOrd(element: ModdleElement): string {
  const plan = barn(barn(element, 'extensionElements')[0], 'values').find((v) => v.$type === 'zeebe:TaskSchedule');
  const dager = /^=\s*now\(\)\s*\+\s*duration\("P(\d+)D"\)\s*$/.exec(tekst(plan?.['dueDate']))?.[1];
  if (dager === undefined) return '';
  return `Rutinen gir ${dager} ${dager === '1' ? 'dag' : 'dager'} fra oppgaven kom; en frist på en fridag flyttes til neste virkedag.`;
}

function lesElement(element: ModdleElement): Diagramelement {
  const e = egenskaper(element);
  const dokumentasjon = barn(element, 'documentation').map((d) => tekst(d['text']));
  return {
    elementId: element.id ?? '',
    navn: tekst(element.name),
    slag: element.$type.replace('bpmn:', ''),
    fase: e.get('fase') ?? '',
    tekst: ryddTekst(dokumentasjon.join('\n\n')),
    dokumenter: liste(e.get('dokumenter')),
    hjemler: liste(e.get('hjemler')),
    fristkilde: e.get('fristkilde') ?? fristIOrd(element),
  };
}

/** Leser rutinene i en diagramfil: navn, og hvert element med tekst, dokumenter og hjemler. */
export async function lesDiagram(xml: string, filnavn = 'diagram'): Promise<Diagram[]> {
  const { rot } = await lesBpmn(xml, filnavn);
  const elementer = flytelementer(rot);
  return barn(rot, 'rootElements')
    .filter((p) => p.$type === 'bpmn:Process')
    .map((prosess) => ({
      prosessId: prosess.id ?? '',
      navn: tekst(prosess.name) || (prosess.id ?? ''),
      elementer: elementer.filter((e) => e.prosess === prosess).map((e) => lesElement(e.element)),
    }));
}

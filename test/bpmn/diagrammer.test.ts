import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseExpression } from 'feelin';
import {
  FEIL_HAR_PLAN,
  JOBBTYPER,
  JOBBVARIABLER,
  MELDINGER,
  RUTINER,
  SLUTTGRUNNER,
  startvariabler,
  STEGVARIABLER,
  STEG_IDER,
} from '../../src/contract/prosess.ts';
import { BPMN_MAPPE, erNode, lesDiagrammer, noder, tekst, utvidelse, type Diagram, type Node } from './diagrammer.ts';

const OPPGAVE = 'bpmn:UserTask';
const ROT = join(import.meta.dirname, '..', '..');

describe('Diagrammene', () => {
  let diagrammer: Diagram[];
  const alle = (): Node[] => diagrammer.flatMap((en) => en.noder);
  const egenskap = (node: Node, navn: string): string => {
    const holder = utvidelse(node, 'zeebe:Properties');
    return tekst(
      noder(holder?.['properties']).find((en) => tekst(en, 'name') === navn),
      'value',
    );
  };
  const dokumentasjon = (node: Node): string => tekst(noder(node['documentation'])[0], 'text');

  before(async () => {
    diagrammer = await lesDiagrammer();
  });

  it('er de to rutinene, med samme id som filnavn', () => {
    expect(diagrammer.map((en) => en.id).sort()).to.deep.equal(Object.values(RUTINER).sort());
    for (const diagram of diagrammer) expect(existsSync(join(BPMN_MAPPE, `${diagram.id}.bpmn`))).to.equal(true);
  });

  it('består reglene for Camunda 8.8', function () {
    this.timeout(60_000);
    const filer = readdirSync(BPMN_MAPPE).filter((navn) => navn.endsWith('.bpmn'));
    const svar = spawnSync(
      process.execPath,
      [join(ROT, 'node_modules', 'bpmnlint', 'bin', 'bpmnlint.js'), ...filer.map((navn) => `bpmn/${navn}`)],
      { cwd: ROT, encoding: 'utf8' },
    );
    expect(svar.stdout + svar.stderr)
      .to.not.contain('error')
      .and.not.contain('warning');
    expect(svar.status).to.equal(0);
  });

  it('hver brukeroppgave i kontrakten står i et diagram, og omvendt', () => {
    const ider = alle()
      .filter((en) => en.$type === OPPGAVE)
      .map((en) => tekst(en, 'id'));
    expect(ider.sort()).to.deep.equal([...STEG_IDER].sort());
  });

  it('hver brukeroppgave har skjema med samme id i samme bunt, frist, mottaker, prioritet, fase og rutinetekst', () => {
    for (const oppgave of alle().filter((en) => en.$type === OPPGAVE)) {
      const id = tekst(oppgave, 'id');
      const skjema = utvidelse(oppgave, 'zeebe:FormDefinition');
      expect(utvidelse(oppgave, 'zeebe:UserTask'), id).to.not.equal(undefined);
      expect(tekst(skjema, 'formId'), id).to.equal(id);
      expect(tekst(skjema, 'bindingType'), id).to.equal('deployment');
      expect(existsSync(join(BPMN_MAPPE, `${id}.form`)), `${id}.form`).to.equal(true);
      expect(tekst(utvidelse(oppgave, 'zeebe:TaskSchedule'), 'dueDate'), id).to.match(
        /^=now\(\) \+ duration\("P\d+D"\)$/,
      );
      expect(utvidelse(oppgave, 'zeebe:AssignmentDefinition'), id).to.not.equal(undefined);
      expect(tekst(utvidelse(oppgave, 'zeebe:PriorityDefinition'), 'priority'), id).to.match(/^\d+$/);
      expect(egenskap(oppgave, 'fase'), id).to.not.equal('');
      expect(dokumentasjon(oppgave).length, `rutineteksten til ${id}`).to.be.greaterThan(150);
    }
  });

  it('hver jobb har en type som en arbeider tar, og alle typene er i bruk', () => {
    const typer = alle().flatMap((en) => {
      const type = tekst(utvidelse(en, 'zeebe:TaskDefinition'), 'type');
      if (en.$type === 'bpmn:ServiceTask') expect(type, tekst(en, 'id')).to.not.equal('');
      return type === '' ? [] : [type];
    });
    expect([...new Set(typer)].sort()).to.deep.equal([...JOBBTYPER].sort());
  });

  it('hver måte en sak kan ende på, avsluttes av en jobb med sin grunn', () => {
    const grunner = alle()
      .filter((en) => tekst(utvidelse(en, 'zeebe:TaskDefinition'), 'type') === 'avslutt-sak')
      .map((en) => tekst(noder(utvidelse(en, 'zeebe:TaskHeaders')?.['values'])[0], 'value'));
    expect(grunner.sort()).to.deep.equal([...SLUTTGRUNNER].sort());
  });

  it('meldinger og feil heter som i kontrakten', () => {
    const kjente: string[] = Object.values(MELDINGER);
    for (const diagram of diagrammer) {
      for (const [, navn] of diagram.xml.matchAll(/<bpmn:message id="[^"]+" name="([^"]+)"/g))
        expect(kjente).to.include(navn);
      for (const [, kode] of diagram.xml.matchAll(/errorCode="([^"]+)"/g)) expect(kode).to.equal(FEIL_HAR_PLAN);
    }
  });

  it('hvert uttrykk er gyldig FEEL og bruker bare variabler som finnes', () => {
    const kjente = new Set<string>([
      ...Object.keys(startvariabler.shape),
      ...Object.values(STEGVARIABLER).flatMap((en) => Object.keys(en.shape)),
      ...Object.values(JOBBVARIABLER).flatMap((en) => Object.keys(en.shape)),
    ]);
    let antall = 0;
    for (const diagram of diagrammer) {
      for (const treff of diagram.xml.matchAll(/="=([^"]*)"|='=([^']*)'|>=([^<]+)</g)) {
        const uttrykk = (treff[1] ?? treff[2] ?? treff[3] ?? '').replaceAll('&quot;', '"');
        antall += 1;
        expect(feilIFeel(uttrykk), uttrykk).to.equal(false);
        const utenTekst = uttrykk.replace(/"[^"]*"/g, '""');
        for (const [navn] of utenTekst.matchAll(/[a-zA-Z]\w*/g)) {
          if (['not', 'and', 'or', 'in', 'now', 'duration', 'true', 'false', 'null'].includes(navn)) continue;
          expect(kjente.has(navn), `${navn} i ${uttrykk}`).to.equal(true);
        }
      }
    }
    expect(antall).to.be.greaterThan(60);
  });

  it('ved hver eksklusiv port med flere veier ut har hver vei sin betingelse og sitt navn', () => {
    for (const diagram of diagrammer) {
      for (const port of diagram.noder.filter((en) => en.$type === 'bpmn:ExclusiveGateway')) {
        const veier = diagram.sekvensflyter.filter((en) => en['sourceRef'] === port);
        if (veier.length < 2) continue;
        expect(tekst(port, 'name'), tekst(port, 'id')).to.match(/\?$/);
        for (const vei of veier) {
          expect(erNode(vei['conditionExpression']), tekst(vei, 'id')).to.equal(true);
          expect(tekst(vei, 'name'), tekst(vei, 'id')).to.not.equal('');
        }
      }
    }
  });

  it('hvert element er tegnet, og ingen linjer går på skrå', () => {
    for (const diagram of diagrammer) {
      for (const id of [...diagram.elementer, ...diagram.flyter]) {
        expect(diagram.xml, id).to.contain(`bpmnElement="${id}"`);
      }
      for (const [, linje] of diagram.xml.matchAll(/<bpmndi:BPMNEdge[^>]*>([\s\S]*?)<\/bpmndi:BPMNEdge>/g)) {
        const punkter = [...(linje ?? '').matchAll(/waypoint x="(\d+)" y="(\d+)"/g)];
        punkter.slice(1).forEach((punkt, nr) => {
          const forrige = punkter[nr];
          expect(punkt[1] === forrige?.[1] || punkt[2] === forrige?.[2], punkt[0]).to.equal(true);
        });
      }
    }
  });
});

/** Om FEEL-treet har et feilmerke. */
function feilIFeel(uttrykk: string): boolean {
  let feil = false;
  parseExpression(uttrykk, {}, undefined).iterate({
    enter: (node) => {
      if (node.type.isError) feil = true;
    },
  });
  return feil;
}

import { expect } from 'chai';
import { barn, flytelementer, leggTilLyttere, lesBpmn } from '../../src/engine/deploy.ts';
import { TESTRUTINE } from '../oppgave/rigg.ts';

async function lyttere(xml: string): Promise<Record<string, string[]>> {
  const { rot } = await lesBpmn(xml);
  return Object.fromEntries(
    flytelementer(rot)
      .filter(({ element }) => element.$type === 'bpmn:UserTask')
      .map(({ element }) => {
        const verdier = barn(barn(element, 'extensionElements')[0], 'values');
        const alle = verdier.filter((v) => v.$type === 'zeebe:TaskListeners').flatMap((l) => barn(l, 'listeners'));
        return [element.id ?? '', alle.map((l) => `${String(l['eventType'])}:${String(l['type'])}`)];
      }),
  );
}

describe('Deployment step', () => {
  it('adds both listeners to every user task, and to nothing else', async () => {
    const ventet = ['creating:oppgave-opprettes', 'canceling:oppgave-avbrytes'];
    expect(await lyttere(await leggTilLyttere(TESTRUTINE, 'a.bpmn'))).to.deep.equal({
      'steg-en': ventet,
      'steg-to': ventet,
    });
  });

  it('adds them in subprocesses and to tasks without any extension', async () => {
    const xml = `<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">
      <bpmn:process id="p" isExecutable="true"><bpmn:subProcess id="s"><bpmn:userTask id="inne" /></bpmn:subProcess></bpmn:process>
    </bpmn:definitions>`;
    expect((await lyttere(await leggTilLyttere(xml, 'b.bpmn')))['inne']).to.have.length(2);
  });

  it('gives the same bytes for the same file, so that nothing becomes a new version by itself', async () => {
    const en = await leggTilLyttere(TESTRUTINE, 'a.bpmn');
    expect(await leggTilLyttere(TESTRUTINE, 'a.bpmn')).to.equal(en);
    expect(await lyttere(await leggTilLyttere(en, 'a.bpmn'))).to.deep.equal(await lyttere(en));
  });

  it('names the file that is not BPMN', async () => {
    const feil = await leggTilLyttere('<html>', 'rutine.bpmn').then(
      () => null,
      (e: unknown) => e,
    );
    expect(String(feil)).to.contain('rutine.bpmn');
  });
});

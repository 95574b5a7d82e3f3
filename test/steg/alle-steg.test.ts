import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { STEG_IDER, type StegId } from '../../src/contract/prosess.ts';
import { STEG } from '../../src/contract/steg/index.ts';
import { lesDiagram } from '../../src/rutine/index.ts';
import { lagSteg } from '../../src/steg/index.ts';
import { startFagdel, tilVedtak, type Fagdel } from '../sak/oppsett.ts';

const BPMN = path.resolve(import.meta.dirname, '..', '..', 'bpmn');

async function brukeroppgaver(): Promise<string[]> {
  const filer = readdirSync(BPMN).filter((f) => f.endsWith('.bpmn'));
  const diagrammer = await Promise.all(filer.map((f) => lesDiagram(readFileSync(path.join(BPMN, f), 'utf8'), f)));
  return diagrammer.flat().flatMap((d) => d.elementer.filter((e) => e.slag === 'UserTask').map((e) => e.elementId));
}

describe('hver brukeroppgave har et brukstilfelle', () => {
  it('alle brukeroppgaver i diagrammene har steg, skjema og form-fil, og ingenting er til overs', async () => {
    const iDiagrammene = (await brukeroppgaver()).toSorted();
    expect(iDiagrammene).to.have.length.greaterThan(0);
    expect(Object.keys(lagSteg()).toSorted()).to.deep.equal(iDiagrammene);
    expect(Object.keys(STEG).toSorted()).to.deep.equal(iDiagrammene);
    const former = readdirSync(BPMN)
      .filter((f) => f.endsWith('.form'))
      .map((f) => f.slice(0, -'.form'.length));
    expect(former.toSorted()).to.deep.equal(iDiagrammene);
  });

  it('steget heter det samme som nøkkelen det står under', () => {
    for (const [id, steg] of Object.entries(lagSteg())) expect(steg.id).to.equal(id);
  });
});

describe('stegene leverer det skjemaene leser', () => {
  let f: Fagdel;
  let sakId: string;
  before(async () => {
    f = await startFagdel();
    sakId = await f.anmod(await f.nyPerson());
    await tilVedtak(f, sakId);
    await f.gjoer(sakId, 'fatt-vedtak');
  });
  after(() => f.stopp());

  const medOppdrag: StegId[] = ['utpek-ansatt', 'avklar-videre', 'bekreft-oppdrag', 'avklar-svar', 'avklar-opplaering'];

  for (const id of STEG_IDER.filter((s) => !medOppdrag.includes(s))) {
    it(`${id} gir nøyaktig kontekstnøklene, og ellers bare felter i skjemaet`, () => kontroller(id));
  }
  for (const id of medOppdrag) {
    it(`${id} gir nøyaktig kontekstnøklene når noen er spurt`, async () => {
      const oppdrag = await f.sql(`select 1 from koordinatoroppdrag where sak_id = $1`, [sakId]);
      if (oppdrag.length === 0) {
        await f.gjoer(sakId, 'godkjenn-vedtak');
        await f.gjoer(sakId, 'vurder-valg');
        await f.gjoer(sakId, 'utpek-ansatt');
      }
      await kontroller(id);
    });
  }

  async function kontroller(id: StegId): Promise<void> {
    const kontekst = await f.kontekst(sakId, id);
    const felter = Object.keys(STEG[id].skjema.shape);
    expect(Object.keys(kontekst), 'det skjemaet leser').to.include.members([...STEG[id].kontekstnoekler]);
    const ukjente = Object.keys(kontekst).filter((n) => !STEG[id].kontekstnoekler.includes(n) && !felter.includes(n));
    expect(ukjente, 'verken kontekst eller felt').to.deep.equal([]);
    const hva = await f.iSteg(sakId, id, (k) => lagSteg()[id].hvaSkjer(k));
    const utfall = Object.keys(STEG[id].knapper);
    expect(Object.keys(hva), 'hva som skjer per utfall').to.include.members(['', ...utfall]);
    for (const tekst of Object.values(hva)) expect(tekst).to.match(/^[A-ZÆØÅ].*\.$/s);
  }
});

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { skrivUtboks } from '../../src/outbox/index.ts';
import { hentProsess } from '../../src/rutine/index.ts';
import { fullfoerOppgave, taOppgave, proevIgjen } from '../../src/oppgave/index.ts';
import { hentDetalj } from '../../src/oppgave/detalj.ts';
import { hentListe } from '../../src/oppgave/liste.ts';
import { oppgaveSoek } from '../../src/contract/api.ts';
import { lagRigg, rullUtTestrutine, ventPaa, ventPaaOppgave, type Rigg } from './rigg.ts';

describe('Oppgaver gjennom motoren', () => {
  let rigg: Rigg;
  before(async () => {
    rigg = await lagRigg({ env: { CAMUNDA_REST_ADDRESS: process.env['LAB_ADDRESS'] ?? '' } });
    await rullUtTestrutine(rigg);
    rigg.start();
  });
  after(() => rigg.stopp());

  it('går fra anmodning til ferdig sak, og neste oppgave er der når svaret kommer', async () => {
    const ingrid = await rigg.bruker('ingrid-bakke');
    const sakId = await rigg.nySak();
    const forste = await ventPaaOppgave(rigg, sakId, 'steg-en');
    await iTransaksjon(rigg.ds, (tx) => taOppgave(tx, rigg.klokke, ingrid, forste.id));
    const detalj = await hentDetalj(rigg.avh, ingrid, forste.id);
    expect(detalj.oppgave.tittel).to.equal('Gjør det første');
    expect(detalj.rutine.tekst).to.equal('Gjør dette først.\n- og dette');
    expect(detalj.rutine.hjemler).to.deep.equal(['pbrl § 2-5', 'hol § 7-1']);
    expect(detalj.skjema).to.have.property('components');
    const start = Date.now();
    const svar = await fullfoerOppgave(rigg.avh, ingrid, forste.id, {
      innsendingId: randomUUID(),
      data: { valg: 'nei', begrunnelse: 'skjult og skal bort' },
    });
    console.log('ms', Date.now() - start, svar);
    expect(svar.motorHarSvart).to.equal(true);
    expect(svar.nesteOppgaveId).to.be.a('string');
    expect(rigg.utfoert.at(-1)).to.deep.equal({ stegId: 'steg-en', data: { valg: 'nei' } });
    const neste = svar.nesteOppgaveId ?? '';
    await iTransaksjon(rigg.ds, (tx) => taOppgave(tx, rigg.klokke, ingrid, neste));
    const slutt = await fullfoerOppgave(rigg.avh, ingrid, neste, { innsendingId: randomUUID(), data: {} });
    expect(slutt.motorHarSvart).to.equal(true);
    const prosess = await hentProsess({ ds: rigg.ds, klient: rigg.klient, klokke: rigg.klokke }, sakId);
    console.log(JSON.stringify(prosess.diagrammer[0], (k, v) => (k === 'xml' ? '' : v)));
  });
});

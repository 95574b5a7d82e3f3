import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { heter, Scene } from './nettleser.ts';
import { felt } from './skjema.ts';

/** Teller bytene som går over nettet til siden (hoder og komprimert innhold), fra nå av. */
async function tellBytes(side: Page): Promise<() => number> {
  const cdp = await side.context().newCDPSession(side);
  let sum = 0;
  cdp.on('Network.loadingFinished', (e) => (sum += e.encodedDataLength));
  await cdp.send('Network.enable');
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
  return () => sum;
}

describe('Det nettleseren må hente', function () {
  this.timeout(120_000);
  const scene = new Scene();
  before(() => scene.start());
  after(() => scene.stopp());
  afterEach(function () {
    return scene.ryddEtterTest(this.currentTest);
  });

  it('er høyst 250 kB til oppgavelista og 470 kB til en oppgave med skjema, uten noe i mellomlageret', async () => {
    const { id: personId } = await scene.saker.nyPerson('Byte Bytesen');
    const sakId = await scene.saker.anmod(personId);
    const { id } = await scene.saker.finnOppgave(sakId, 'avklar-instans');
    await (await scene.saker.som('ola-hansen')).send('POST', `/api/oppgaver/${id}/ta`);
    const maal = async (sti: string, vent: (side: Page) => Promise<unknown>): Promise<number> => {
      const side = await scene.som('ola-hansen');
      const talt = await tellBytes(side);
      await side.goto(sti);
      await vent(side);
      await side.waitForTimeout(1_000); // skrifter og det som lastes på forhånd
      return talt();
    };
    const lista = await maal('/oppgaver', async (side) => {
      await heter(side, /^Oppgaver/);
      await side.getByRole('link', { name: 'Avklar hvem som avgjør' }).first().waitFor();
    });
    const oppgaven = await maal(`/oppgaver/${id}`, (side) =>
      felt(side, 'Hvorfor skal denne enheten avgjøre?').locator('textarea').waitFor(),
    );
    console.log({ lista, oppgaven });
    expect(lista, 'oppgavelista').to.be.below(250_000);
    expect(oppgaven, 'oppgaven').to.be.below(470_000);
  });
});

/// <reference lib="dom" />
import { expect } from 'chai';
import type { Page, Route } from 'playwright-core';
import { ventTil } from '../hjelp/sakskjoering.ts';
import { bilde, heter, Scene, ser } from './nettleser.ts';

/** Navnene i lista, i den rekkefølgen de står. */
const navnene = async (side: Page): Promise<string[]> =>
  (await side.locator('.rad__hvem').allTextContents()).map((t) => t.replace(/ · .*/, ''));

describe('Oppgavelista i nettleseren', function () {
  this.timeout(60_000);
  const scene = new Scene();
  before(async () => {
    await scene.start({ DEMO_DATA: 'ja' });
    await scene.ventPaaDemo();
  });
  after(() => scene.stopp());
  afterEach(function () {
    return scene.ryddEtterTest(this.currentTest);
  });

  const rad = (side: Page, navn: string) => side.getByRole('listitem').filter({ hasText: navn });

  it('sier at innloggingen er en demo, og logger inn med et trykk på kortet', async () => {
    const side = await scene.vindu();
    await side.goto('/');
    await ser(side, /Dette er demo-innlogging/);
    await heter(side, 'Logg inn');
    await bilde(side, 'logg-inn');
    const kort = side.getByRole('button', { name: /Ola Hansen/ });
    expect(await kort.textContent())
      .to.contain('Saksbehandler')
      .and.to.contain('HSK Hillevåg')
      .and.to.contain('Prøv først');
    await kort.click();
    await heter(side, 'Oppgaver: mine');
    await ser(side, /Demo i Sandvik kommune/);
    await bilde(side, 'oppgaver-mine');
  });

  it('går til siden lenken gjaldt etter innlogging, og tilbake til innloggingen etter Logg ut', async () => {
    const side = await scene.vindu();
    await side.goto('/oppgaver?fane=ledige&sok=Frida');
    await side.getByRole('button', { name: /Ola Hansen/ }).click();
    await rad(side, 'Frida Nes').waitFor();
    expect(new URL(side.url()).search).to.equal('?fane=ledige&sok=Frida');
    await side.getByRole('button', { name: 'Logg ut' }).click();
    await heter(side, 'Logg inn');
    await side.goto('/oppgaver');
    await heter(side, 'Logg inn');
  });

  it('deler i Mine og Ledige med antall, og grupperer etter frist', async () => {
    const side = await scene.som('ola-hansen');
    await side.goto('/oppgaver');
    await rad(side, 'Minh Nguyen').waitFor();
    expect(await navnene(side)).to.deep.equal(['Minh Nguyen', 'Ida Solberg']);
    expect(await side.getByRole('heading', { level: 2 }).first().textContent()).to.equal('Forfalt');
    await ser(rad(side, 'Minh Nguyen'), '2 dager over');
    const faner = side.getByRole('navigation', { name: 'Hvilke oppgaver' });
    await faner.getByRole('link', { name: 'Ledige 4' }).click();
    await rad(side, 'Berit Haugland').waitFor();
    expect(await navnene(side)).to.have.members(['Berit Haugland', 'Aslak Eide', 'Frida Nes', 'Ivar Moen']);
    await bilde(side, 'oppgaver-ledige');
  });

  it('viser bare forfalte, husker valget i adressen, og gjenoppretter det ved ny lasting og med Tilbake', async () => {
    const side = await scene.som('ola-hansen');
    await side.goto('/oppgaver');
    await rad(side, 'Ida Solberg').waitFor();
    await side.getByRole('checkbox', { name: 'Bare forfalte (1)' }).click();
    await side.waitForURL(/forfalt=ja/);
    await rad(side, 'Ida Solberg').waitFor({ state: 'detached' });
    expect(await navnene(side)).to.deep.equal(['Minh Nguyen']);
    await side.reload();
    await rad(side, 'Minh Nguyen').waitFor();
    expect(await navnene(side)).to.deep.equal(['Minh Nguyen']);
    expect(await side.getByRole('checkbox', { name: /Bare forfalte/ }).isChecked()).to.equal(true);
    await side.goBack();
    await rad(side, 'Ida Solberg').waitFor();
    expect(await side.getByRole('checkbox', { name: /Bare forfalte/ }).isChecked()).to.equal(false);
  });

  it('søker i navn, saksnummer og steg, og sier fra når filteret ikke gir noe, med en vei tilbake', async () => {
    const side = await scene.som('ola-hansen');
    await side.goto('/oppgaver?fane=ledige');
    await rad(side, 'Frida Nes').waitFor();
    const felt = side.getByRole('searchbox', { name: 'Finn i lista' });
    await felt.fill('haugland');
    await rad(side, 'Frida Nes').waitFor({ state: 'detached' });
    expect(await navnene(side)).to.deep.equal(['Berit Haugland']);
    await side.waitForURL(/sok=haugland/);
    await felt.fill('Vurder valg');
    await rad(side, 'Frida Nes').waitFor();
    expect(await navnene(side)).to.deep.equal(['Frida Nes']);
    await felt.fill('finnes ikke');
    await ser(side, 'Ingen oppgaver passer med filtrene');
    await bilde(side, 'oppgaver-ingen-treff');
    await side.getByRole('button', { name: 'Nullstill filtrene' }).click();
    await rad(side, 'Berit Haugland').waitFor();
    expect(await felt.inputValue()).to.equal('');
  });

  it('sorterer og filtrerer på steg, med valgene i adressen', async () => {
    const side = await scene.som('ola-hansen');
    await side.goto('/oppgaver?fane=ledige');
    await rad(side, 'Frida Nes').waitFor();
    await side.getByLabel('Sorter').selectOption('navn:stigende');
    await side.waitForURL(/sorter=navn/);
    const iRekkefoelge = ['Aslak Eide', 'Berit Haugland', 'Frida Nes', 'Ivar Moen'];
    await ventTil('navnene i rekkefølge', async () =>
      String(await navnene(side)) === String(iRekkefoelge) ? true : null,
    );
    await side.getByLabel('Steg').selectOption({ label: 'Registrer anmodning' });
    await rad(side, 'Frida Nes').waitFor({ state: 'detached' });
    expect(await navnene(side)).to.deep.equal(['Aslak Eide']);
    expect(new URL(side.url()).searchParams.get('steg')).to.equal('registrer-anmodning');
  });

  it('styres med tastaturet: piler flytter, Enter åpner, tilbake lander på samme rad, t tar og l legger tilbake', async () => {
    const side = await scene.som('ola-hansen');
    await side.goto('/oppgaver?fane=ledige&sorter=navn');
    await rad(side, 'Aslak Eide').waitFor();
    const fokus = () => side.evaluate(() => document.activeElement?.closest('.rad')?.textContent ?? '');
    await side.keyboard.press('ArrowDown');
    expect(await fokus()).to.contain('Aslak Eide');
    await side.keyboard.press('ArrowDown');
    expect(await fokus()).to.contain('Berit Haugland');
    await side.keyboard.press('ArrowUp');
    await side.keyboard.press('ArrowDown');
    await side.keyboard.press('Enter');
    await heter(side, /^Avklar hvem som avgjør – sak 2026/);
    await side.goBack();
    await rad(side, 'Berit Haugland').waitFor();
    await side.waitForFunction(() => document.activeElement?.closest('.rad')?.textContent?.includes('Berit Haugland'));
    await side.keyboard.press('t');
    await ser(rad(side, 'Berit Haugland'), 'Du har den nå');
    await side.goto('/oppgaver');
    await rad(side, 'Berit Haugland').waitFor();
    const lenke = rad(side, 'Berit Haugland').getByRole('link');
    await lenke.focus();
    await side.keyboard.press('l');
    await ser(rad(side, 'Berit Haugland'), 'Ledig igjen');
  });

  it('viser tastene med ?, og søker over personer, saker og oppgaver med /', async () => {
    const side = await scene.som('ola-hansen');
    await side.goto('/oppgaver');
    await rad(side, 'Ida Solberg').waitFor();
    await side.keyboard.press('?');
    await side.getByRole('dialog').waitFor();
    await bilde(side, 'tastaturhjelp');
    await side.keyboard.press('Escape');
    await side.getByRole('dialog').waitFor({ state: 'hidden' });
    await side.keyboard.press('/');
    await side.keyboard.type('dagny');
    await side
      .getByRole('option', { name: /Dagny Lund/ })
      .first()
      .waitFor();
    await bilde(side, 'soek');
  });

  it('lar én få oppgaven når to tar den samtidig, og sier til den andre hvem som har den', async () => {
    const [ola, ingrid] = [await scene.som('ola-hansen'), await scene.som('ingrid-bakke')];
    const ventende: Route[] = [];
    let slipp: () => void = () => undefined;
    const beggeHarTrykket = new Promise<void>((ok) => (slipp = ok));
    for (const side of [ola, ingrid]) {
      await side.route('**/api/oppgaver/*/ta', (rute) => {
        ventende.push(rute);
        if (ventende.length === 2) slipp();
      });
      await side.goto('/oppgaver?fane=ledige&sok=Aslak');
    }
    await Promise.all([ola, ingrid].map((s) => rad(s, 'Aslak Eide').getByRole('button', { name: /^Ta/ }).click()));
    await beggeHarTrykket;
    await Promise.all(ventende.map((r) => r.continue()));
    const fikk = await Promise.race([
      ser(rad(ola, 'Aslak Eide'), 'Du har den nå').then(() => ({ vant: 'Ola Hansen', taper: ingrid })),
      ser(rad(ingrid, 'Aslak Eide'), 'Du har den nå').then(() => ({ vant: 'Ingrid Bakke', taper: ola })),
    ]);
    await ser(fikk.taper, `${fikk.vant} tok oppgaven nå nettopp.`);
    await ser(rad(fikk.taper, 'Aslak Eide'), `Tatt av ${fikk.vant}`);
    await bilde(fikk.taper, 'to-tok-samtidig');
  });

  it('falmer raden en annen tok, med navnet, uten ny lasting', async () => {
    const ola = await scene.som('ola-hansen');
    await ola.goto('/oppgaver?fane=ledige&sok=Frida');
    await rad(ola, 'Frida Nes').waitFor();
    await ola.evaluate(() => ((globalThis as unknown as { merke: boolean }).merke = true));
    const ingrid = await scene.saker.som('ingrid-bakke');
    const { kropp } = await ingrid.hent<{ rader: { id: string }[] }>('/api/oppgaver?fane=ledige&sok=Frida');
    const id = kropp.rader[0]?.id ?? '';
    expect((await ingrid.send('POST', `/api/oppgaver/${id}/ta`)).status).to.equal(200);
    await ser(rad(ola, 'Frida Nes'), 'Tatt av Ingrid Bakke');
    expect(await rad(ola, 'Frida Nes').locator('.rad--falmet').count()).to.equal(1);
    expect(await rad(ola, 'Frida Nes').getByRole('button', { name: /^Ta/ }).count()).to.equal(0);
    await bilde(ola, 'rad-falmet');
    await ingrid.send('POST', `/api/oppgaver/${id}/legg-tilbake`);
    await rad(ola, 'Frida Nes').getByRole('button', { name: /^Ta/ }).waitFor();
    expect(
      await ola.evaluate(() => (globalThis as unknown as { merke?: boolean }).merke),
      'siden er ikke lastet på nytt',
    ).to.equal(true);
  });

  it('viser en ny oppgave uten ny lasting', async () => {
    const ola = await scene.som('ola-hansen');
    await ola.goto('/oppgaver?fane=ledige');
    await rad(ola, 'Ivar Moen').waitFor();
    await ola.evaluate(() => ((globalThis as unknown as { merke: boolean }).merke = true));
    const { id } = await scene.saker.nyPerson('Nils Nyankommen');
    await scene.saker.anmod(id);
    await rad(ola, 'Nils Nyankommen').waitFor();
    expect(await ola.evaluate(() => (globalThis as unknown as { merke?: boolean }).merke)).to.equal(true);
  });

  it('sier hva som ville stått der når lista er tom, og viser lederen hele enheten', async () => {
    const kari = await scene.som('kari-moe');
    await kari.goto('/oppgaver');
    await ser(kari, 'Du har ingen oppgaver');
    await kari
      .getByRole('navigation', { name: 'Hvilke oppgaver' })
      .getByRole('link', { name: /Hele enheten/ })
      .click();
    await rad(kari, 'Ida Solberg').waitFor();
    await ser(rad(kari, 'Ida Solberg'), 'Ola Hansen');
    await heter(kari, 'Oppgaver: hele enheten');
    await bilde(kari, 'hele-enheten');
  });

  it('sier at serveren er borte, lar lista stå, og henter seg inn igjen', async () => {
    const ola = await scene.som('ola-hansen');
    await ola.goto('/oppgaver');
    await rad(ola, 'Ida Solberg').waitFor();
    await ola.route('**/api/**', (r) => r.abort());
    await rad(ola, 'Ida Solberg')
      .getByRole('button', { name: /Legg tilbake/ })
      .click();
    await ser(ola, /Får ikke kontakt med serveren/);
    await rad(ola, 'Ida Solberg').waitFor();
    await ola.unroute('**/api/**');
    await ola.getByText(/Får ikke kontakt med serveren\. Arbeidet/).waitFor({ state: 'hidden' });
  });
});

/// <reference lib="dom" />
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { OppgaveListe } from '../../src/contract/api.ts';
import { bilde, forBred, heter, LAPTOP, Scene, ser, SMALEST, TELEFON, wcagBrudd } from './nettleser.ts';
import { felt } from './skjema.ts';

describe('Fordeling i nettleseren', function () {
  this.timeout(120_000);
  const scene = new Scene();
  before(() => scene.start());
  after(() => scene.stopp());
  afterEach(function () {
    return scene.ryddEtterTest(this.currentTest);
  });

  const rad = (side: Page, navn: string) => side.getByRole('listitem').filter({ hasText: navn });

  async function tatt(navn: string, hvem = 'ola-hansen'): Promise<{ id: string; sakId: string }> {
    const { saker } = scene;
    const sakId = await saker.anmod((await saker.nyPerson(navn)).id);
    const { id } = await saker.finnOppgave(sakId, 'avklar-instans');
    await (await saker.som(hvem)).send('POST', `/api/oppgaver/${id}/ta`);
    return { id, sakId };
  }
  /** Det som er galt med siden i alle bredder: WCAG, og vannrett rulling i den smaleste. */
  async function brudd(side: Page, navn: string): Promise<string[]> {
    const funn: string[] = [];
    for (const [skjerm, hvor] of [
      [LAPTOP, 'laptop'],
      [TELEFON, 'telefon'],
    ] as const) {
      await side.setViewportSize({ width: skjerm.bredde, height: skjerm.hoeyde });
      // Øverst, der ingen linje som står fast, dekker halve knapper.
      await side.evaluate(() => window.scrollTo(0, 0));
      await side.waitForTimeout(200);
      await bilde(side, `fordeling-${navn}-${hvor}`);
      funn.push(...(await wcagBrudd(side)).map((f) => `${hvor}: ${f}`));
    }
    await side.setViewportSize({ width: SMALEST.bredde, height: SMALEST.hoeyde });
    const piksler = await forBred(side);
    if (piksler > 0) funn.push(`${piksler} piksler for bred i 320`);
    await side.setViewportSize({ width: LAPTOP.bredde, height: LAPTOP.hoeyde });
    return funn;
  }

  it('lederen velger to oppgaver med tastaturet og gir dem bort; siden til den som hadde dem, sier det, og teksten står', async () => {
    const [a, b] = [await tatt('Astrid Første'), await tatt('Birger Andre')];
    const ola = await scene.som('ola-hansen');
    await ola.goto(`/oppgaver/${a.id}`);
    const begrunnelse = felt(ola, 'Hvorfor skal denne enheten avgjøre?').locator('textarea');
    await begrunnelse.fill('Skrevet før fraværet');
    await ser(ola, /Utkastet er lagret kl\./);

    const kari = await scene.som('kari-moe');
    await kari.goto('/oppgaver?fane=enheten');
    await ser(rad(kari, 'Astrid Første'), 'Ola Hansen');
    await rad(kari, 'Astrid Første').getByRole('link').focus();
    await kari.keyboard.press('x');
    await ser(kari, '1 oppgave valgt');
    await rad(kari, 'Birger Andre').getByRole('checkbox').check();
    await ser(kari, '2 oppgaver valgt');
    expect(await brudd(kari, 'liste-valgt')).to.deep.equal([]);
    await kari.getByRole('button', { name: 'Gjør ledige eller gi til noen' }).click();
    await kari
      .getByLabel('Hva skal skje?')
      .getByRole('option', { name: /Ingrid Bakke/ })
      .waitFor({ state: 'attached' });
    expect(await brudd(kari, 'liste')).to.deep.equal([]);
    await kari.getByRole('button', { name: 'Fordel', exact: true }).click();
    await ser(kari, 'Velg hva som skal skje.');
    await kari.getByLabel('Hva skal skje?').selectOption({ label: 'Ingrid Bakke – ingen åpne oppgaver' });
    await kari.getByLabel('Grunn').fill('Fravær');
    await kari.getByRole('button', { name: 'Gi til Ingrid Bakke' }).click();
    await ser(kari, '2 oppgaver er gitt til Ingrid Bakke.');
    await ser(rad(kari, 'Birger Andre'), 'Ingrid Bakke');
    await kari.locator('.bunn--fordel').waitFor({ state: 'detached' });

    await ser(ola, /Kari Moe ga oppgaven til Ingrid Bakke nå nettopp/);
    await ser(ola, /er lagret som utkast, og følger med til Ingrid Bakke/);
    expect(await begrunnelse.inputValue()).to.equal('Skrevet før fraværet');
    expect(await brudd(ola, 'mistet')).to.deep.equal([]);

    const ingrid = await scene.som('ingrid-bakke');
    await ingrid.goto(`/oppgaver/${a.id}`);
    await ser(ingrid, /Kari Moe ga oppgaven fra Ola Hansen til deg/);
    await ser(ingrid, 'Ola Hansen har skrevet utkastet som er fylt inn.');
    expect(await felt(ingrid, 'Hvorfor skal denne enheten avgjøre?').locator('textarea').inputValue()).to.equal(
      'Skrevet før fraværet',
    );
    const { kropp } = await (await scene.saker.som('ingrid-bakke')).hent<OppgaveListe>('/api/oppgaver?fane=mine');
    expect(kropp.rader.map((r) => r.id)).to.have.members([a.id, b.id]);
  });

  it('lederen gjør en oppgave ledig fra oppgavesiden, og det som ikke går, står igjen med grunnen', async () => {
    const { id } = await tatt('Cecilie Tredje');
    const kari = await scene.som('kari-moe');
    await kari.goto(`/oppgaver/${id}`);
    await heter(kari, /^Avklar hvem som avgjør/);
    await ser(kari, /Hos Ola Hansen, nå nettopp/);
    await kari.getByRole('button', { name: 'Gjør ledig eller gi til en annen' }).click();
    expect(await brudd(kari, 'oppgave-leder')).to.deep.equal([]);
    await kari.getByLabel('Hva skal skje?').selectOption({ label: 'Gjør ledig for enheten' });
    await kari.getByLabel('Grunn').fill('Fravær');
    await kari.getByRole('button', { name: 'Gjør ledig', exact: true }).click();
    await ser(kari, '1 oppgave er ledig igjen.');
    await ser(kari, /Oppgaven, som Ola Hansen hadde, ble ledig nå nettopp\. Grunn: Fravær/);
  });

  it('det som ble skrevet i det oppgaven ble ledig, lagres når den som skrev det, tar den igjen', async () => {
    const { id } = await tatt('Dag Tattigjen');
    const ola = await scene.som('ola-hansen');
    await ola.goto(`/oppgaver/${id}`);
    const begrunnelse = felt(ola, 'Hvorfor skal denne enheten avgjøre?').locator('textarea');
    await begrunnelse.waitFor();
    // Lagringen kommer fram like etter at lederen har gjort oppgaven ledig.
    await ola.route('**/utkast', async (rute) => {
      await (
        await scene.saker.som('kari-moe')
      ).send('POST', '/api/oppgaver/fordel', { ider: [id], til: null, grunn: 'Fravær' });
      await rute.continue();
    });
    await begrunnelse.fill('Rakk ikke å bli lagret');
    await ser(ola, /Kari Moe gjorde oppgaven ledig/);
    await ser(ola, /Det siste du skrev, rakk ikke å bli lagret/);
    await ola.unrouteAll();
    await ola.getByRole('button', { name: 'Ta oppgaven' }).click();
    await ser(ola, /Utkastet er lagret kl\./);
    expect(await begrunnelse.inputValue()).to.equal('Rakk ikke å bli lagret');
    expect((await scene.saker.oppgave(id, 'ola-hansen')).data['begrunnelse']).to.equal('Rakk ikke å bli lagret');
  });

  it('et vedtak som sendes tilbake, står først og merket hos den som fattet det, med kommentaren på siden', async () => {
    const { saker } = scene;
    const sakId = await saker.anmod((await saker.nyPerson('Dagny Tilbake')).id);
    await saker.tilVedtak(sakId);
    await saker.gjoer(sakId, 'fatt-vedtak');
    await saker.gjoer(sakId, 'godkjenn-vedtak', { godkjent: 'nei', kommentar: 'Skriv mer om overgangen til skolen.' });
    await saker.finnOppgave(sakId, 'fatt-vedtak', 'ingrid-bakke');
    const ingrid = await scene.som('ingrid-bakke');
    await ingrid.goto('/oppgaver');
    await rad(ingrid, 'Dagny Tilbake').waitFor();
    expect(await ingrid.getByRole('heading', { level: 2 }).first().textContent()).to.equal('Kommet tilbake');
    expect(await ingrid.getByRole('list', { name: 'Oppgaver' }).getByRole('listitem').first().textContent()).to.contain(
      'Dagny Tilbake',
    );
    await ser(rad(ingrid, 'Dagny Tilbake'), 'Sendt tilbake av Per Lunde');
    expect(await brudd(ingrid, 'retur-liste')).to.deep.equal([]);
    await rad(ingrid, 'Dagny Tilbake').getByRole('link').click();
    await heter(ingrid, /^Fatt vedtak/);
    await ser(ingrid, 'Skriv mer om overgangen til skolen.');
    await ser(ingrid, /Sendt tilbake av Per Lunde/);
    await ingrid.locator('.fjs-form').waitFor();
    expect(await brudd(ingrid, 'retur-oppgave')).to.deep.equal([]);
  });

  it('systemansvarlig sperrer en bruker, som er ute med en gang, og åpner ham igjen', async () => {
    const { id } = await tatt('Erik Femte');
    const ola = await scene.som('ola-hansen');
    await ola.goto('/oppgaver');
    await rad(ola, 'Erik Femte').waitFor();
    const tor = await scene.som('tor-nilsen');
    await tor.goto('/brukere');
    await heter(tor, 'Brukere');
    await tor.getByRole('button', { name: 'Endre Ola Hansen' }).click();
    const skjema = tor.getByRole('form', { name: 'Endre Ola Hansen' });
    await skjema.getByLabel('Hva skal skje?').selectOption({ label: 'Sperr brukeren' });
    await ser(skjema, /Ola Hansen logges ut og kommer ikke inn/);
    await skjema.getByLabel('Grunn').fill('Sluttet');
    expect(await brudd(tor, 'brukere')).to.deep.equal([]);
    // En dag som ikke finnes, blir ikke til en annen.
    const dag = skjema.getByLabel('Sperret fra', { exact: true });
    const iDag = await dag.inputValue();
    await dag.fill('31.02.2027');
    await skjema.getByRole('button', { name: 'Sperr brukeren' }).click();
    await ser(skjema, 'Datoen 31.02.2027 finnes ikke. Februar 2027 har 28 dager.');
    expect(await dag.inputValue()).to.equal('31.02.2027');
    await dag.fill(iDag);
    await skjema.getByRole('button', { name: 'Sperr brukeren' }).click();
    await ser(tor, /Ola Hansen er sperret og logget ut/);
    await ser(tor.getByRole('row').filter({ hasText: 'Ola Hansen' }), /Sperret siden/);
    await ola.reload();
    await heter(ola, 'Logg inn');
    const ledig = await (await scene.saker.som('kari-moe')).hent<{ oppgave: { eier: unknown } }>(`/api/oppgaver/${id}`);
    expect(ledig.kropp.oppgave.eier).to.equal(null);
    await tor.getByRole('button', { name: 'Endre Ola Hansen' }).click();
    await skjema.getByLabel('Hva skal skje?').selectOption({ label: 'Åpne igjen' });
    await skjema.getByLabel('Grunn').fill('Feil person');
    await skjema.getByRole('button', { name: 'Åpne igjen' }).click();
    await ser(tor, 'Ola Hansen kan logge inn igjen.');
  });
});

import { expect } from 'chai';
import type { BrowserContext, Page, Request } from 'playwright-core';
import type { Meg, OppgaveDetalj } from '../../src/contract/api.ts';
import { ventTil } from '../hjelp/sakskjoering.ts';
import { bilde, Scene, ser, wcagBrudd } from './nettleser.ts';
import { felt, velg } from './skjema.ts';

/*
 * Flere faner i én nettleser deler økt. Det en fane viser som den enes, skal aldri bli gjort i navnet til en annen, og
 * fanene deler én strøm av hendelser.
 */
describe('Flere faner i én nettleser', function () {
  this.timeout(120_000);
  const scene = new Scene();
  before(() => scene.start());
  after(() => scene.stopp());
  afterEach(function () {
    return scene.ryddEtterTest(this.currentTest);
  });

  async function olasOppgave(navn: string): Promise<{ sti: string; id: string; sakId: string }> {
    const { id: personId } = await scene.saker.nyPerson(navn);
    const sakId = await scene.saker.anmod(personId);
    const { id } = await scene.saker.finnOppgave(sakId, 'avklar-instans');
    await (await scene.saker.som('ola-hansen')).send('POST', `/api/oppgaver/${id}/ta`);
    return { sti: `/oppgaver/${id}`, id, sakId };
  }
  const begrunnelse = (side: Page) => felt(side, 'Hvorfor skal denne enheten avgjøre?').locator('textarea');
  const varsel = (side: Page) => side.locator('.innloggingsvarsel');

  /** Logger ut på skjermen og inn som en annen, slik et menneske gjør. */
  async function bytt(side: Page, til: string | null): Promise<void> {
    await side.getByRole('button', { name: 'Logg ut' }).click();
    await side.getByRole('heading', { name: 'Individuell plan' }).waitFor();
    if (til) {
      await side.getByRole('button', { name: new RegExp(`^${til}`) }).click();
      await ser(side, til);
      await side.getByRole('button', { name: 'Logg ut' }).waitFor();
    }
  }
  /** Det siden sender som kan endre eller lese noe. Hvem som er logget inn, kan den alltid spørre om. */
  function foelgKall(side: Page): { sendt: () => string[] } {
    const sendt: string[] = [];
    side.on('request', (r) => {
      const sti = new URL(r.url()).pathname;
      if (sti.startsWith('/api/') && sti !== '/api/meg') sendt.push(`${r.method()} ${sti}`);
    });
    return { sendt: () => sendt };
  }
  /** Begrunnelsen slik den er lagret i utkastet. */
  async function lagret(id: string): Promise<unknown> {
    const { kropp } = await (await scene.saker.som('ola-hansen')).hent<OppgaveDetalj>(`/api/oppgaver/${id}`);
    return kropp.data['begrunnelse'];
  }
  const hvemErJeg = async (k: BrowserContext): Promise<string | undefined> =>
    ((await (await k.request.get('/api/meg')).json()) as Meg).bruker?.navn; // kontrakten meg

  it('den ene logger ut og en annen inn: siden sier det av seg selv, beholder teksten, sender ingenting – og fortsetter når den første er tilbake', async () => {
    const { sti, id } = await olasOppgave('Bytte Byttesen');
    const to = await scene.som('ola-hansen');
    const en = await to.context().newPage();
    await to.goto(sti);
    await velg(to, 'Hvem skal avgjøre saken?', 'Koordinerende enhet (helse og omsorg)');
    await begrunnelse(to).fill('Olas ord');
    await ser(to, /Utkastet er lagret kl\./);
    await en.goto('/oppgaver');
    await bytt(en, 'Ingrid Bakke');
    await ser(to, 'Du er nå logget inn som Ingrid Bakke i en annen fane');
    expect(await varsel(to).getAttribute('role')).to.equal('alert');
    expect(await wcagBrudd(to)).to.deep.equal([]);
    const kall = foelgKall(to);
    await begrunnelse(to).fill('Olas ord, og litt til');
    await to.getByRole('button', { name: 'Legg saken til koordinerende enhet' }).click();
    await ser(to, /Du er nå logget inn som Ingrid Bakke i en annen fane\. Det du har skrevet her, er ikke sendt\./);
    await to.waitForTimeout(2_000); // utkastet ville vært lagret for lengst
    await bilde(to, 'innlogging-byttet');
    expect(kall.sendt()).to.deep.equal([]);
    expect(await begrunnelse(to).inputValue()).to.equal('Olas ord, og litt til');
    expect(await lagret(id)).to.equal('Olas ord');
    // Ola kommer tilbake i den andre fanen: siden går videre der den slapp.
    await bytt(en, 'Ola Hansen');
    await varsel(to).waitFor({ state: 'detached' });
    await begrunnelse(to).fill('Olas ord, og resten');
    await ventTil(
      'resten i utkastet',
      async () => ((await lagret(id)) === 'Olas ord, og resten' ? true : null),
      20_000,
    );
    await to.getByRole('button', { name: 'Legg saken til koordinerende enhet' }).click();
    await ser(to, /Neste oppgave i saken/);
  });

  it('en annen logger rett inn i en ny fane: også en side ingen har skrevet i, sier hvem som er logget inn nå', async () => {
    const to = await scene.som('ola-hansen');
    await to.goto('/saker');
    await to.getByRole('heading', { name: 'Saker' }).waitFor();
    const en = await to.context().newPage();
    await en.goto('/logg-inn');
    await en.getByRole('button', { name: /^Ingrid Bakke/ }).click();
    await ser(to, 'Du er nå logget inn som Ingrid Bakke i en annen fane');
    expect(new URL(to.url()).pathname).to.equal('/saker');
  });

  it('også uten at fanene kan snakke sammen: serveren gjør ikke det den ene ber om, i navnet til den andre', async () => {
    const { id: personId } = await scene.saker.nyPerson('Taus Taussen');
    const sakId = await scene.saker.anmod(personId);
    const { id } = await scene.saker.finnOppgave(sakId, 'avklar-instans');
    const to = await scene.vindu();
    await to.addInitScript(() => {
      Reflect.deleteProperty(window, 'BroadcastChannel');
      window.EventSource = class extends EventTarget {
        static readonly CLOSED = 2;
        close(): void {}
      } as unknown as typeof EventSource; // en nettleser der strømmen aldri kommer fram
    });
    const k = to.context();
    const loggInn = async (brukerId: string): Promise<void> => {
      const { csrf } = (await (await k.request.get('/api/meg')).json()) as Meg; // kontrakten meg
      await k.request.post('/api/demo/logg-inn', { data: { brukerId }, headers: { 'x-csrf-token': csrf } });
    };
    await loggInn('ola-hansen');
    await to.goto(`/oppgaver/${id}`);
    await to.getByRole('button', { name: 'Ta oppgaven' }).waitFor();
    await loggInn('ingrid-bakke');
    await to.getByRole('button', { name: 'Ta oppgaven' }).click();
    await varsel(to).waitFor();
    await ser(to, 'Du er nå logget inn som Ingrid Bakke i en annen fane');
    await ser(to, 'Ola Hansen');
    const rader: { eier_id: string | null }[] = await scene.app.app.ds.query(
      'select eier_id from oppgave where id = $1',
      [id],
    );
    expect(rader[0]?.eier_id ?? null).to.equal(null);
    // Logg ut i fanen som viser Ola, logger ikke ut Ingrid.
    await to.getByRole('button', { name: 'Logg ut' }).click();
    await to.waitForTimeout(500);
    expect(await hvemErJeg(k)).to.equal('Ingrid Bakke');
    await to.getByRole('button', { name: 'Last siden på nytt som Ingrid Bakke' }).click();
    await varsel(to).waitFor({ state: 'detached' });
    await ser(to, 'Ingrid Bakke');
    await to.getByRole('button', { name: 'Ta oppgaven' }).click();
    await to.getByRole('button', { name: 'Legg tilbake' }).waitFor();
  });

  it('logget ut i en annen fane med en ny anmodning halvveis: teksten står, og kan sendes etter innlogging i en ny fane', async () => {
    const { id: personId } = await scene.saker.nyPerson('Halv Halvesen');
    const to = await scene.som('ola-hansen');
    const lese = await to.context().newPage();
    await to.goto(`/ny-anmodning?person=${personId}`);
    await to.getByLabel('Notat (valgfritt)').fill('Dette vil jeg ikke skrive en gang til');
    await lese.goto('/hjelp');
    const en = await to.context().newPage();
    await en.goto('/oppgaver');
    await bytt(en, null);
    await ser(to, 'Du er ikke logget inn lenger');
    await bilde(to, 'innlogging-ute', true);
    expect(await wcagBrudd(to)).to.deep.equal([]);
    // Fanen der ingenting er skrevet, viser ikke lenger noe.
    await lese.waitForURL(/\/logg-inn\?til=%2Fhjelp/);
    for (const [gruppe, svar] of [
      ['Hvem spør?', 'Personen selv'],
      ['Hvordan kom anmodningen?', 'Skriftlig'],
      ['Det gjelder', 'Individuell plan'],
    ] as const)
      await to.getByRole('group', { name: gruppe }).getByLabel(svar, { exact: true }).check();
    await to.getByRole('button', { name: 'Registrer anmodningen' }).click();
    await ser(to, /Du er ikke logget inn lenger\. Det du har skrevet her, er ikke sendt\./);
    const [ny] = await Promise.all([
      to.context().waitForEvent('page'),
      to.getByRole('link', { name: 'Logg inn i en ny fane' }).click(),
    ]);
    await ny.getByRole('button', { name: /^Ola Hansen/ }).click();
    await varsel(to).waitFor({ state: 'detached' });
    expect(await to.getByLabel('Notat (valgfritt)').inputValue()).to.equal('Dette vil jeg ikke skrive en gang til');
    await to.getByRole('button', { name: 'Registrer anmodningen' }).click();
    await ser(to, /Anmodningen er registrert som sak/);
  });

  it('teksten kan kopieres med ledetekst før siden lastes på nytt som den andre', async () => {
    const { sti } = await olasOppgave('Kopi Kopisen');
    const to = await scene.som('ola-hansen');
    await to.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const en = await to.context().newPage();
    await to.goto(sti);
    await begrunnelse(to).fill('Verdt å ta vare på');
    await en.goto('/oppgaver');
    await bytt(en, 'Ingrid Bakke');
    await varsel(to).waitFor();
    await to.bringToFront();
    await to.getByRole('button', { name: 'Kopier det du har skrevet' }).click();
    await ser(to, 'Teksten er kopiert.');
    expect(await to.evaluate(() => navigator.clipboard.readText())).to.match(
      /(^|\n\n)Hvorfor skal denne enheten avgjøre\?\nVerdt å ta vare på$/,
    );
  });

  it('åtte faner: én strøm til serveren, den åttende laster og fullfører, og når fanen med strømmen lukkes, tar en annen over', async () => {
    const { sti, sakId } = await olasOppgave('Aatte Aattesen');
    const foerste = await scene.som('ola-hansen');
    const k = foerste.context();
    const aapne = new Map<Request, Page>();
    let startet = 0;
    k.on('request', (r) => {
      if (new URL(r.url()).pathname !== '/api/hendelser') return;
      startet++;
      aapne.set(r, r.frame().page());
    });
    const slutt = (r: Request): void => void aapne.delete(r);
    k.on('requestfinished', slutt);
    k.on('requestfailed', slutt);
    await foerste.goto('/oppgaver');
    const faner = [foerste];
    for (let i = 1; i < 8; i++) {
      const fane = await k.newPage();
      await fane.goto(i === 7 ? sti : '/oppgaver');
      faner.push(fane);
    }
    const aattende = faner[7] ?? foerste;
    await velg(aattende, 'Hvem skal avgjøre saken?', 'Koordinerende enhet (helse og omsorg)');
    await begrunnelse(aattende).fill('Bor her.');
    await aattende.getByRole('button', { name: 'Legg saken til koordinerende enhet' }).click();
    await ser(aattende, /Neste oppgave i saken/);
    // Alle følger med, også de uten egen strøm, og ingen har lastet siden på nytt.
    for (const fane of faner.slice(0, 7))
      await ser(fane.getByRole('listitem').filter({ hasText: 'Aatte Aattesen' }), 'Fullført av Ola Hansen');
    expect([startet, aapne.size], 'strømmer').to.deep.equal([1, 1]);

    const leder = [...aapne.values()][0];
    await leder?.close();
    const resten = faner.slice(0, 7).filter((f) => f !== leder);
    aapne.clear();
    const { id } = await scene.saker.finnOppgave(sakId, 'informer-og-avklar');
    await ventTil('ny strøm', async () => (startet === 2 ? true : null), 5_000);
    const ola = await scene.saker.som('ola-hansen');
    await ola.send('POST', `/api/oppgaver/${id}/ta`);
    for (const fane of resten) await fane.locator(`a[href="/oppgaver/${id}"]`).waitFor();
    expect([startet, aapne.size], 'strømmer etter overtakelsen').to.deep.equal([2, 1]);
  });
});

import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { startFjernklynge } from '../feil/klynge.ts';
import { startTestapp } from '../hjelp/app.ts';
import { Appprosess, ledigPort } from '../hjelp/appprosess.ts';
import { lagTestmappe } from '../hjelp/mappe.ts';
import { Sakskjoering, ventTil } from '../hjelp/sakskjoering.ts';
import { STEGDATA } from '../hjelp/stegdata.ts';
import { bilde, heter, LAPTOP, Scene, ser } from './nettleser.ts';
import { felt, skriv, velg } from './skjema.ts';

describe('Oppgaven, saken og drift i nettleseren', function () {
  this.timeout(90_000);
  const scene = new Scene();
  before(() => scene.start());
  after(() => scene.stopp());
  afterEach(function () {
    return scene.ryddEtterTest(this.currentTest);
  });

  /** En sak med den første oppgaven tatt av Ola; adressen til oppgaven. */
  async function olasOppgave(navn: string, saker = scene.saker): Promise<{ sakId: string; sti: string; id: string }> {
    const { id: personId } = await saker.nyPerson(navn);
    const sakId = await saker.anmod(personId);
    const { id } = await saker.finnOppgave(sakId, 'avklar-instans');
    await (await saker.som('ola-hansen')).send('POST', `/api/oppgaver/${id}/ta`);
    return { sakId, sti: `/oppgaver/${id}`, id };
  }
  const begrunnelse = (side: Page) => felt(side, 'Hvorfor skal denne enheten avgjøre?').locator('textarea');

  /** Venter til hjemmelen er krysset av. */
  async function avkrysset(side: Page, hjemmel: RegExp): Promise<void> {
    const boks = felt(side, 'Hjemmel').getByRole('checkbox', { name: hjemmel });
    await ventTil(`${hjemmel.source} krysset av`, async () => ((await boks.isChecked()) ? true : null), 15_000);
  }

  it('viser rutinens tekst, skjemaet og saken i korte trekk, med frist og hva knappen gjør', async () => {
    const { sti } = await olasOppgave('Tre Deler');
    const ola = await scene.som('ola-hansen');
    await ola.goto(sti);
    await heter(ola, /^Avklar hvem som avgjør – sak 2026\//);
    const venstre = ola.getByRole('complementary', { name: 'Om steget' });
    await venstre.getByRole('heading', { name: 'Hjemmel' }).waitFor();
    await ser(venstre, /§/);
    const hoeyre = ola.getByRole('complementary', { name: 'Saken i korte trekk' });
    await ser(hoeyre, 'Tre Deler');
    await ser(hoeyre, /Ola Hansen registrerte en skriftlig anmodning/);
    await ser(hoeyre, /Rutinen gir 7 dager fra oppgaven kom/);
    // Knappen følger utfallsfeltet først når skjemaet er lastet.
    await ser(ola.locator('.bunn'), 'Legg saken til koordinerende enhet');
    await velg(ola, 'Hvem skal avgjøre saken?', 'NAV');
    await ser(ola.locator('.bunn'), 'Legg saken til NAV');
    await ser(ola.locator('.bunn'), 'Da skjer dette:');
    await bilde(ola, 'oppgave', true);
    await ola.getByRole('button', { name: 'Legg tilbake' }).click();
    await ola.getByRole('button', { name: 'Ta oppgaven' }).waitFor();
  });

  it('det som er skrevet, overlever at siden forlates og lastes på nytt', async () => {
    const { sti } = await olasOppgave('Utkast Utkastsen');
    const ola = await scene.som('ola-hansen');
    await ola.goto(sti);
    await velg(ola, 'Hvem skal avgjøre saken?', 'Barneverntjenesten');
    await begrunnelse(ola).fill('Skrevet rett før jeg ble avbrutt');
    await ola.getByRole('navigation', { name: 'Hovedmeny' }).getByRole('link', { name: 'Hjelp' }).click();
    await heter(ola, 'Hjelp');
    await ola.goBack();
    await begrunnelse(ola).waitFor();
    expect(await begrunnelse(ola).inputValue()).to.equal('Skrevet rett før jeg ble avbrutt');
    await begrunnelse(ola).fill('Og så litt til');
    await ser(ola, /Utkastet er lagret kl\./);
    await ola.reload();
    await ser(ola, /Utkastet som ble lagret .*, er hentet fram/);
    expect(await begrunnelse(ola).inputValue()).to.equal('Og så litt til');
    expect(
      await felt(ola, 'Hvem skal avgjøre saken?').getByRole('radio', { name: 'Barneverntjenesten' }).isChecked(),
    ).to.equal(true);
    // Også fra en annen maskin, for den som har oppgaven.
    const annen = await scene.som('ola-hansen');
    await annen.goto(sti);
    await begrunnelse(annen).waitFor();
    expect(await begrunnelse(annen).inputValue()).to.equal('Og så litt til');
  });

  it('brevet følger utfallet og begrunnelsen, og sier dem uansett hva som er skrevet til mottakeren', async () => {
    const { id: personId } = await scene.saker.nyPerson('Brev Brevesen');
    const sakId = await scene.saker.anmod(personId);
    await scene.saker.tilVedtak(sakId);
    const { id } = await scene.saker.finnOppgave(sakId, 'fatt-vedtak');
    await (await scene.saker.som('ingrid-bakke')).send('POST', `/api/oppgaver/${id}/ta`);
    const ingrid = await scene.som('ingrid-bakke');
    await ingrid.goto(`/oppgaver/${id}`);
    await ingrid.getByRole('button', { name: 'Forhåndsvis brevet' }).click();
    const brev = ingrid.getByRole('region', { name: /^Forhåndsvisning/ });
    const egne = felt(ingrid, 'Egne ord til mottakeren').locator('textarea');
    await ser(brev, 'Du får individuell plan.');
    expect(await egne.inputValue()).to.equal('');
    await velg(ingrid, 'Hva går vedtaket ut på?', 'Avslå');
    await ser(brev, 'Du får ikke individuell plan.');
    await skriv(ingrid, 'Begrunnelse', 'Tjenestene henger alt godt sammen.');
    await ser(brev, 'Tjenestene henger alt godt sammen.');
    await egne.fill('Skrevet av Ingrid.\n\uf0b7\tEt punkt fra Word ✓');
    await ser(brev, 'Mer om vedtaket');
    await ser(brev.getByRole('listitem'), 'Et punkt fra Word ✓');
    await ser(brev, 'Du får ikke individuell plan.');
    await bilde(ingrid, 'fatt-vedtak-egne-ord', true);
    await egne.fill('');
    await ventTil('overskriften borte', async () => ((await brev.getByText('Mer om vedtaket').count()) ? null : true));
    await ser(brev, 'Du får ikke individuell plan.');
    // Et tegn skriften ikke har, sies fra om mens det skrives, og stopper innsendingen.
    await egne.fill('Møtet 🗓 er på mandag.');
    const melding = 'Tegnet «🗓» (U+1F5D3) finnes ikke i brevets skrift. Bytt det ut.';
    await ser(brev, melding);
    await ingrid.getByRole('button', { name: 'Avslå', exact: true }).click();
    await ser(felt(ingrid, 'Egne ord til mottakeren'), melding);
    await bilde(ingrid, 'fatt-vedtak-tegn', true);
  });

  it('hjemmelen følger utfallet til noen endrer den; også etter at siden er forlatt og lastet på nytt', async () => {
    const { id: personId } = await scene.saker.nyPerson('Hjemmel Hjemmelsen');
    const sakId = await scene.saker.anmod(personId);
    await scene.saker.tilVedtak(sakId);
    const { id } = await scene.saker.finnOppgave(sakId, 'fatt-vedtak');
    await (await scene.saker.som('ingrid-bakke')).send('POST', `/api/oppgaver/${id}/ta`);
    const ingrid = await scene.som('ingrid-bakke');
    await ingrid.goto(`/oppgaver/${id}`);
    await avkrysset(ingrid, /§ 2-5 Rett til individuell plan/);
    await velg(ingrid, 'Hva går vedtaket ut på?', 'Gi koordinator uten individuell plan');
    await avkrysset(ingrid, /§ 2-5 b Rett til koordinator/);
    // Den som går fra siden før forslaget er hentet, finner et felt som fortsatt følger.
    await velg(ingrid, 'Hva går vedtaket ut på?', 'Innvilge individuell plan');
    await ingrid.getByRole('link', { name: 'Hjelp' }).first().click();
    await heter(ingrid, 'Hjelp');
    await ingrid.goBack();
    await avkrysset(ingrid, /§ 2-5 Rett til individuell plan/);
    await velg(ingrid, 'Hva går vedtaket ut på?', 'Gi koordinator uten individuell plan');
    await avkrysset(ingrid, /§ 2-5 b Rett til koordinator/);
    // Også etter ny lasting: utkastet står, og forslaget følger det.
    await ser(ingrid, /Utkastet er lagret kl\./);
    await ingrid.reload();
    await avkrysset(ingrid, /§ 2-5 b Rett til koordinator/);
    await velg(ingrid, 'Hva går vedtaket ut på?', 'Innvilge individuell plan');
    await avkrysset(ingrid, /§ 2-5 Rett til individuell plan/);
    await felt(ingrid, 'Hjemmel').getByRole('checkbox').last().check();
    await velg(ingrid, 'Hva går vedtaket ut på?', 'Gi koordinator uten individuell plan');
    await skriv(ingrid, 'Begrunnelse', 'Én å forholde seg til er nok.');
    await ser(ingrid, /Utkastet er lagret kl\./);
    expect(await felt(ingrid, 'Hjemmel').getByRole('checkbox').last().isChecked()).to.equal(true);
  });

  it('den som har siden åpen mens en annen fullfører, får vite hvem og når', async () => {
    const { sti, id } = await olasOppgave('Foreldet Foreldsen');
    const ola = await scene.saker.som('ola-hansen');
    await ola.send('POST', `/api/oppgaver/${id}/legg-tilbake`);
    const side = await scene.som('ola-hansen');
    await side.goto(sti);
    await side.getByRole('button', { name: 'Ta oppgaven' }).waitFor();
    const ingrid = await scene.saker.som('ingrid-bakke');
    await ingrid.send('POST', `/api/oppgaver/${id}/ta`);
    await ser(side, /Hos Ingrid Bakke/);
    await scene.saker.fullfoer(id, STEGDATA['avklar-instans'], 'ingrid-bakke');
    await ser(side, /Oppgaven ble fullført av Ingrid Bakke/);
    await bilde(side, 'oppgave-foreldet', true);
  });

  it('en annen enhets sak og oppgave finnes ikke: samme ord som en adresse som ikke finnes, og den er ikke i liste, søk eller tall', async () => {
    const { sakId, sti } = await olasOppgave('Hemmelig Hemmeligsen');
    const anne = await scene.som('anne-lie');
    const ord: (string | null)[] = [];
    for (const adresse of [`/saker/${sakId}`, sti, '/saker/00000000-0000-4000-8000-000000000000', '/finnes-ikke']) {
      await anne.goto(adresse);
      await ser(anne, 'Vi finner ikke det du leter etter');
      await heter(anne, 'Finnes ikke');
      ord.push(await anne.locator('.tom').textContent());
    }
    expect(new Set(ord).size).to.equal(1);
    await bilde(anne, 'finnes-ikke');
    await anne.goto('/saker?status=alle&sok=Hemmelig');
    await ser(anne, /Ingen saker/);
    await anne.keyboard.press('/');
    await anne.keyboard.type('2026/1');
    await ser(anne, 'Ingen treff på «2026/1».');
    const menytall = await anne.locator('.meny__antall').first().textContent();
    expect(menytall).to.match(/^0/);
  });

  it('en jobb som feiler til det siste, blir en oppgave i Drift; når feilen er rettet, går saken videre med «Prøv igjen»', async () => {
    const hindring = path.join(scene.app.dataDir, 'utsending');
    rmSync(hindring, { recursive: true, force: true });
    writeFileSync(hindring, 'ikke en mappe');
    const { id: personId } = await scene.saker.nyPerson('Stopp Stoppesen');
    const sakId = await scene.saker.anmod(personId);
    const tor = await scene.som('tor-nilsen');
    await tor.goto('/drift');
    await heter(tor, 'Drift');
    await ventTil(
      'den tekniske oppgaven',
      async () => {
        await scene.app.flyttTid(60_000); // motoren venter mellom forsøkene
        const rader: unknown[] = await scene.app.app.ds.query(
          `select 1 from oppgave where sak_id = $1 and type = 'teknisk' and status = 'aapen'`,
          [sakId],
        );
        return rader.length > 0 ? true : null;
      },
      40_000,
    );
    await tor.reload();
    const rad = tor.getByRole('listitem').filter({ hasText: 'Håndter teknisk feil' });
    await rad.waitFor();
    expect(await tor.locator('main').textContent(), 'drift viser ikke hvem saken gjelder').not.to.contain('Stoppesen');
    await bilde(tor, 'drift', true);
    await rad.getByRole('link').click();
    await ser(tor, 'Dette stoppet:');
    await bilde(tor, 'teknisk-oppgave', true);
    rmSync(hindring);
    await tor.getByRole('button', { name: 'Prøv igjen' }).click();
    await scene.saker.finnOppgave(sakId, 'avklar-instans');
    await tor.goto('/drift');
    await ser(tor, /^Ingen\. En jobb som feiler/);
    const sendt = (await scene.saker.sak(sakId)).dokumenter.filter((d) =>
      d.tilstand.some((t) => t.startsWith('Sendt')),
    );
    expect(sendt).to.have.length(1);
  });

  it('motoren borte mens en oppgave fullføres: siden sier at arbeidet er lagret, og saken går videre når den er tilbake', async () => {
    const klynge = await startFjernklynge();
    const app = await startTestapp({
      motor: 'innebygd',
      miljoe: { CAMUNDA_REST_ADDRESS: klynge.adresse, ENGINE_CLOCK: 'system' },
    });
    try {
      const saker = new Sakskjoering(app.adresse);
      const { sti, sakId } = await olasOppgave('Motor Borte', saker);
      const ola = await scene.som('ola-hansen', LAPTOP, app.adresse);
      await ola.goto(sti);
      await velg(ola, 'Hvem skal avgjøre saken?', 'Koordinerende enhet (helse og omsorg)');
      await skriv(ola, 'Hvorfor skal denne enheten avgjøre?', 'Bor her.');
      klynge.taBort();
      await ola.getByRole('button', { name: 'Legg saken til koordinerende enhet' }).click();
      await ser(ola, /Arbeidet er lagret\. Saken går videre når systemet er tilbake\./);
      await bilde(ola, 'motor-borte');
      await ola.goto(`/saker/${sakId}?del=prosess`);
      await ser(ola, /Dette er sist kjente stilling/);
      klynge.kommTilbake();
      await ola.goto('/oppgaver?fane=ledige');
      await ser(ola, 'Informer og avklar');
    } finally {
      klynge.kommTilbake();
      await app.stopp();
      await klynge.stopp();
    }
  });

  it('det som er skrevet, overlever at tjeneren drepes og startes igjen, og innloggingen gjør det også', async () => {
    const mappe = lagTestmappe('omstart-');
    const prosess = new Appprosess(mappe, await ledigPort());
    try {
      prosess.start();
      await prosess.ventKlar();
      const saker = new Sakskjoering(prosess.adresse);
      const { sti } = await olasOppgave('Omstart Omstartsen', saker);
      const ola = await scene.som('ola-hansen', LAPTOP, prosess.adresse);
      await ola.goto(sti);
      await begrunnelse(ola).fill('Før tjeneren ble drept');
      await ser(ola, /Utkastet er lagret kl\./);
      await prosess.stopp('SIGKILL');
      await begrunnelse(ola).fill('Skrevet mens tjeneren var borte');
      await ser(ola, /Utkastet er ikke lagret ennå|Får ikke kontakt med serveren/);
      await bilde(ola, 'tjener-borte');
      prosess.start();
      await prosess.ventKlar();
      await ser(ola, /Utkastet er lagret kl\./);
      await ola.reload();
      await begrunnelse(ola).waitFor();
      expect(await begrunnelse(ola).inputValue()).to.equal('Skrevet mens tjeneren var borte');
    } finally {
      await prosess.stopp('SIGTERM');
      rmSync(mappe, { recursive: true, force: true });
    }
  });
});

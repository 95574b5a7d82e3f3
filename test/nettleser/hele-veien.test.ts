/// <reference lib="dom" />
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { lagSyntetiskFodselsnummer } from '../../src/person/index.ts';
import { bilde, heter, Scene, ser } from './nettleser.ts';
import { kryss, nedtrekk, skriv, velg } from './skjema.ts';

/*
 * Én anmodning tatt på skjermen av de fem menneskene rutinen nevner, fra Ny anmodning til bekreftet oppdrag. Testene
 * bygger på hverandre og kjøres i rekkefølge.
 */
describe('Hele veien på skjermen, som de fem menneskene', function () {
  this.timeout(90_000);
  this.bail(true);
  const scene = new Scene();
  before(() => scene.start());
  after(() => scene.stopp());
  afterEach(function () {
    return scene.ryddEtterTest(this.currentTest);
  });
  const NAVN = 'Åse Øverland';
  let sakAdresse = '';

  /** Åpner oppgaven om personen fra lista, og tar den når den er ledig. */
  async function aapne(side: Page, tittel: string): Promise<void> {
    await side.goto('/oppgaver?fane=ledige');
    const lenke = side.getByRole('listitem').filter({ hasText: NAVN }).getByRole('link', { name: tittel });
    const faner = side.getByRole('navigation', { name: 'Hvilke oppgaver' });
    await faner.waitFor();
    if (tittel === 'Bekreft oppdrag') await faner.getByRole('link', { name: /^Mine/ }).click();
    await lenke.click();
    await heter(side, new RegExp(`^${tittel} – sak 2026/`));
    const ta = side.getByRole('button', { name: 'Ta oppgaven' });
    if (tittel !== 'Bekreft oppdrag') {
      await ta.click();
      await side.getByRole('button', { name: 'Legg tilbake' }).waitFor();
    }
  }
  const fullfoer = (side: Page, knapp: string): Promise<void> => side.getByRole('button', { name: knapp }).click();
  async function neste(side: Page, tittel: string): Promise<void> {
    await side.getByRole('link', { name: 'Neste oppgave i saken' }).click();
    await heter(side, new RegExp(`^${tittel} – sak 2026/`));
    const ta = side.getByRole('button', { name: 'Ta oppgaven' });
    await ta
      .or(side.getByRole('button', { name: 'Legg tilbake' }))
      .first()
      .waitFor();
    if (await ta.isVisible()) await ta.click();
    await side.getByRole('button', { name: 'Legg tilbake' }).waitFor();
  }

  it('Ola registrerer en anmodning for en ny person, med fil, og ser med en gang at personen ikke har plan fra før', async () => {
    const ola = await scene.som('ola-hansen');
    await ola.goto('/ny-anmodning');
    await ola.getByRole('button', { name: 'Registrer anmodningen' }).click();
    const liste = ola.getByRole('heading', { name: /Rett disse \d før du går videre/ });
    await liste.waitFor();
    await ola.getByRole('link', { name: 'Velg hva som ønskes.' }).click();
    expect(await ola.evaluate(() => (document.activeElement as HTMLInputElement).name)).to.equal('oenske');
    await bilde(ola, 'ny-anmodning-feil', true);
    await ola.getByLabel('Finn personen').fill(NAVN);
    await ser(ola, /Ingen treff/);
    await ola.getByRole('button', { name: 'Legg til ny person' }).click();
    expect(await ola.getByLabel('Navn', { exact: true }).inputValue()).to.equal(NAVN);
    await ola.getByLabel('Fødselsnummer').fill('12345678901');
    await ola.getByRole('button', { name: 'Legg til personen' }).click();
    await ola.locator('#person-fodselsnummer[aria-invalid="true"]').waitFor();
    await bilde(ola, 'ny-person-feil', true);
    await ola.getByLabel('Fødselsnummer').fill(lagSyntetiskFodselsnummer('1961-05-17', 7));
    await ola.getByLabel('Adresse (valgfritt)').fill('Fjordgata 4');
    await ola.getByLabel('Postnummer (valgfritt)').fill('4013');
    await ola.getByLabel('Poststed (valgfritt)').fill('Sandvik');
    await ola.getByRole('button', { name: 'Legg til personen' }).click();
    await ser(ola, /født 17\. mai 1961/);
    await ser(ola, /Personen har verken plan eller en åpen sak/);
    await ola.getByRole('radio', { name: 'Personen selv' }).check();
    await ola.getByRole('radio', { name: 'Skriftlig' }).check();
    await ola.getByRole('radio', { name: 'Individuell plan' }).check();
    await ola.locator('#felt-filer').setInputFiles({
      name: 'anmodning.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('Jeg ber om en individuell plan. Hilsen Åse.'),
    });
    await ser(ola, 'anmodning.txt');
    await bilde(ola, 'ny-anmodning', true);
    await ola.getByRole('button', { name: 'Registrer anmodningen' }).click();
    await heter(ola, new RegExp(`^${NAVN} – sak 2026/`));
    await ser(ola, /Anmodningen er registrert som sak 2026/);
    sakAdresse = new URL(ola.url()).pathname;
    await bilde(ola, 'sak-ny', true);
  });

  it('Ny anmodning sier med en gang at personen har en åpen sak, og lenker til den', async () => {
    const ola = await scene.som('ola-hansen');
    await ola.goto('/ny-anmodning');
    await ola.getByLabel('Finn personen').fill('Åse Ø');
    await ola.getByRole('option', { name: new RegExp(NAVN) }).waitFor();
    await ola.keyboard.press('ArrowDown');
    await ola.keyboard.press('Enter');
    await ser(ola, /Personen har en åpen sak, 2026\//);
    expect(await ola.getByRole('button', { name: 'Registrer anmodningen' }).count()).to.equal(0);
    await bilde(ola, 'ny-anmodning-aapen-sak', true);
    await ola.getByRole('link', { name: /Åpne sak 2026/ }).click();
    await heter(ola, new RegExp(`^${NAVN} – sak`));
  });

  it('Ola legger det som kom inn etterpå, i saken', async () => {
    const ola = await scene.som('ola-hansen');
    await ola.goto(`${sakAdresse}?del=dokumenter`);
    await ola.getByRole('button', { name: 'Legg ved dokument' }).click();
    await ola.getByRole('button', { name: 'Legg i saken' }).click();
    await ser(ola, 'Velg minst én fil.');
    await ser(ola, 'Skriv hvem det er fra.');
    await ola
      .locator('#felt-filer')
      .setInputFiles({ name: 'uttalelse.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n%') });
    await ola.getByLabel('Hvem er det fra?').fill('Fastlegen');
    await ola.getByLabel(/Hva er det/).fill('Uttalelse om behovet');
    await bilde(ola, 'legg-ved', true);
    await ola.getByRole('button', { name: 'Legg i saken' }).click();
    await ola.getByRole('button', { name: 'uttalelse', exact: true }).waitFor();
    await ola.getByRole('link', { name: 'Historikk' }).click();
    await ser(ola, 'Ola Hansen la «uttalelse.pdf» fra Fastlegen i saken: Uttalelse om behovet');
  });

  it('Ola avklarer instans, informerer og kartlegger; neste oppgave i saken er der med en gang', async () => {
    const ola = await scene.som('ola-hansen');
    await aapne(ola, 'Avklar hvem som avgjør');
    await velg(ola, 'Hvem skal avgjøre saken?', 'Koordinerende enhet (helse og omsorg)');
    await skriv(ola, 'Hvorfor skal denne enheten avgjøre?', 'Hun bor i vårt område.');
    await fullfoer(ola, 'Legg saken til koordinerende enhet');
    await neste(ola, 'Informer og avklar');
    await velg(ola, 'Hvordan ble informasjonen gitt?', 'Møte hos oss');
    await kryss(ola, 'Temaer du har informert om');
    await kryss(ola, 'Planeier er informert om');
    await velg(ola, 'Er det behov for tolk?', 'Nei');
    await velg(ola, 'Kan planeier samtykke selv?', 'Ja');
    await velg(ola, 'Hvem samtykker?', 'Planeier selv');
    await velg(ola, 'Vil planeier delta i arbeidet?', 'Ja, planeier selv');
    await velg(ola, 'Hva ønsker planeier?', 'Individuell plan med plankoordinator');
    await skriv(ola, 'Ønsket, med planeiers egne ord', 'Slippe å fortelle alt på nytt.');
    await fullfoer(ola, 'Gå videre med individuell plan');
    await neste(ola, 'Kartlegg og vurder');
    await velg(ola, 'Hvor lenge ventes behovet å vare?', 'Ett år eller mer');
    await skriv(ola, 'Antall tjenester som må ses i sammenheng', '4');
    await skriv(ola, 'Oppfyller planeier kriteriene?', 'Ja, behovet er langvarig.');
    await skriv(ola, 'Behov for koordinering', 'Fire tjenester.');
    await skriv(ola, 'Overganger som krever ekstra koordinering', 'Ingen.');
    await skriv(ola, 'Aktive tjenester, omfang og tiltak i dag', 'Hjemmesykepleie.');
    await skriv(ola, 'Aktuelle samarbeidsparter, internt og eksternt', 'Fastlege.');
    await skriv(ola, 'Planeiers ønsker og vurderinger', 'Én å forholde seg til.');
    await velg(ola, 'Hvem medvirker når planen lages?', 'Planeier selv');
    await skriv(ola, 'Hvem ønsker planeier som koordinator?', 'Ingen bestemt.');
    await velg(ola, 'Er kriteriene oppfylt?', 'Ja');
    await velg(ola, 'Hva anbefaler du?', 'Innvilge individuell plan');
    await bilde(ola, 'kartlegg-og-vurder', true);
    await fullfoer(ola, 'Send til beslutter');
    await heter(ola, /^Oppgaver/);
    await bilde(ola, 'etter-kartlegging');
  });

  it('Ingrid får ikke fattet vedtak uten hjemmel og begrunnelse: feilen står ved feltet, og lista øverst lenker dit', async () => {
    const ingrid = await scene.som('ingrid-bakke');
    await aapne(ingrid, 'Fatt vedtak');
    await velg(ingrid, 'Hva går vedtaket ut på?', 'Innvilge individuell plan');
    const hjemler = ingrid.locator('.fjs-form-field-checklist').getByRole('checkbox');
    for (const h of await hjemler.all()) await h.uncheck();
    await skriv(ingrid, 'Begrunnelse', '');
    await fullfoer(ingrid, 'Innvilg individuell plan');
    const liste = ingrid.locator('.feilliste');
    await liste.waitFor();
    expect(await liste.getByRole('link').allTextContents()).to.include.members([
      'Hjemmel: Velg minst én hjemmel.',
      'Begrunnelse: Skriv begrunnelsen for vedtaket.',
    ]);
    expect(await liste.evaluate((el) => el === document.activeElement)).to.equal(true);
    await bilde(ingrid, 'fatt-vedtak-feil', true);
    await liste.getByRole('link', { name: /^Begrunnelse/ }).click();
    const aktiv = await ingrid.evaluate(() => document.activeElement?.tagName);
    expect(aktiv).to.equal('TEXTAREA');
    await ser(ingrid.locator('.fjs-form-field-error').first(), /./);
    const saken = await scene.saker.sak(sakAdresse.split('/').at(-1) ?? '');
    expect(saken.hendelser.map((h) => h.tekst).join(' ')).not.to.contain('fattet vedtak');
  });

  it('Ingrid ser brevet vedtaket blir til, skriver egne ord ved siden av, og fatter vedtaket', async () => {
    const ingrid = await scene.som('ingrid-bakke');
    await ingrid.goto('/oppgaver');
    await ingrid.getByRole('listitem').filter({ hasText: NAVN }).getByRole('link').click();
    await heter(ingrid, /^Fatt vedtak/);
    await velg(ingrid, 'Hva går vedtaket ut på?', 'Innvilge individuell plan');
    await kryss(ingrid, 'Hjemmel', 'Pasient- og brukerrettighetsloven § 2-5 Rett til individuell plan');
    await skriv(ingrid, 'Begrunnelse', 'Behovet er langvarig og tjenestene må samordnes.');
    await velg(ingrid, 'Skal vedtaket tidsbegrenses?', 'Nei');
    await ingrid.getByRole('button', { name: 'Forhåndsvis brevet' }).click();
    const brev = ingrid.getByRole('region', { name: /^Forhåndsvisning/ });
    await ser(brev, NAVN);
    await ser(brev, 'Behovet er langvarig og tjenestene må samordnes.');
    await skriv(ingrid, 'Egne ord til mottakeren', 'Kjære Åse, ring meg gjerne. ☐ Husk møtet → 3. mai');
    await ser(brev, 'Kjære Åse, ring meg gjerne. ☐ Husk møtet → 3. mai');
    await ser(brev, 'Du får individuell plan.');
    await ser(brev, /klage/i);
    await bilde(ingrid, 'fatt-vedtak-brev', true);
    await ser(ingrid, 'Da skjer dette:');
    await fullfoer(ingrid, 'Innvilg individuell plan');
    await heter(ingrid, /^Oppgaver|er gjort$/);
    await bilde(ingrid, 'vedtak-fattet');
  });

  it('Ingrid kan ikke godkjenne sitt eget vedtak; Per kan', async () => {
    const ingrid = await scene.som('ingrid-bakke');
    await ingrid.goto('/oppgaver?fane=ledige');
    const per = await scene.som('per-lunde');
    await per.goto('/oppgaver?fane=ledige');
    await per.getByRole('listitem').filter({ hasText: NAVN }).waitFor();
    const hos = ingrid.getByRole('listitem').filter({ hasText: NAVN });
    await ser(hos, 'Ledig for andre');
    expect(await hos.getByRole('button', { name: /^Ta/ }).count()).to.equal(0);
    await hos.getByRole('link').click();
    await heter(ingrid, /^Godkjenn vedtak/);
    await ser(ingrid.locator('.bunn'), 'Du fattet vedtaket selv. En annen beslutter må godkjenne det (fire øyne).');
    expect(await ingrid.getByRole('button', { name: 'Ta oppgaven' }).count()).to.equal(0);
    await bilde(ingrid, 'fire-oeyne');
    expect((await scene.saker.sak(sakAdresse.split('/').at(-1) ?? '')).oppgaver.map((o) => o.eier)).to.deep.equal([
      null,
    ]);
    await aapne(per, 'Godkjenn vedtak');
    await ser(per, 'Kjære Åse, ring meg gjerne. ☐ Husk møtet → 3. mai');
    await velg(per, 'Godkjenner du vedtaket?', 'Ja, vedtaket kan settes i verk');
    await bilde(per, 'godkjenn-vedtak', true);
    await fullfoer(per, 'Godkjenn vedtaket');
    await heter(per, /^Oppgaver|er gjort$/);
  });

  it('Ola velger en annen enhet, Siri utpeker Jonas, og Jonas bekrefter oppdraget', async () => {
    const ola = await scene.som('ola-hansen');
    await aapne(ola, 'Vurder valg');
    await skriv(ola, 'Planeiers ønske', 'En fra hjemmetjenesten.');
    await velg(ola, 'Hvor skal koordinatoren være?', 'En annen enhet');
    await nedtrekk(ola, 'Enhet', 'Hjemmetjenesten nord');
    await kryss(ola, 'Valget bygger på', 'Planeier ønsker det');
    await skriv(ola, 'Bakgrunn til enheten', 'Hun har daglig hjelp fra dere.');
    await skriv(ola, 'Begrunnelse for valget', 'De kjenner henne best.');
    await bilde(ola, 'vurder-valg', true);
    await fullfoer(ola, 'Send henvendelse til enheten');
    await heter(ola, /^Oppgaver|er gjort$/);

    const siri = await scene.som('siri-dahl');
    await aapne(siri, 'Utpek ansatt');
    await velg(siri, 'Kan enheten utpeke en ansatt?', 'Ja');
    await nedtrekk(siri, 'Ansatt', 'Jonas Vik');
    await bilde(siri, 'utpek-ansatt', true);
    await fullfoer(siri, 'Utpek den ansatte');
    await heter(siri, /^Oppgaver|er gjort$/);

    const jonas = await scene.som('jonas-vik');
    await aapne(jonas, 'Bekreft oppdrag');
    await velg(jonas, 'Tar du oppdraget?', 'Ja');
    await jonas.getByRole('checkbox', { name: /lest hva en plankoordinator/ }).check();
    await jonas.getByRole('checkbox', { name: /avklart med min nærmeste leder/ }).check();
    await bilde(jonas, 'bekreft-oppdrag', true);
    await fullfoer(jonas, 'Bekreft oppdraget');
    await heter(jonas, /^Oppgaver|er gjort$/);
    await scene.saker.ventAvsluttet(sakAdresse.split('/').at(-1) ?? '');
  });

  it('saken viser veien i ord: historikk med filter, dokumenter åpnet på stedet, fakta og diagram med det samme som liste', async () => {
    const ola = await scene.som('ola-hansen');
    await ola.goto(sakAdresse);
    await heter(ola, new RegExp(`^${NAVN} – sak 2026/`));
    await ser(ola, 'Saken er avsluttet. Ingenting gjenstår.');
    await ser(ola, /Ingrid Bakke fattet vedtak/);
    await ser(ola, /Per Lunde godkjente/);
    await bilde(ola, 'sak-historikk', true);
    const foer = await ola.locator('.hendelser > li').count();
    await ola.getByRole('group', { name: 'Vis bare' }).getByRole('button', { name: /Brev/ }).click();
    await ola.waitForURL(/slag=/);
    await ola.getByRole('button', { name: /Brev/, pressed: true }).waitFor();
    expect(await ola.locator('.hendelser > li').count()).to.be.within(1, foer - 1);
    expect(await ola.locator('.hendelser').textContent()).not.to.contain('fattet vedtak');

    const deler = ola.getByRole('navigation', { name: 'Deler av saken' });
    await deler.getByRole('link', { name: /Dokumenter/ }).click();
    await ola.getByRole('button', { name: 'anmodning', exact: true }).click();
    await ser(ola, 'Jeg ber om en individuell plan. Hilsen Åse.');
    const vedtak = ola.getByRole('button', { name: /Vedtak om/i }).first();
    await vedtak.click();
    const ramme = ola.locator('iframe');
    await ramme.waitFor();
    const pdf = await ola.context().request.get((await ramme.getAttribute('src')) ?? '');
    expect(pdf.headers()['content-type']).to.equal('application/pdf');
    expect((await pdf.body()).subarray(0, 5).toString()).to.equal('%PDF-');
    await ser(ola, new RegExp(`Sendt til ${NAVN}`));
    await bilde(ola, 'sak-dokumenter', true);

    await deler.getByRole('link', { name: 'Fakta' }).click();
    await ser(ola, 'Slippe å fortelle alt på nytt.');
    await bilde(ola, 'sak-fakta', true);

    await deler.getByRole('link', { name: 'Prosess' }).click();
    await ola.locator('.djs-container svg').first().waitFor();
    await ser(ola, 'Det samme som liste');
    const tvilling = ola.locator('.prosess__liste');
    await ser(tvilling.first(), 'Kartlegg og vurder');
    await ser(tvilling.nth(1), 'Bekreft oppdrag');
    const merket = await ola.locator('.djs-element[class*="gaatt"]').count();
    expect(merket).to.be.greaterThan(10);
    await bilde(ola, 'sak-prosess', true);
  });
});

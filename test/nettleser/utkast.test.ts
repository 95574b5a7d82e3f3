/// <reference lib="dom" />
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import type { StegId } from '../../src/contract/prosess.ts';
import { ventTil } from '../hjelp/sakskjoering.ts';
import { HVEM, STEGDATA } from '../hjelp/stegdata.ts';
import { bilde, heter, Scene, ser, TELEFON, wcagBrudd } from './nettleser.ts';
import { felt, skriv, velg } from './skjema.ts';

/** Det som er skrevet, er lagret eller sagt fra om: to vinduer, store tekster, en fane som lukkes, og en dør som er stengt. */
describe('Utkast i nettleseren', function () {
  this.timeout(120_000);
  const scene = new Scene();
  before(() => scene.start());
  after(() => scene.stopp());
  afterEach(function () {
    return scene.ryddEtterTest(this.currentTest);
  });

  async function oppgave(navn: string, steg: StegId): Promise<{ id: string; sti: string }> {
    const sakId = await scene.saker.anmod((await scene.saker.nyPerson(navn)).id);
    const foer: StegId[] = ['avklar-instans', 'informer-og-avklar', 'kartlegg-og-vurder'];
    for (const s of foer.slice(0, foer.indexOf(steg))) await scene.saker.gjoer(sakId, s);
    const { id, eier } = await scene.saker.finnOppgave(sakId, steg);
    if (!eier) await (await scene.saker.som(HVEM[steg])).send('POST', `/api/oppgaver/${id}/ta`);
    return { id, sti: `/oppgaver/${id}` };
  }
  async function lagret(slag: string, gjelder: string): Promise<Record<string, unknown> | null> {
    const rader: { data: Record<string, unknown> }[] = await scene.app.app.ds.query(
      'select data from utkast where slag = $1 and gjelder = $2',
      [slag, gjelder],
    );
    return rader[0]?.data ?? null;
  }
  const HVORFOR = 'Hvorfor skal denne enheten avgjøre?';
  const begrunnelse = (side: Page) => felt(side, HVORFOR).locator('textarea');
  const erLagret = (side: Page): Promise<void> => ser(side, /Utkastet er lagret kl\./);
  /** Stenger veien til utkastet; gir tilbake en som åpner den igjen. */
  async function steng(kontekst: BrowserContext): Promise<() => Promise<void>> {
    await kontekst.route('**/utkast*/**', (rute) => rute.abort());
    await kontekst.route('**/utkast', (rute) => rute.abort());
    return () => kontekst.unrouteAll();
  }

  it('to vinduer på samme oppgave: den som lagrer sist, får se begge og velger felt for felt; ingenting skrives over', async () => {
    const { id, sti } = await oppgave('To Vinduer', 'avklar-instans');
    const [en, to] = [await scene.som('ola-hansen'), await scene.som('ola-hansen')];
    for (const side of [en, to]) {
      await side.goto(sti);
      await begrunnelse(side).waitFor();
    }
    await velg(en, 'Hvem skal avgjøre saken?', 'NAV');
    await begrunnelse(en).fill('Skrevet i det første vinduet.');
    await erLagret(en);
    await begrunnelse(to).fill('Skrevet i det andre vinduet.');
    await ser(to, 'Utkastet er endret i et annet vindu');
    await ser(to, /Ikke lagret: utkastet er endret i et annet vindu/);
    expect((await lagret('oppgave', id))?.['begrunnelse']).to.equal('Skrevet i det første vinduet.');
    const valg = to.locator('section.konflikt');
    await ser(valg, 'Skrevet i det første vinduet.');
    await ser(valg, 'Skrevet i det andre vinduet.');
    await ser(valg, 'NAV');
    await bilde(to, 'utkast-konflikt', true);
    expect(await wcagBrudd(to)).to.deep.equal([]);
    // Det som skrives mens valget står åpent, blir stående, og er det som gjelder som «mitt».
    await begrunnelse(to).fill('Skrevet i det andre vinduet, og mer.');
    await valg.getByRole('radio', { name: 'Ta med begge, etter hverandre' }).check();
    await valg.getByRole('button', { name: 'Bruk dette' }).click();
    await erLagret(to);
    const begge = 'Skrevet i det andre vinduet, og mer.\n\nSkrevet i det første vinduet.';
    expect(await begrunnelse(to).inputValue()).to.equal(begge);
    expect(await lagret('oppgave', id)).to.include({ begrunnelse: begge, regime: 'nav' });
    expect(await felt(to, 'Hvem skal avgjøre saken?').getByRole('radio', { name: 'NAV' }).isChecked()).to.equal(true);
    // Det første vinduet er nå det som er gammelt, og får vite det også når det sender inn.
    await begrunnelse(en).fill('Mer i det første.');
    await en.getByRole('button', { name: 'Legg saken til NAV' }).click();
    await ser(en, 'Utkastet er endret i et annet vindu');
    expect((await scene.saker.oppgave(id, 'ola-hansen')).oppgave.status).to.equal('aapen');
    await en
      .locator('section.konflikt')
      .getByRole('radio', { name: /^Det som er lagret/ })
      .check();
    await en.getByRole('button', { name: 'Bruk dette' }).click();
    await erLagret(en);
    expect(await begrunnelse(en).inputValue()).to.equal(begge);
  });

  it('valget mellom to utkast får plass på en telefon', async () => {
    const { id, sti } = await oppgave('Telefon Telefonsen', 'avklar-instans');
    const side = await scene.som('ola-hansen', TELEFON);
    await side.goto(sti);
    await begrunnelse(side).waitFor();
    await (
      await scene.saker.som('ola-hansen')
    ).send('PUT', `/api/oppgaver/${id}/utkast`, {
      data: { begrunnelse: 'Skrevet et annet sted. '.repeat(20), regime: 'barnevern' },
      grunnlag: 0,
      fane: randomUUID(),
      nr: 1,
    });
    await begrunnelse(side).fill('Skrevet på telefonen.');
    await ser(side, 'Utkastet er endret i et annet vindu');
    await bilde(side, 'utkast-konflikt-telefon', true);
    expect(await side.evaluate(() => document.documentElement.scrollWidth - innerWidth)).to.be.at.most(0);
    expect(await side.getByRole('button', { name: 'Bruk dette' }).isDisabled()).to.equal(true);
  });

  it('80 kB skrevet og fanen lukket: den som skriver, blir spurt, og det som ble skrevet, er lagret', async () => {
    const { id, sti } = await oppgave('Aatti Kilobyte', 'kartlegg-og-vurder');
    const ola = await scene.som('ola-hansen');
    await ola.goto(sti);
    const felter = {
      kriterier: 'Oppfyller planeier kriteriene?',
      koordineringsbehov: 'Behov for koordinering',
      kritiskeOverganger: 'Overganger som krever ekstra koordinering',
      aktiveTjenester: 'Aktive tjenester, omfang og tiltak i dag',
      samarbeidsparter: 'Aktuelle samarbeidsparter, internt og eksternt',
    };
    for (const ledetekst of Object.values(felter)) await skriv(ola, ledetekst, 'å'.repeat(8_000));
    const spurt = ola.waitForEvent('dialog');
    await ola.close({ runBeforeUnload: true });
    const dialog = await spurt;
    expect(dialog.type()).to.equal('beforeunload');
    await dialog.dismiss();
    await erLagret(ola);
    const data = await lagret('oppgave', id);
    for (const f of Object.keys(felter)) expect(String(data?.[f]).length, f).to.equal(8_000);
    // Alt er lagret: nå lukkes den uten spørsmål.
    await Promise.all([ola.waitForEvent('close'), ola.close({ runBeforeUnload: true })]);
  });

  it('den som lukker likevel, mister ikke det siste feltet: bare det som er endret, sendes når siden forlates', async () => {
    const { id, sti } = await oppgave('Lukket Likevel', 'kartlegg-og-vurder');
    const ola = await scene.som('ola-hansen');
    await ola.goto(sti);
    const fire = [
      'Oppfyller planeier kriteriene?',
      'Behov for koordinering',
      'Overganger som krever ekstra koordinering',
      'Aktive tjenester, omfang og tiltak i dag',
    ];
    for (const ledetekst of fire) await skriv(ola, ledetekst, 'å'.repeat(8_000));
    await erLagret(ola);
    await skriv(ola, 'Aktuelle samarbeidsparter, internt og eksternt', 'å'.repeat(8_000));
    ola.on('dialog', (d) => void d.accept());
    await Promise.all([ola.waitForEvent('close'), ola.close({ runBeforeUnload: true })]);
    await ventTil('det siste feltet', async () => {
      const data = await lagret('oppgave', id);
      return String(data?.['samarbeidsparter']).length === 8_000 ? true : null;
    });
    expect(String((await lagret('oppgave', id))?.['kriterier']).length).to.equal(8_000);
  });

  it('«Legg tilbake» lagrer det siste først, og beholder oppgaven og sier hvorfor når det ikke går', async () => {
    const { id, sti } = await oppgave('Legg Tilbake', 'avklar-instans');
    const ola = await scene.som('ola-hansen');
    await ola.goto(sti);
    await begrunnelse(ola).waitFor();
    const aapne = await steng(ola.context());
    await begrunnelse(ola).fill('Dette må ikke bli borte.');
    await ola.getByRole('button', { name: 'Legg tilbake' }).click();
    await ser(ola, /Det du har skrevet, er ikke lagret/);
    expect((await scene.saker.oppgave(id, 'ola-hansen')).oppgave.eier?.id).to.equal('ola-hansen');
    expect(await begrunnelse(ola).inputValue()).to.equal('Dette må ikke bli borte.');
    await aapne();
    await begrunnelse(ola).fill('Dette må ikke bli borte, heller ikke det siste.');
    await ola.getByRole('button', { name: 'Legg tilbake' }).click();
    await ola.getByRole('button', { name: 'Ta oppgaven' }).waitFor();
    expect((await lagret('oppgave', id))?.['begrunnelse']).to.equal('Dette må ikke bli borte, heller ikke det siste.');
  });

  describe('den som logger ut i samme fane', () => {
    const loggUt = async (side: Page): Promise<void> => side.getByRole('button', { name: 'Logg ut' }).click();
    const notat = (side: Page) => side.getByLabel('Det som ble sagt, skrevet ned');
    async function loggInnIngrid(side: Page): Promise<void> {
      await side.getByRole('button', { name: /^Ingrid Bakke/ }).click();
      await side.getByRole('button', { name: 'Logg ut' }).waitFor();
    }

    it('rett etter siste tastetrykk, finner det igjen; den som logger inn etterpå, får ingenting av det', async () => {
      const { id, sti } = await oppgave('Logger Ut', 'avklar-instans');
      const side = await scene.som('bente-strand');
      await side.goto('/ny-anmodning');
      await side.getByRole('radio', { name: 'Muntlig' }).check();
      await notat(side).fill('Bentes ord.');
      await loggUt(side);
      await side.waitForURL(/logg-inn/);
      expect(await lagret('ny-anmodning', 'bente-strand')).to.include({ notat: 'Bentes ord.' });
      await loggInnIngrid(side);
      await side.goto('/ny-anmodning');
      await ser(side, 'Det du skriver, lagres av seg selv.');
      expect(await lagret('ny-anmodning', 'ingrid-bakke')).to.equal(null);
      const ola = await scene.som('ola-hansen');
      await ola.goto(sti);
      await begrunnelse(ola).fill('Skrevet og logget ut.');
      await loggUt(ola);
      await ola.waitForURL(/logg-inn/);
      expect((await lagret('oppgave', id))?.['begrunnelse']).to.equal('Skrevet og logget ut.');
    });

    it('med noe som ikke har utkast, blir spurt, og det samme når fanen lukkes', async () => {
      const sakId = await scene.saker.anmod((await scene.saker.nyPerson('Uten Utkast')).id);
      const side = await scene.som('ola-hansen');
      const spurt = async (): Promise<void> => {
        const dialog = side.waitForEvent('dialog');
        await side.close({ runBeforeUnload: true });
        await (await dialog).dismiss();
        await loggUt(side);
        await ser(side, /Du er ikke logget ut\. Det er noe på siden du ikke har sendt/);
      };
      await side.goto(`/saker/${sakId}?del=dokumenter`);
      await side.getByRole('button', { name: 'Legg ved dokument' }).click();
      await side.getByLabel('Hvem er det fra?').fill('Fastlegen');
      await spurt();
      expect(await side.getByLabel('Hvem er det fra?').inputValue()).to.equal('Fastlegen');
      await side.getByRole('button', { name: 'Avbryt' }).click();
      await side.getByRole('button', { name: 'Trekk anmodningen' }).click();
      await side.getByLabel('Hvem trakk anmodningen, og hvorfor?').fill('Mor ringte.');
      await spurt();
      await side.getByRole('button', { name: 'Avbryt' }).click();
      await loggUt(side);
      await side.waitForURL(/logg-inn/);
    });

    it('når det ikke lar seg lagre, blir spurt; logger hun ut likevel, havner det ikke hos den neste', async () => {
      const side = await scene.som('bente-strand');
      await side.goto('/ny-anmodning');
      await side.getByRole('radio', { name: 'Muntlig' }).check();
      const aapne = await steng(side.context());
      await notat(side).fill('Bentes ord som ikke ble lagret.');
      await loggUt(side);
      await ser(side, /Du er ikke logget ut\. Det du har skrevet, er ikke lagret/);
      const synlig = side.getByText(/Du er ikke logget ut/).evaluate((e) => {
        const { top, bottom } = e.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      });
      expect(await synlig).to.equal(true);
      await bilde(side, 'logg-ut-ikke-lagret');
      expect(await wcagBrudd(side)).to.deep.equal([]);
      expect(await notat(side).inputValue()).to.equal('Bentes ord som ikke ble lagret.');
      await loggUt(side);
      await side.waitForURL(/logg-inn/);
      await aapne();
      await loggInnIngrid(side);
      await side.waitForTimeout(6_000); // lagringen prøver igjen etter fem sekunder
      expect(await lagret('ny-anmodning', 'ingrid-bakke')).to.equal(null);
    });
  });

  it('etter et skjema som ble avvist, sier linja rett, og det som skrives etterpå, lagres', async () => {
    const { id, sti } = await oppgave('Avvist Avvistsen', 'avklar-instans');
    const ola = await scene.som('ola-hansen');
    await ola.goto(sti);
    await begrunnelse(ola).waitFor();
    await ola.route('**/fullfoer', (rute) =>
      rute.fulfill({
        status: 422,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          title: 'Noe må rettes',
          status: 422,
          feil: [{ felt: 'begrunnelse', melding: 'Skriv mer om hvorfor.' }],
        }),
      }),
    );
    await begrunnelse(ola).fill('Skrevet like før innsending.');
    await ola.getByRole('button', { name: 'Legg saken til koordinerende enhet' }).click();
    await ser(ola, /Skriv mer om hvorfor/);
    await erLagret(ola);
    expect(await ola.locator('.utkast').textContent()).not.to.contain('Lagrer');
    await begrunnelse(ola).fill('Skrevet etter at det ble avvist.');
    await ventTil('lagret etterpå', async () =>
      (await lagret('oppgave', id))?.['begrunnelse'] === 'Skrevet etter at det ble avvist.' ? true : null,
    );
    await erLagret(ola);
  });

  it('når serveren sier nei til utkastet, står teksten, linja sier hvorfor, og det prøves igjen', async () => {
    const { id, sti } = await oppgave('Nei Neisen', 'avklar-instans');
    const ola = await scene.som('ola-hansen');
    await ola.goto(sti);
    await begrunnelse(ola).waitFor();
    await ola.route('**/utkast', (rute) =>
      rute.fulfill({
        status: 409,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          title: 'Annen bruker',
          status: 409,
          detail: 'Siden viser en annen enn den som er logget inn.',
        }),
      }),
    );
    await begrunnelse(ola).fill('Står her uansett.');
    await ser(ola, /Ikke lagret\. Siden viser en annen enn den som er logget inn\./);
    await bilde(ola, 'utkast-ikke-lagret');
    expect(await begrunnelse(ola).inputValue()).to.equal('Står her uansett.');
    // Går de til en annen side med det ulagret, sier den fra og viser veien tilbake.
    await ola.getByRole('navigation', { name: 'Hovedmeny' }).getByRole('link', { name: 'Hjelp' }).click();
    await ser(ola, /Det du har skrevet, er ikke lagret/);
    await ola.unrouteAll();
    await ola.getByRole('link', { name: 'Gå tilbake til skjemaet' }).click();
    await begrunnelse(ola).waitFor();
    expect(await begrunnelse(ola).inputValue()).to.equal('Står her uansett.');
    // Vinduet prøver også av seg selv når det tas fram igjen; da er knappen alt borte.
    await ola
      .getByRole('button', { name: 'Prøv igjen' })
      .click({ timeout: 2_000 })
      .catch(() => undefined);
    await erLagret(ola);
    expect((await lagret('oppgave', id))?.['begrunnelse']).to.equal('Står her uansett.');
  });

  it('en ny anmodning har utkast: hentes fram etter ny lasting, to vinduer får velge, og det slettes når den er sendt', async () => {
    const { id: person } = await scene.saker.nyPerson('Utkast Til Anmodning');
    const ola = await scene.som('ola-hansen');
    await ola.goto(`/ny-anmodning?person=${person}`);
    await ser(ola, 'Utkast Til Anmodning');
    await ola.getByRole('radio', { name: 'Muntlig' }).check();
    await ola.getByLabel('Det som ble sagt, skrevet ned').fill('Mor ringte.');
    await erLagret(ola);
    await ola.goto('/ny-anmodning');
    await ser(ola, /Utkastet som ble lagret .*, er hentet fram/);
    await ser(ola, 'Utkast Til Anmodning');
    expect(await ola.getByLabel('Det som ble sagt, skrevet ned').inputValue()).to.equal('Mor ringte.');
    await bilde(ola, 'ny-anmodning-utkast', true);
    const annet = await scene.som('ola-hansen');
    await annet.goto('/ny-anmodning');
    await annet.getByLabel('Det som ble sagt, skrevet ned').fill('Mor ringte fra det andre vinduet.');
    await erLagret(annet);
    await ola.getByLabel('Det som ble sagt, skrevet ned').fill('Mor ringte igjen.');
    await ser(ola, 'Utkastet er endret i et annet vindu');
    await bilde(ola, 'ny-anmodning-konflikt', true);
    await ola.locator('section.konflikt').getByRole('radio', { name: 'Ta med begge, etter hverandre' }).check();
    await ola.getByRole('button', { name: 'Bruk dette' }).click();
    await erLagret(ola);
    // En annens utkast er deres eget.
    const anne = await scene.som('anne-lie');
    await anne.goto('/ny-anmodning');
    await ser(anne, 'Det du skriver, lagres av seg selv.');
    // Åpnet for en annen person blandes de ikke.
    const { id: enAnnen } = await scene.saker.nyPerson('En Helt Annen');
    await annet.goto(`/ny-anmodning?person=${enAnnen}`);
    await ser(annet, 'Du har en påbegynt anmodning');
    await ser(annet, /Den gjelder Utkast Til Anmodning/);
    await ola.getByRole('radio', { name: 'Personen selv' }).check();
    await ola.getByRole('radio', { name: 'Individuell plan' }).check();
    await ola.getByRole('button', { name: 'Registrer anmodningen' }).click();
    await heter(ola, /sak 2026\//);
    expect(await lagret('ny-anmodning', 'ola-hansen')).to.equal(null);
    const rader: { notat: string }[] = await scene.app.app.ds.query(
      'select a.notat from anmodning a join sak s on s.id = a.sak_id where s.person_id = $1',
      [person],
    );
    expect(rader[0]?.notat).to.equal('Mor ringte igjen.\n\nMor ringte fra det andre vinduet.');
  });

  describe('datoer', () => {
    const INFORMERT = 'Dagen informasjonen ble gitt';
    it('i et oppgaveskjema: en dato som ikke finnes, er en feil ved feltet, og det som er skrevet, står; kortformene leses', async () => {
      const { id, sti } = await oppgave('Dato Datosen', 'informer-og-avklar');
      const ola = await scene.som('ola-hansen');
      await ola.goto(sti);
      const dato = felt(ola, INFORMERT).locator('input[type=text]');
      const forlat = async (tekst: string, vist: string): Promise<void> => {
        await dato.fill(tekst);
        await dato.press('Tab');
        await ventTil(`${tekst} → ${vist}`, async () => ((await dato.inputValue()) === vist ? true : null), 10_000);
      };
      await forlat('31.02.2026', '31.02.2026');
      await ser(felt(ola, INFORMERT), 'Datoen 31.02.2026 finnes ikke. Februar 2026 har 28 dager.');
      await bilde(ola, 'dato-finnes-ikke');
      expect(await wcagBrudd(ola)).to.deep.equal([]);
      // Også i utkastet er det som skrevet.
      await erLagret(ola);
      await ola.reload();
      await dato.waitFor();
      expect(await dato.inputValue()).to.equal('31.02.2026');
      for (const [skrevet, vist] of [
        ['271126', '27.11.2026'],
        ['27112026', '27.11.2026'],
        ['3.4.2026', '03.04.2026'],
        ['2026-04-05', '05.04.2026'],
        ['32.01.2026', '32.01.2026'],
        ['29.02.2025', '29.02.2025'],
        ['i går', 'i går'],
      ] as const) {
        await forlat(skrevet, vist);
      }
      await ser(felt(ola, INFORMERT), 'Skriv datoen som dd.mm.åååå, for eksempel 27.11.2026.');
      await forlat('271126', '27.11.2026');
      await ventTil('datoen i utkastet', async () =>
        (await lagret('oppgave', id))?.['informertDato'] === '2026-11-27' ? true : null,
      );
    });

    it('i ny anmodning: det samme', async () => {
      const bente = await scene.som('bente-strand');
      await bente.goto('/ny-anmodning');
      const mottatt = bente.getByLabel('Mottatt', { exact: true });
      await mottatt.fill('31.02.2026');
      await mottatt.press('Tab');
      expect(await mottatt.inputValue()).to.equal('31.02.2026');
      await ser(bente, 'Datoen 31.02.2026 finnes ikke. Februar 2026 har 28 dager.');
      await bilde(bente, 'ny-anmodning-dato', true);
      await mottatt.fill('010226');
      await mottatt.press('Tab');
      await ventTil(
        'datoen i feltet',
        async () => ((await mottatt.inputValue()) === '01.02.2026' ? true : null),
        10_000,
      );
    });

    it('serveren tar heller ikke imot en dato som ikke finnes', async () => {
      const { id } = await oppgave('Dato Tjener', 'informer-og-avklar');
      const svar = await (
        await scene.saker.som(HVEM['informer-og-avklar'])
      ).send<{ feil: { felt: string; melding: string }[] }>('POST', `/api/oppgaver/${id}/fullfoer`, {
        innsendingId: randomUUID(),
        data: { ...STEGDATA['informer-og-avklar'], informertDato: '31.02.2026' },
      });
      expect(svar.status).to.equal(422);
      expect(svar.kropp.feil).to.deep.equal([
        { felt: 'informertDato', melding: 'Datoen 31.02.2026 finnes ikke. Februar 2026 har 28 dager.' },
      ]);
    });
  });
});

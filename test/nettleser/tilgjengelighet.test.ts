import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { OppgaveListe } from '../../src/contract/api.ts';
import { bilde, forBred, LAPTOP, Scene, SMALEST, TELEFON, wcagBrudd, type Skjerm } from './nettleser.ts';

/** Hver side er prøvd slik den er for en som har noe på den. */
describe('Tilgjengelighet på hver side', function () {
  this.timeout(120_000);
  const scene = new Scene();
  let sider: { som: string | null; sti: string }[] = [];

  before(async () => {
    await scene.start({ DEMO_DATA: 'ja' });
    await scene.ventPaaDemo();
    sider = [
      { som: null, sti: '/logg-inn' },
      { som: 'ola-hansen', sti: '/oppgaver' },
      { som: 'ola-hansen', sti: '/oppgaver?fane=ledige' },
      { som: 'ola-hansen', sti: '/oppgaver?sok=finnesikke' },
      { som: 'kari-moe', sti: '/oppgaver?fane=enheten' },
      { som: 'ola-hansen', sti: '/saker?status=alle' },
      { som: 'ola-hansen', sti: '/ny-anmodning' },
      { som: 'ola-hansen', sti: '/rutiner' },
      { som: 'ola-hansen', sti: '/rutiner/ip-saksbehandle' },
      { som: 'ola-hansen', sti: '/kompetanse' },
      { som: 'ola-hansen', sti: '/hjelp' },
      { som: 'ola-hansen', sti: '/tilgjengelighet' },
      { som: 'ola-hansen', sti: '/finnes-ikke' },
      { som: 'tor-nilsen', sti: '/drift' },
      { som: 'tor-nilsen', sti: '/brukere' },
      { som: 'siri-dahl', sti: '/brukere' },
    ];
    // Ett av hvert steg som ligger åpent, hos en som kan gjøre det.
    const steg = new Set<string>();
    for (const bruker of ['ola-hansen', 'ingrid-bakke', 'siri-dahl', 'jonas-vik']) {
      for (const fane of ['mine', 'ledige']) {
        const k = await scene.saker.som(bruker);
        const { kropp } = await k.hent<OppgaveListe>(`/api/oppgaver?fane=${fane}&antall=200`);
        for (const rad of kropp.rader) {
          if (steg.has(rad.stegId)) continue;
          steg.add(rad.stegId);
          if (rad.kanTa) await k.send('POST', `/api/oppgaver/${rad.id}/ta`);
          sider.push({ som: bruker, sti: `/oppgaver/${rad.id}` });
        }
      }
    }
    expect(steg.size).to.be.greaterThan(7);
    const saker = await (
      await scene.saker.som('ola-hansen')
    ).hent<{ rader: { id: string; status: string }[] }>('/api/saker?status=alle');
    const avsluttet = saker.kropp.rader.find((s) => s.status === 'avsluttet');
    for (const del of ['', '?del=dokumenter', '?del=fakta', '?del=prosess'])
      sider.push({ som: 'ola-hansen', sti: `/saker/${avsluttet?.id}${del}` });
  });
  after(() => scene.stopp());
  afterEach(function () {
    return scene.ryddEtterTest(this.currentTest);
  });

  /** Ferdig tegnet: noe å lese, og ingenting som fortsatt hentes. */
  async function ferdig(side: Page): Promise<void> {
    await side.locator('h1').first().waitFor();
    await side.waitForFunction(
      () => !document.querySelector('.skjelett, [aria-busy="true"]') && document.title !== 'Individuell plan',
    );
    if (/\/oppgaver\/./.test(side.url())) await side.locator('.fjs-form').waitFor();
    if (/del=prosess|rutiner\/./.test(side.url())) await side.locator('.djs-container svg').first().waitFor();
  }

  /** Går gjennom alle sidene i vinduer av en størrelse og samler det `maal` finner, med siden foran. */
  async function paaHverSide(skjerm: Skjerm, navn: string, maal: (side: Page) => Promise<string[]>): Promise<string[]> {
    const vinduer = new Map<string | null, Page>();
    const funn: string[] = [];
    for (const { som, sti } of sider) {
      const side = vinduer.get(som) ?? (som === null ? await scene.vindu(skjerm) : await scene.som(som, skjerm));
      vinduer.set(som, side);
      await side.goto(sti);
      await ferdig(side);
      await bilde(side, `${navn}${sti.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'id').replace(/\W+/g, '-')}${som ?? ''}`);
      funn.push(...(await maal(side)).map((f) => `${sti} (${som ?? 'ingen'}): ${f}`));
    }
    return funn;
  }

  const forSmal = async (side: Page, hvor: string): Promise<string[]> => {
    const piksler = await forBred(side);
    return piksler > 0 ? [`${piksler} piksler for bred ${hvor}`] : [];
  };

  it('på en laptop: ingen brudd på WCAG 2.2 A og AA, egen tittel på hver side, og ingen vannrett rulling med teksten i dobbel størrelse', async () => {
    const titler = new Map<string, string>();
    const funn = await paaHverSide(LAPTOP, 'laptop', async (side) => {
      const brudd = await wcagBrudd(side);
      const tittel = await side.title();
      const sti = new URL(side.url()).pathname;
      if (!/^(?!Individuell plan$).+ – Individuell plan$/.test(tittel)) brudd.push(`tittelen er «${tittel}»`);
      if ((titler.get(tittel) ?? sti) !== sti) brudd.push(`heter «${tittel}», det gjør ${titler.get(tittel)} også`);
      titler.set(tittel, sti);
      await side.addStyleTag({ content: ':root { font-size: 200% !important; }' });
      return [...brudd, ...(await forSmal(side, 'med dobbel tekst'))];
    });
    expect(funn).to.deep.equal([]);
  });

  it('på en telefon: ingen brudd på WCAG 2.2 A og AA, og ingen vannrett rulling i 320 piksler', async () => {
    const funn = await paaHverSide(TELEFON, 'telefon', async (side) => {
      const brudd = await wcagBrudd(side);
      await side.setViewportSize({ width: SMALEST.bredde, height: SMALEST.hoeyde });
      const smalt = await forSmal(side, 'i 320 piksler');
      await side.setViewportSize({ width: TELEFON.bredde, height: TELEFON.hoeyde });
      return [...brudd, ...smalt];
    });
    expect(funn).to.deep.equal([]);
  });
});

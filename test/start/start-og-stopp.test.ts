import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { Appprosess, ledigPort } from '../hjelp/appprosess.ts';
import { lagTestmappe } from '../hjelp/mappe.ts';
import { Sakskjoering, ventTil } from '../hjelp/sakskjoering.ts';

/** Prosesser som fortsatt bruker datamappa. */
function brukere(mappe: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
  return stdout.split('\n').filter((l) => l.includes(mappe));
}

describe('start og stopp', function () {
  this.timeout(180_000);
  let mappe: string;
  let port: number;
  let apper: Appprosess[] = [];
  /** En app som stoppes når testen er over, også når den feiler. */
  const lagApp = (...valg: ConstructorParameters<typeof Appprosess>): Appprosess => {
    const app = new Appprosess(...valg);
    apper.push(app);
    return app;
  };
  beforeEach(async () => {
    mappe = path.join(lagTestmappe('start '), 'data mappe');
    port = await ledigPort();
  });
  afterEach(async () => {
    for (const app of apper) await app.stopp('SIGTERM');
    apper = [];
    rmSync(path.dirname(mappe), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  it('første start har demopersoner og et dusin saker; Ctrl-C stopper alt; neste start fortsetter', async () => {
    const app = lagApp(mappe, port, { DEMO_DATA: 'ja' });
    app.start();
    await app.ventKlar();
    await ventTil('hilsenen', async () => (app.utskrift.includes('Stopp med Ctrl-C') ? true : null), 10_000);
    expect(app.utskrift)
      .to.include(app.adresse)
      .and.to.match(/Demo-innlogging er på/);
    const k = new Sakskjoering(app.adresse);
    const liste = await (await k.som('ola-hansen')).hent<{ totalt: number }>('/api/saker?status=alle');
    expect(liste.kropp.totalt).to.be.greaterThan(8);
    const person = await k.nyPerson('Husket Person');
    const sakId = await k.anmod(person.id);
    expect(await app.stopp('SIGINT')).to.equal(0);
    expect(brukere(mappe)).to.deep.equal([]);

    const igjen = lagApp(mappe, port);
    igjen.start();
    const ms = await igjen.ventKlar();
    console.log(`      andre start: ${ms} ms til siden er klar`);
    expect((await new Sakskjoering(igjen.adresse).sak(sakId)).person.navn).to.equal('Husket Person');
    await igjen.stopp('SIGTERM');
    expect(brukere(mappe)).to.deep.equal([]);
  });

  it('drept midt i den aller første starten: den neste kommer opp', async () => {
    for (const ms of [300, 900, 1_600, 2_500]) {
      const app = lagApp(mappe, port, { DEMO_DATA: 'ja' });
      app.start();
      await new Promise((ok) => setTimeout(ok, ms));
      await app.stopp('SIGKILL');
    }
    const app = lagApp(mappe, port, { DEMO_DATA: 'ja' });
    app.start();
    await app.ventKlar();
    const liste = await (
      await new Sakskjoering(app.adresse).som('ola-hansen')
    ).hent<{ totalt: number }>('/api/saker?status=alle');
    expect(liste.kropp.totalt).to.be.greaterThan(8);
    await app.stopp('SIGTERM');
  });

  it('en annen start på samme datamappe sier at systemet alt kjører, og forstyrrer det ikke', async () => {
    const app = lagApp(mappe, port);
    app.start();
    await app.ventKlar();
    const andre = lagApp(mappe, await ledigPort());
    andre.start();
    await andre.ventKlar().then(
      () => expect.fail('den andre skulle ikke komme opp'),
      () => expect(andre.utskrift).to.include('Systemet kjører allerede på denne datamappa'),
    );
    expect((await fetch(`${app.adresse}/health/ready`)).status).to.equal(200);
    await app.stopp('SIGTERM');
  });

  it('en innstilling som ikke kan brukes, navngis, og ingenting startes', async () => {
    const app = lagApp(mappe, port, { ENGINE_CLOCK: 'fort' });
    app.start();
    await app.ventKlar().then(
      () => expect.fail('skulle ikke starte'),
      () => expect(app.utskrift).to.include('ENGINE_CLOCK må være system eller controlled'),
    );
    expect(brukere(mappe)).to.deep.equal([]);
  });
});

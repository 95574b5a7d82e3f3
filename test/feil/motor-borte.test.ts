import { expect } from 'chai';
import { startTestapp, type Testapp } from '../hjelp/app.ts';
import { Sakskjoering, ventTil } from '../hjelp/sakskjoering.ts';
import { STEGDATA } from '../hjelp/stegdata.ts';
import { startFjernklynge, type Fjernklynge } from './klynge.ts';

describe('Motoren borte og tilbake', function () {
  this.timeout(60_000);
  let klynge: Fjernklynge;
  let app: Testapp;
  let kjoer: Sakskjoering;
  before(async () => {
    klynge = await startFjernklynge();
    app = await startTestapp({
      motor: 'innebygd',
      miljoe: { CAMUNDA_REST_ADDRESS: klynge.adresse, ENGINE_CLOCK: 'system' },
    });
    kjoer = new Sakskjoering(app.adresse);
  });
  after(async () => {
    klynge.kommTilbake();
    await app.stopp();
    await klynge.stopp();
  });
  afterEach(() => klynge.kommTilbake());

  it('arbeid som fullføres imens, er lagret; svaret sier at saken ikke har gått videre ennå, og den gjør det når motoren er tilbake', async () => {
    const { id } = await kjoer.nyPerson('Borte Borgersen');
    const sakId = await kjoer.anmod(id);
    const oppgave = await kjoer.finnOppgave(sakId, 'avklar-instans');
    const ola = await kjoer.som('ola-hansen');
    await ola.send('POST', `/api/oppgaver/${oppgave.id}/ta`);

    klynge.taBort();
    const svar = await kjoer.fullfoer(oppgave.id, STEGDATA['avklar-instans'], 'ola-hansen');
    expect(svar).to.include({ motorHarSvart: false, nesteOppgaveId: null, sakId });
    expect((await kjoer.oppgave(oppgave.id, 'ola-hansen')).oppgave.status).to.equal('fullfoerer');
    const { fakta } = await kjoer.sak(sakId);
    expect(fakta.map((f) => f.stegTittel)).to.deep.equal(['Avklar hvem som avgjør']);

    klynge.kommTilbake();
    await kjoer.finnOppgave(sakId, 'informer-og-avklar');
    expect((await kjoer.oppgave(oppgave.id, 'ola-hansen')).oppgave.status).to.equal('fullfoert');
    const rader: { n: number }[] = await app.app.ds.query(
      `select count(*)::int as n from steg_svar where oppgave_id = $1`,
      [oppgave.id],
    );
    expect(rader[0]?.n).to.equal(1);
  });

  it('en anmodning som registreres imens, er en sak med en gang, og kommer i gang når motoren er tilbake', async () => {
    const { id } = await kjoer.nyPerson('Vente Ventesen');
    klynge.taBort();
    const sakId = await kjoer.anmod(id);
    expect((await kjoer.sak(sakId)).sak.status).to.equal('aapen');
    klynge.kommTilbake();
    await kjoer.finnOppgave(sakId, 'avklar-instans');
    const rader: { n: number }[] = await app.app.ds.query(
      `select count(*)::int as n from oppgave where sak_id = $1 and type = 'steg'`,
      [sakId],
    );
    expect(rader[0]?.n, 'nøyaktig én prosess er startet').to.equal(1);
  });

  it('lister, saker og søk svarer imens; prosessbildet er sist kjente og sier at det er det; helsesjekken sier at motoren er borte', async () => {
    const { id } = await kjoer.nyPerson('Les Leseren');
    const sakId = await kjoer.anmod(id);
    await kjoer.finnOppgave(sakId, 'avklar-instans');
    klynge.taBort();
    const ola = await kjoer.som('ola-hansen');
    for (const sti of ['/api/oppgaver?fane=ledige', '/api/saker', `/api/saker/${sakId}`, '/api/sok?q=Leseren']) {
      expect((await ola.hent(sti)).status, sti).to.equal(200);
    }
    const prosess = await ola.hent<{ motorBorte: boolean; diagrammer: unknown[] }>(`/api/saker/${sakId}/prosess`);
    expect(prosess.status).to.equal(200);
    expect(prosess.kropp.motorBorte).to.equal(true);
    const helse = await fetch(`${app.adresse}/health/ready`);
    expect(helse.status).to.equal(503);
    expect(await helse.json()).to.include({ database: true, motor: false });
    const tor = await kjoer.som('tor-nilsen');
    const drift = await tor.hent<{ motor: { oppe: boolean } }>('/api/drift');
    expect(drift.kropp.motor.oppe).to.equal(false);
    klynge.kommTilbake();
    await ventTil('motoren er oppe', async () =>
      (await fetch(`${app.adresse}/health/ready`)).status === 200 ? true : null,
    );
  });

  it('appen starter selv om motoren er borte, og ruller ut rutinene når den svarer', async () => {
    klynge.taBort();
    const ny = await startTestapp({
      motor: 'innebygd',
      miljoe: { CAMUNDA_REST_ADDRESS: klynge.adresse, ENGINE_CLOCK: 'system' },
    });
    try {
      const rutiner = async (): Promise<number> => {
        const rader: { n: number }[] = await ny.app.ds.query('select count(*)::int as n from rutineversjon');
        return rader[0]?.n ?? 0;
      };
      expect(await rutiner()).to.equal(0);
      klynge.kommTilbake();
      await ventTil('rutinene', async () => ((await rutiner()) > 0 ? true : null));
    } finally {
      await ny.stopp();
    }
  });
});

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Problem, Utkast, UtkastSvar } from '../../src/contract/api.ts';
import { UTKAST_ENDRET } from '../../src/contract/utkast.ts';
import { startTestapp, type Testapp } from '../hjelp/app.ts';
import type { Klient, Svar } from '../hjelp/klient.ts';
import { Sakskjoering } from '../hjelp/sakskjoering.ts';
import { STEGDATA } from '../hjelp/stegdata.ts';

/** Utkast gjennom døra: ingen skriver over det de ikke har sett. */
describe('Utkast', function () {
  this.timeout(60_000);
  let app: Testapp;
  let kjoer: Sakskjoering;
  let ola: Klient;
  before(async () => {
    app = await startTestapp({ motor: 'innebygd' });
    kjoer = new Sakskjoering(app.adresse);
    ola = await kjoer.som('ola-hansen');
  });
  after(() => app.stopp());

  type Lagresvar = Svar<UtkastSvar & Problem>;
  interface Vindu {
    fane: string;
    nr: number;
  }
  const vindu = (): Vindu => ({ fane: randomUUID(), nr: 0 });
  const lagre = (sti: string, v: Vindu, grunnlag: number, data: object, ekstra: object = {}): Promise<Lagresvar> =>
    ola.send('PUT', sti, { data, grunnlag, fane: v.fane, nr: ++v.nr, ...ekstra });

  async function oppgave(): Promise<{ id: string; sti: string }> {
    const sakId = await kjoer.anmod((await kjoer.nyPerson('Utkast Utkastsen')).id);
    const { id } = await kjoer.finnOppgave(sakId, 'avklar-instans');
    await ola.send('POST', `/api/oppgaver/${id}/ta`);
    return { id, sti: `/api/oppgaver/${id}/utkast` };
  }
  const mitt = async (): Promise<Utkast | null> =>
    (await ola.hent<{ utkast: Utkast | null }>('/api/utkast/ny-anmodning')).kropp.utkast;

  for (const slag of ['oppgave', 'ny anmodning'] as const) {
    const adresse = async (): Promise<string> => {
      if (slag === 'oppgave') return (await oppgave()).sti;
      await ola.send('DELETE', '/api/utkast/ny-anmodning');
      return '/api/utkast/ny-anmodning';
    };

    describe(`til ${slag}`, () => {
      it('to vinduer: den som bygger på noe gammelt, får 409 med det som er lagret, og ingenting er skrevet over', async () => {
        const sti = await adresse();
        const [en, to] = [vindu(), vindu()];
        const forste = await lagre(sti, en, 0, { notat: 'fra det første' });
        expect(forste.status).to.equal(200);
        const andre = await lagre(sti, to, 0, { notat: 'fra det andre' });
        expect(andre.status).to.equal(409);
        expect(andre.kropp.type).to.equal(UTKAST_ENDRET);
        expect(andre.kropp.utkast).to.deep.include({
          data: { notat: 'fra det første' },
          versjon: forste.kropp.versjon,
          av: 'Ola Hansen',
        });
        const valgt = await lagre(sti, to, forste.kropp.versjon, { notat: 'begge' });
        expect(valgt.status).to.equal(200);
        expect(valgt.kropp.versjon).to.be.greaterThan(forste.kropp.versjon);
        expect((await lagre(sti, en, forste.kropp.versjon, { notat: 'gammelt' })).status).to.equal(409);
      });

      it('to første lagringer på én gang: nøyaktig én vinner', async () => {
        const sti = await adresse();
        const svar = await Promise.all([1, 2, 3, 4].map((n) => lagre(sti, vindu(), 0, { notat: `fra ${n}` })));
        expect(svar.map((s) => s.status).sort()).to.deep.equal([200, 409, 409, 409]);
      });

      it('svaret som ble borte på veien, stenger ikke det samme vinduet ute, og et kall som kommer for sent, endrer ingenting', async () => {
        const sti = await adresse();
        const v = vindu();
        const forste = await lagre(sti, v, 0, { notat: 'ett' });
        const utenSvar = await lagre(sti, v, 0, { notat: 'to' });
        expect(utenSvar.status).to.equal(200);
        const sen = await lagre(sti, { fane: v.fane, nr: 0 }, 0, { notat: 'for sent' });
        expect([sen.status, sen.kropp.versjon]).to.deep.equal([200, utenSvar.kropp.versjon]);
        const annet = await lagre(sti, vindu(), forste.kropp.versjon, {});
        expect(annet.kropp.utkast?.data).to.deep.equal({ notat: 'to' });
      });

      it('bare det som er endret, kan sendes når siden forlates; resten står', async () => {
        const sti = await adresse();
        const v = vindu();
        const { kropp } = await lagre(sti, v, 0, { notat: 'ett', annet: 'står' });
        await lagre(sti, v, kropp.versjon, { notat: 'to' }, { delvis: true });
        const se = await lagre(sti, vindu(), 0, {});
        expect(se.kropp.utkast?.data).to.deep.equal({ notat: 'to', annet: 'står' });
      });
    });
  }

  it('en innsending som bygger på et gammelt utkast, avvises med det som er lagret, og oppgaven står åpen', async () => {
    const { id, sti } = await oppgave();
    const lagret = await lagre(sti, vindu(), 0, { begrunnelse: 'fra et annet vindu' });
    const send = (utkastversjon: number): Promise<Svar<Problem>> =>
      ola.send('POST', `/api/oppgaver/${id}/fullfoer`, {
        innsendingId: randomUUID(),
        data: STEGDATA['avklar-instans'],
        utkastversjon,
      });
    const svar = await send(0);
    expect([svar.status, svar.kropp.type]).to.deep.equal([409, UTKAST_ENDRET]);
    expect(svar.kropp.utkast?.data).to.deep.equal({ begrunnelse: 'fra et annet vindu' });
    expect((await kjoer.oppgave(id, 'ola-hansen')).oppgave.status).to.equal('aapen');
    expect((await send(lagret.kropp.versjon)).status).to.equal(200);
  });

  it('utkastet til en ny anmodning er ens eget, slettes når den er registrert, og et vindu som skriver videre, får vite det', async () => {
    await ola.send('DELETE', '/api/utkast/ny-anmodning');
    const v = vindu();
    const { versjon } = (await lagre('/api/utkast/ny-anmodning', v, 0, { notat: 'mitt' })).kropp;
    const per = await kjoer.som('per-lunde');
    expect((await per.hent('/api/utkast/ny-anmodning')).status).to.equal(404);
    const anne = await kjoer.som('anne-lie');
    expect((await anne.hent('/api/utkast/ny-anmodning')).kropp).to.deep.equal({ utkast: null });
    expect((await mitt())?.data).to.deep.equal({ notat: 'mitt' });
    const { id: personId } = await kjoer.nyPerson('Registrert Fra Utkast');
    const innsendingId = randomUUID();
    const sakId = await kjoer.anmod(personId, { innsendingId, utkastversjon: versjon });
    expect(await mitt()).to.equal(null);
    // Den samme innsendingen en gang til gir den samme saken, også når utkastet er borte.
    expect(await kjoer.anmod(personId, { innsendingId, utkastversjon: versjon })).to.equal(sakId);
    const videre = await lagre('/api/utkast/ny-anmodning', v, versjon, { notat: 'mer' });
    expect([videre.status, videre.kropp.type, videre.kropp.utkast]).to.deep.equal([409, UTKAST_ENDRET, null]);
    // En anmodning som ikke er skrevet i utkastet, rører det ikke.
    await lagre('/api/utkast/ny-anmodning', vindu(), 0, { notat: 'et annet' });
    await kjoer.anmod((await kjoer.nyPerson('Utenom Utkastet')).id);
    expect((await mitt())?.data).to.deep.equal({ notat: 'et annet' });
  });

  it('utkastet følger oppgaven til den som tar den etterpå', async () => {
    const { id, sti } = await oppgave();
    await lagre(sti, vindu(), 0, { begrunnelse: 'halvveis' });
    await ola.send('POST', `/api/oppgaver/${id}/legg-tilbake`);
    await (await kjoer.som('ingrid-bakke')).send('POST', `/api/oppgaver/${id}/ta`);
    expect((await kjoer.oppgave(id, 'ingrid-bakke')).data['begrunnelse']).to.equal('halvveis');
  });
});

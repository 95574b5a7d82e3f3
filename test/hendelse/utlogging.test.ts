import { expect } from 'chai';
import { startTestapp, type Testapp } from '../hjelp/app.ts';
import { Klient } from '../hjelp/klient.ts';
import { Sakskjoering, ventTil } from '../hjelp/sakskjoering.ts';

describe('Strømmen av hendelser når den som følger, ikke lenger er logget inn', function () {
  this.timeout(60_000);
  let t: Testapp;
  let saker: Sakskjoering;
  before(async () => {
    t = await startTestapp({ motor: 'innebygd' });
    saker = new Sakskjoering(t.adresse);
  });
  after(() => t.stopp());

  interface Stroem {
    tekst: () => string;
    slutt: () => boolean;
  }
  async function foelg(klient: Klient): Promise<Stroem> {
    let tekst = '';
    let slutt = false;
    const svar = await fetch(`${t.adresse}/api/hendelser`, {
      headers: { cookie: klient.kapsler(), 'accept-encoding': 'br, gzip' },
    });
    expect(svar.status).to.equal(200);
    expect(svar.headers.get('content-encoding')).to.equal(null);
    void (async () => {
      for await (const bit of svar.body ?? []) tekst += Buffer.from(bit).toString();
      slutt = true;
    })();
    const stroem = { tekst: () => tekst, slutt: () => slutt };
    await ventTil('første linje', async () => (tekst.includes('event: bruker') ? true : null), 5_000);
    return stroem;
  }
  const slutter = (s: Stroem, ms: number): Promise<boolean> =>
    ventTil('slutten på strømmen', async () => (s.slutt() ? true : null), ms);
  /** Noe Ola og Kari har tilgang til, endrer seg. */
  async function nySak(): Promise<string> {
    const { id } = await saker.nyPerson('Strøm Strømsen');
    return saker.anmod(id);
  }

  it('sier hvem den er for', async () => {
    const ola = await new Klient(t.adresse).loggInn('ola-hansen');
    expect((await foelg(ola)).tekst()).to.include('event: bruker\ndata: {"id":"ola-hansen"}\n\n');
    await ola.send('POST', '/api/logg-ut');
  });

  it('slutter straks ved utlogging, og når en annen logger inn i den samme nettleseren; andres strømmer går videre', async () => {
    const ola = await new Klient(t.adresse).loggInn('ola-hansen');
    const annen = await foelg(await new Klient(t.adresse).loggInn('ola-hansen'));
    const [en, to] = [await foelg(ola), await foelg(ola)];
    await ola.send('POST', '/api/logg-ut');
    await Promise.all([slutter(en, 2_000), slutter(to, 2_000)]);
    expect(en.tekst()).to.match(/event: slutt\ndata: \{\}\n\n$/);
    const kari = await new Klient(t.adresse).loggInn('kari-moe');
    const karis = await foelg(kari);
    await kari.loggInn('anne-lie');
    await slutter(karis, 2_000);
    const sakId = await nySak();
    await ventTil('varselet', async () => (annen.tekst().includes(sakId) ? true : null), 10_000);
    expect(en.tekst() + karis.tekst()).not.to.include(sakId);
  });

  it('gir ikke en sperret bruker noe mer, heller ikke når sperringen og utloggingen skjer utenfor denne prosessen', async () => {
    const sperret = await foelg(await new Klient(t.adresse).loggInn('kari-moe'));
    const utlogget = await foelg(await new Klient(t.adresse).loggInn('per-lunde'));
    await t.app.ds.query(`update bruker set aktiv = false where id = 'kari-moe'`);
    await t.app.ds.query(`delete from session where sess ->> 'brukerId' = 'per-lunde'`);
    try {
      await new Promise((ok) => setTimeout(ok, 1_100)); // så gammel kan kontrollen være
      const sakId = await nySak();
      await Promise.all([slutter(sperret, 5_000), slutter(utlogget, 5_000)]);
      expect(sperret.tekst() + utlogget.tekst()).not.to.include(sakId);
    } finally {
      await t.app.ds.query(`update bruker set aktiv = true where id = 'kari-moe'`);
    }
  });

  it('slutter også når ingenting skjer: øktene ses etter med jevne mellomrom', async () => {
    const stille = await foelg(await new Klient(t.adresse).loggInn('siri-dahl'));
    await t.app.ds.query(`delete from session where sess ->> 'brukerId' = 'siri-dahl'`);
    await slutter(stille, 20_000);
  });
});

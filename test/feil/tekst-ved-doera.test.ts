import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { DokumentRad, OppgaveListe, PersonTreff, Problem, sakListe } from '../../src/contract/api.ts';
import { lagDatakilde } from '../../src/db/datakilde.ts';
import { MIGRERINGER } from '../../src/db/migrations/index.ts';
import { lagSyntetiskFodselsnummer } from '../../src/person/index.ts';
import { startTestapp, type Testapp } from '../hjelp/app.ts';
import { lagTestdatabase } from '../hjelp/database.ts';
import type { Klient, Svar } from '../hjelp/klient.ts';
import { Sakskjoering, ventTil } from '../hjelp/sakskjoering.ts';
import { HVEM, MOTTATT, STEGDATA } from '../hjelp/stegdata.ts';

const SPLITTET = (t: string): string => t.normalize('NFD');
const PDF = '%PDF-1.7\n';

/** Tekst er i én form når den er kommet inn: satt sammen, uten tegn ingen ser, og filnavn er navn. */
describe('Tekst og filer ved døra', function () {
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

  const nyPerson = async (navn: string, n: number): Promise<string> => {
    const svar = await ola.send<PersonTreff>('POST', '/api/personer', {
      navn,
      fodselsnummer: lagSyntetiskFodselsnummer('1971-02-03', n),
    });
    expect(svar.status, JSON.stringify(svar.kropp)).to.equal(201);
    return svar.kropp.id;
  };

  it('«Åse» finnes av «Åse» i hvert søk, enten den er skrevet på en Mac eller ikke, og enten søket er det', async () => {
    const navn = { mac: 'Åse Bjørnå', vanlig: 'Pål Ålvær' };
    const [mac, vanlig] = [await nyPerson(SPLITTET(navn.mac), 1), await nyPerson(navn.vanlig, 2)];
    for (const id of [mac, vanlig]) await kjoer.finnOppgave(await kjoer.anmod(id), 'avklar-instans');
    for (const [fullt, id] of [
      [navn.mac, mac],
      [navn.vanlig, vanlig],
    ] as const) {
      for (const sok of [fullt, SPLITTET(fullt)].map((s) => encodeURIComponent(s))) {
        const personer = await ola.hent<PersonTreff[]>(`/api/personer?sok=${sok}`);
        expect(personer.kropp.map((p) => [p.id, p.navn])).to.deep.equal([[id, fullt]]);
        const iKropp = await ola.send<PersonTreff[]>('POST', '/api/personer/soek', { sok: decodeURIComponent(sok) });
        expect(iKropp.kropp.map((p) => p.id)).to.deep.equal([id]);
        expect((await ola.hent<z.infer<typeof sakListe>>(`/api/saker?sok=${sok}`)).kropp.totalt).to.equal(1);
        expect((await ola.hent<OppgaveListe>(`/api/oppgaver?fane=ledige&sok=${sok}`)).kropp.totalt).to.equal(1);
        const alt = await ola.hent<{ personer: unknown[]; saker: unknown[]; oppgaver: unknown[] }>(`/api/sok?q=${sok}`);
        expect([alt.kropp.personer.length, alt.kropp.saker.length, alt.kropp.oppgaver.length]).to.deep.equal([1, 1, 1]);
      }
    }
  });

  it('en grunn av usynlige tegn er ingen grunn, i hver tekst som må skrives', async () => {
    const sakId = await kjoer.anmod(await nyPerson('Usynlig Usynligsen', 3));
    const usynlig = '\u200b\u2060\u00ad\ufeff\u3164';
    const galt = async (sti: string, kropp: object, felt: string, metode: 'POST' | 'PUT' = 'POST'): Promise<void> => {
      const svar = await ola.send<Problem>(metode, sti, kropp);
      expect([svar.status, svar.kropp.feil?.map((f) => f.felt)], sti).to.deep.equal([422, [felt]]);
    };
    const innsendingId = randomUUID();
    await galt(`/api/saker/${sakId}/trekk`, { innsendingId, begrunnelse: usynlig }, 'begrunnelse');
    await galt(`/api/saker/${sakId}/dokumenter`, { innsendingId, avsender: usynlig }, 'avsender');
    await galt('/api/personer', { navn: usynlig, fodselsnummer: lagSyntetiskFodselsnummer('1971-02-03', 9) }, 'navn');
    const { id } = await kjoer.finnOppgave(sakId, 'avklar-instans');
    await ola.send('POST', `/api/oppgaver/${id}/ta`);
    const data = { ...STEGDATA['avklar-instans'], begrunnelse: usynlig };
    await galt(`/api/oppgaver/${id}/fullfoer`, { innsendingId, data }, 'begrunnelse');
    expect(await kjoer.oppgave(id, 'ola-hansen')).to.have.nested.property('oppgave.status', 'aapen');
  });

  it('et vedtak begrunnet med usynlige tegn er ikke begrunnet, og et vedtak sendes ikke tilbake uten at det står hvorfor', async () => {
    const sakId = await kjoer.anmod(await nyPerson('Begrunnet Usynlig', 6));
    await kjoer.tilVedtak(sakId);
    const usynlige = [
      '\u200b',
      '\u2060',
      '\ufeff',
      '\u00ad',
      '\u3164',
      '\u2800',
      '\u200b\u2060\ufeff\u00ad\u3164\u2800',
    ];
    const proev = async (steg: 'fatt-vedtak' | 'godkjenn-vedtak', felt: string, data: object): Promise<void> => {
      const { id } = await kjoer.finnOppgave(sakId, steg);
      const klient = await kjoer.som(HVEM[steg]);
      await klient.send('POST', `/api/oppgaver/${id}/ta`);
      for (const tekst of usynlige) {
        const svar = await klient.send<Problem>('POST', `/api/oppgaver/${id}/fullfoer`, {
          innsendingId: randomUUID(),
          data: { ...STEGDATA[steg], ...data, [felt]: tekst },
        });
        const tegn = [...tekst].map((c) => c.codePointAt(0)?.toString(16)).join(' ');
        expect([tegn, svar.status, svar.kropp.feil?.map((f) => f.felt)]).to.deep.equal([tegn, 422, [felt]]);
      }
      expect((await kjoer.oppgave(id, HVEM[steg])).oppgave.status).to.equal('aapen');
    };
    await proev('fatt-vedtak', 'begrunnelse', {});
    await kjoer.gjoer(sakId, 'fatt-vedtak');
    await proev('godkjenn-vedtak', 'kommentar', { godkjent: 'nei' });
  });

  it('et halvt tegnpar navngir feltet; NUL og andre styretegn blir borte, og ingenting gir 5xx', async () => {
    const sakId = await kjoer.anmod(await nyPerson('Styre Tegnsen', 4));
    const { id } = await kjoer.finnOppgave(sakId, 'avklar-instans');
    await ola.send('POST', `/api/oppgaver/${id}/ta`);
    const lagring = (begrunnelse: string, nr: number): object => ({
      data: { begrunnelse },
      grunnlag: 0,
      fane: 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa',
      nr,
    });
    const halvt = await ola.send<Problem>('PUT', `/api/oppgaver/${id}/utkast`, lagring('x\ud83d', 1));
    expect(halvt.status).to.equal(422);
    expect(halvt.kropp.feil?.map((f) => f.felt)).to.deep.equal(['begrunnelse']);
    const styre = await ola.send('PUT', `/api/oppgaver/${id}/utkast`, lagring('a\u0000b\u0007c\u202ed\r\ne', 2));
    expect(styre.status).to.equal(200);
    expect((await kjoer.oppgave(id, 'ola-hansen')).data['begrunnelse']).to.equal('abcd\ne');
    for (const q of ['%00', 'a%00b', '%ED%A0%80', '%C3%28', '%E2%80%AE']) {
      expect((await ola.hent(`/api/sok?q=${q}`)).status, q).to.be.below(500);
      expect((await ola.hent(`/api/personer?sok=aa${q}`)).status, q).to.be.below(500);
    }
  });

  describe('skjema med filer', () => {
    let sakId = '';
    before(async () => {
      sakId = await kjoer.anmod(await nyPerson('Fil Navnesen', 5));
    });
    const GRENSE = 'x-grense-x';
    const del = (hode: string, innhold: string): Buffer => Buffer.from(`--${GRENSE}\r\n${hode}\r\n\r\n${innhold}\r\n`);
    const felter = (): Buffer[] => [
      del('Content-Disposition: form-data; name="innsendingId"', randomUUID()),
      del('Content-Disposition: form-data; name="avsender"', 'Fastlegen'),
    ];
    const fil = (navn: Buffer | string): Buffer =>
      Buffer.concat([
        Buffer.from(`--${GRENSE}\r\nContent-Disposition: form-data; name="filer"; filename="`),
        Buffer.from(navn),
        Buffer.from(`"\r\nContent-Type: application/pdf\r\n\r\n${PDF}\r\n`),
      ]);
    const slutt = Buffer.from(`--${GRENSE}--\r\n`);
    const send = async (deler: Buffer[], type = `multipart/form-data; boundary=${GRENSE}`): Promise<Svar<Problem>> =>
      (await ola.raa('POST', `/api/saker/${sakId}/dokumenter`, {
        kropp: new Uint8Array(Buffer.concat(deler)),
        hoder: { 'content-type': type },
      })) as Svar<Problem>; // problem details

    it('som er ødelagt, gir 4xx med ord: NUL i filnavnet, uten skillemerke, kappet, for mange deler, gale hoder', async () => {
      const ODELAGT: Record<string, [Buffer[], string?]> = {
        'NUL i filnavnet': [[...felter(), fil('a\u0000b.pdf'), slutt]],
        'uten skillemerke': [[...felter(), fil('a.pdf'), slutt], 'multipart/form-data'],
        'tomt skillemerke': [[...felter(), slutt], 'multipart/form-data; boundary='],
        'et annet skillemerke': [[...felter(), fil('a.pdf'), slutt], 'multipart/form-data; boundary=annet'],
        'kappet i fila': [[...felter(), fil('a.pdf').subarray(0, 130)]],
        'kappet i hodet': [[...felter(), fil('a.pdf').subarray(0, 60)]],
        'tom kropp': [[]],
        'linjeskift i hodet': [[...felter(), del('Content-Disposition: form-data\r\n;;: name="x"\r\n:', 'x'), slutt]],
        'et hode uten navn': [[...felter(), del('Content-Disposition: form-data', 'x'), slutt]],
        'svært langt hode': [[...felter(), fil('a'.repeat(100_000)), slutt]],
        'femti felter': [
          [...Array.from({ length: 50 }, (_, i) => del(`Content-Disposition: form-data; name="f${i}"`, 'x')), slutt],
        ],
        'elleve filer': [[...felter(), ...Array.from({ length: 11 }, () => fil('a.pdf')), slutt]],
        'fil i et ukjent felt': [
          [...felter(), del('Content-Disposition: form-data; name="annet"; filename="a.pdf"', PDF), slutt],
        ],
        'en liste med stort tall': [
          [...felter(), del('Content-Disposition: form-data; name="a[999999999]"', 'x'), slutt],
        ],
        'navn som endrer objekter': [[del('Content-Disposition: form-data; name="__proto__[avsender]"', 'x'), slutt]],
      };
      for (const [hva, [deler, type]] of Object.entries(ODELAGT)) {
        const svar = await send(deler, type);
        expect(svar.status, `${hva}: ${JSON.stringify(svar.kropp)}`).to.be.within(400, 422);
        expect(svar.hoder.get('content-type'), hva).to.contain('application/problem+json');
        expect(svar.kropp.detail, hva).to.match(/^[A-ZÆØÅ«\d].*[.]$/s);
      }
      const { dokumenter } = await kjoer.sak(sakId);
      expect(dokumenter.filter((d) => d.retning === 'inn')).to.deep.equal([]);
      expect((await ola.hent('/api/meg')).status).to.equal(200);
    });

    it('får navnet fila har: satt sammen, uten tegn som snur leseretningen, i UTF-8, latin-1 og filename*', async () => {
      const etter = async (navn: Buffer | string, deler = [fil(navn)]): Promise<DokumentRad> => {
        const foer = new Set((await kjoer.sak(sakId)).dokumenter.map((d) => d.id));
        const svar = await send([...felter(), ...deler, slutt]);
        expect(svar.status, JSON.stringify(svar.kropp)).to.equal(204);
        return ventTil('dokumentet', async () => {
          const { dokumenter } = await kjoer.sak(sakId);
          return dokumenter.find((d) => !foer.has(d.id) && d.retning === 'inn') ?? null;
        });
      };
      expect((await etter(SPLITTET('Søknad på plan for Åse.pdf'))).tittel).to.equal('Søknad på plan for Åse');
      expect((await etter('vedtak\u202efdp.pdf')).tittel).to.equal('vedtakfdp');
      expect((await etter('\u2066skjult\u2069\u200b.pdf')).tittel).to.equal('skjult\u200b');
      expect((await etter(Buffer.from('søknad.pdf', 'latin1'))).tittel).to.equal('søknad');
      expect((await etter('\u200b.pdf')).tittel).to.equal('\u200b.pdf');
      const stjerne = del(
        `Content-Disposition: form-data; name="filer"; filename="x.pdf"; filename*=UTF-8''${encodeURIComponent(SPLITTET('Ærlig €.pdf'))}`,
        PDF,
      );
      expect((await etter('', [stjerne])).tittel).to.equal('Ærlig €');
    });

    it('anmodningen som følger filene, er også tekst ved døra', async () => {
      const personId = await nyPerson('Med Filsen', 7);
      const skjema = new FormData();
      const anmodning = { innsendingId: randomUUID(), personId, enhetId: 'hsk-hillevaag', mottatt: MOTTATT };
      skjema.set(
        'anmodning',
        JSON.stringify({
          ...anmodning,
          hvemSpoer: 'paaroerende',
          hvemSpoerNavn: SPLITTET('Åse\u202e'),
          maate: 'skriftlig',
          oenske: 'ip',
        }),
      );
      const svar = await ola.raa('POST', '/api/saker', { kropp: skjema });
      expect(svar.status, JSON.stringify(svar.kropp)).to.equal(201);
      const rader: { navn: string }[] = await app.app.ds.query(
        `select a.hvem_spoer_navn as navn from anmodning a join sak s on s.id = a.sak_id where s.person_id = $1`,
        [personId],
      );
      expect(rader[0]?.navn).to.equal('Åse');
    });
  });

  it('det som var lagret før, settes sammen av migreringen, også i utkast og svar, og loggen står', async () => {
    const db = await lagTestdatabase();
    const foer = MIGRERINGER.filter((m) => Number(/\d{4}$/.exec(m.name)?.[0]) < 430);
    const gammel = new DataSource({ ...lagDatakilde(db.url).options, migrations: foer });
    try {
      await gammel.initialize();
      await gammel.runMigrations();
      const [person, oppgave] = [randomUUID(), randomUUID()];
      await gammel.query(
        `insert into person (id, fodselsnummer, fodselsdato, navn, opprettet) values ($1, '01010112345', '2001-01-01', $2, now())`,
        [person, SPLITTET('Åse\u202e Øye')],
      );
      await gammel.query(`insert into person (id, fodselsnummer, fodselsdato, navn, opprettet)
        values (gen_random_uuid(), '01010112346', '2001-01-01', U&'\\202E\\202E', now())`);
      await gammel.query(`insert into kommune (id, navn, konfig) values ('k', 'K', '{}')`);
      await gammel.query(`insert into enhet (id, kommune_id, navn, slag) values ('en', 'k', 'En', 'ke')`);
      await gammel.query(`insert into bruker (id, navn) values ('en-bruker', 'En')`);
      await gammel.query(
        `insert into oppgave (id, type, steg_id, tittel, person_navn, rutine_navn, fase, enhet_id, gruppe, status, opprettet, frist)
         values ($1, 'steg', 's', $2, $3, 'r', 'f', 'en', 'saksbehandler:en', 'aapen', now(), now())`,
        [oppgave, SPLITTET('Avgjør på ny'), SPLITTET('Åse')],
      );
      const data = { begrunnelse: SPLITTET('Før\nÅ\u0303'), liste: [{ [SPLITTET('nøkkel')]: SPLITTET('å') }, 7, null] };
      await gammel.query(
        `insert into oppgave_utkast (oppgave_id, bruker_id, data, versjon, lagret) values ($1, 'en-bruker', $2, 3, now())`,
        [oppgave, JSON.stringify(data)],
      );
      await gammel.query(
        `insert into hendelse (id, tid, av, type, tekst, data) values (gen_random_uuid(), now(), 'En', 't', $1, '{}')`,
        [SPLITTET('Åse')],
      );
      await gammel.destroy();
      const ny = await lagDatakilde(db.url).initialize();
      await ny.runMigrations();
      const navn: { navn: string }[] = await ny.query('select navn from person order by fodselsnummer');
      expect(navn.map((r) => r.navn)).to.deep.equal(['Åse Øye', '\u202e\u202e']);
      const [rad]: { tittel: string; sokbar: string }[] = await ny.query('select tittel, sokbar from oppgave');
      expect(rad).to.deep.equal({ tittel: 'Avgjør på ny', sokbar: 'åse  avgjør på ny' });
      const [utkast]: { data: unknown; slag: string; gjelder: string }[] = await ny.query(
        'select slag, gjelder, data from utkast',
      );
      expect(utkast).to.deep.equal({
        slag: 'oppgave',
        gjelder: oppgave,
        data: { begrunnelse: 'Før\nÅ\u0303', liste: [{ nøkkel: 'å' }, 7, null] },
      });
      const [hendelse]: { tekst: string }[] = await ny.query('select tekst from hendelse');
      expect(hendelse?.tekst).to.equal(SPLITTET('Åse'));
      await ny.destroy();
    } finally {
      if (gammel.isInitialized) await gammel.destroy();
      await db.slett();
    }
  });
});

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { PersonStatus, PersonTreff, Problem, SakDetalj } from '../../src/contract/api.ts';
import { lagSyntetiskFodselsnummer } from '../../src/person/index.ts';
import { startTestapp, type Testapp } from '../hjelp/app.ts';
import { Klient, type Svar } from '../hjelp/klient.ts';
import { MOTTATT } from '../hjelp/stegdata.ts';
import { lagAnmodning } from './oppsett.ts';

describe('ruter for personer, anmodninger og saker', function () {
  this.timeout(120_000);
  let app: Testapp;
  let ola: Klient;
  let anne: Klient;
  before(async () => {
    app = await startTestapp({ motor: 'innebygd' });
    ola = await new Klient(app.adresse).loggInn('ola-hansen');
    anne = await new Klient(app.adresse).loggInn('anne-lie');
  });
  after(() => app.stopp());

  const person = (fodt: string, loepe: number) => ({
    navn: 'Kari Nordmann',
    fodselsnummer: lagSyntetiskFodselsnummer(fodt, loepe),
    adresse: 'Storgata 1',
  });
  async function nyPerson(loepe: number): Promise<string> {
    const svar = await ola.send<PersonTreff>('POST', '/api/personer', person('1980-01-01', loepe));
    expect(svar.status).to.equal(201);
    return svar.kropp.id;
  }
  async function anmod(
    felter: Record<string, unknown>,
    filer: [string, string, Buffer][] = [],
  ): Promise<Svar<Problem & { sakId: string }>> {
    const skjema = new FormData();
    skjema.set('anmodning', JSON.stringify(felter));
    for (const [navn, type, innhold] of filer)
      skjema.append('filer', new Blob([new Uint8Array(innhold)], { type }), navn);
    return (await ola.raa('POST', '/api/saker', { kropp: skjema })) as Svar<Problem & { sakId: string }>; // nySakSvar eller problem
  }

  it('et ugyldig fødselsnummer og en person som finnes, gir hver sin setning på feltet', async () => {
    const ugyldig = await ola.send<Problem>('POST', '/api/personer', {
      ...person('1980-01-01', 0),
      fodselsnummer: '01018012345',
    });
    expect(ugyldig.status).to.equal(422);
    expect(ugyldig.kropp.feil?.[0]?.felt).to.equal('fodselsnummer');
    await nyPerson(1);
    const igjen = await ola.send<Problem>('POST', '/api/personer', person('1980-01-01', 1));
    expect(igjen.status).to.equal(409);
    expect(JSON.stringify(igjen.kropp)).not.to.contain(person('1980-01-01', 1).fodselsnummer);
  });

  it('fødselsnummeret søkes i kroppen, aldri i adressen', async () => {
    const id = await nyPerson(2);
    const { fodselsnummer } = person('1980-01-01', 2);
    expect((await ola.hent(`/api/personer?sok=${fodselsnummer}`)).status).to.equal(422);
    const treff = await ola.send<PersonTreff[]>('POST', '/api/personer/soek', { sok: fodselsnummer });
    expect(treff.kropp.map((t) => t.id)).to.deep.equal([id]);
  });

  it('en beslutter uten saksbehandlerrolle finner verken personer eller kan registrere', async () => {
    const per = await new Klient(app.adresse).loggInn('per-lunde');
    expect((await per.hent('/api/personer?sok=kari')).status).to.equal(404);
    expect((await per.send('POST', '/api/saker', {})).status).to.equal(404);
  });

  it('anmodningen tas imot med vedlegg, og saken viser dem', async () => {
    const pdf = Buffer.from('%PDF-1.7\n%test');
    const svar = await anmod(lagAnmodning({ mottatt: MOTTATT, personId: await nyPerson(3) }), [
      ['henvisning æøå.pdf', 'application/pdf', pdf],
    ]);
    expect(svar.status).to.equal(201);
    const sak = await ola.hent<SakDetalj>(`/api/saker/${svar.kropp.sakId}`);
    expect(sak.kropp.dokumenter.filter((d) => d.retning === 'inn').map((d) => d.tittel)).to.deep.equal([
      'henvisning æøå',
    ]);
    const status = await ola.hent<PersonStatus>(`/api/personer/${sak.kropp.person.id}/status`);
    expect(status.kropp.aapenSak?.id).to.equal(svar.kropp.sakId);
  });

  it('et vedlegg som ikke er det det sier, avvises, og ingenting lagres', async () => {
    const personId = await nyPerson(4);
    const svar = await anmod(lagAnmodning({ mottatt: MOTTATT, personId }), [
      ['virus.pdf', 'application/pdf', Buffer.from('MZ...')],
    ]);
    expect(svar.status).to.equal(422);
    expect(svar.kropp.feil?.[0]).to.deep.include({ felt: 'filer' });
    expect((await ola.hent<PersonStatus>(`/api/personer/${personId}/status`)).kropp.aapenSak).to.equal(null);
  });

  it('feil kropp gir 4xx med en setning som navngir feltet', async () => {
    expect((await anmod({})).kropp.feil?.map((f) => f.felt)).to.include.members(['innsendingId', 'personId', 'maate']);
    const ikkeJson = new FormData();
    ikkeJson.set('anmodning', '{');
    const svar = (await ola.raa('POST', '/api/saker', { kropp: ikkeJson })) as Svar<Problem>; // problem
    expect(svar.status).to.equal(422);
    expect(svar.kropp.feil?.[0]?.felt).to.equal('anmodning');
    const ukjent = await anmod(lagAnmodning({ mottatt: MOTTATT, personId: randomUUID() }));
    expect(ukjent.kropp.feil).to.deep.equal([
      { felt: 'personId', melding: 'Personen finnes ikke. Søk fram personen på nytt.' },
    ]);
  });

  it('et felt eller en fil som er for stor, avvises uten at noe lagres', async () => {
    const stor = await anmod(
      lagAnmodning({ mottatt: MOTTATT, personId: await nyPerson(5), notat: 'x'.repeat(300 * 1024) }),
    );
    expect(stor.status).to.equal(413);
    const fil = await anmod(lagAnmodning({ mottatt: MOTTATT, personId: await nyPerson(6) }), [
      ['stor.pdf', 'application/pdf', Buffer.concat([Buffer.from('%PDF-'), Buffer.alloc(21 * 1024 * 1024)])],
    ]);
    expect(fil.status).to.equal(413);
  });

  it('et tegn som ikke kan lagres: det usynlige blir borte, det ødelagte gir en setning ved feltet', async () => {
    const personId = await nyPerson(9);
    const galt = await anmod(lagAnmodning({ mottatt: MOTTATT, personId, notat: 'a\ud83d' }));
    expect(galt.status).to.equal(422);
    expect(galt.kropp.feil?.map((f) => f.felt)).to.deep.equal(['notat']);
    expect((await anmod(lagAnmodning({ mottatt: MOTTATT, personId, notat: 'a\u0000b' }))).status).to.equal(201);
    expect((await ola.hent('/api/saker?sok=a%00b')).status).to.equal(200);
  });

  it('lista kan ikke bes om å begynne hvor som helst eller gi hva som helst', async () => {
    for (const liste of ['saker', 'oppgaver'])
      for (const side of ['fra=9007199254740991', 'fra=-1', 'antall=100000', `sok=${'a'.repeat(201)}`])
        expect((await ola.hent(`/api/${liste}?${side}`)).status, `${liste} ${side}`).to.equal(422);
  });

  it('en annen enhets sak er 404 på alle adresser, med samme kropp som en sak som ikke finnes', async () => {
    const { kropp } = await anmod(lagAnmodning({ mottatt: MOTTATT, personId: await nyPerson(7) }));
    const trekk = { innsendingId: randomUUID(), begrunnelse: 'x' };
    for (const [metode, hale] of [
      ['GET', ''],
      ['GET', '/prosess'],
      ['POST', '/trekk'],
      ['POST', '/dokumenter'],
    ] as const) {
      const kall = (id: string): Promise<Svar> =>
        metode === 'GET' ? anne.hent(`/api/saker/${id}${hale}`) : anne.send('POST', `/api/saker/${id}${hale}`, trekk);
      const annens = await kall(kropp.sakId);
      expect(annens.status, hale).to.equal(404);
      expect(annens.kropp).to.deep.equal((await kall(randomUUID())).kropp);
    }
    for (const id of ['1', 'x', '%00', '..%2f..'])
      expect((await ola.hent(`/api/saker/${id}`)).status, id).to.equal(404);
  });

  it('dokumenter legges ved en åpen sak, én gang per innsending, og ikke når saken er avsluttet', async () => {
    const { kropp } = await anmod(lagAnmodning({ mottatt: MOTTATT, personId: await nyPerson(10) }));
    const leggVed = async (filer: [string, string, Buffer][], innsendingId: string = randomUUID()) => {
      const skjema = new FormData();
      skjema.set('innsendingId', innsendingId);
      skjema.set('avsender', 'Fastlegen');
      skjema.set('beskrivelse', 'Uttalelse om behovet');
      for (const [navn, type, innhold] of filer)
        skjema.append('filer', new Blob([new Uint8Array(innhold)], { type }), navn);
      return (await ola.raa('POST', `/api/saker/${kropp.sakId}/dokumenter`, { kropp: skjema })) as Svar<Problem>; // tom eller problem
    };
    const sak = async (): Promise<SakDetalj> => (await ola.hent<SakDetalj>(`/api/saker/${kropp.sakId}`)).kropp;
    for (const [filer, setning] of [
      [[], 'Velg minst én fil.'],
      [[['virus.pdf', 'application/pdf', Buffer.from('MZ...')]], 'Fila «virus.pdf» kan ikke tas imot.'],
    ] as [[string, string, Buffer][], string][]) {
      const svar = await leggVed(filer);
      expect([svar.status, svar.kropp.feil?.[0]?.felt]).to.deep.equal([422, 'filer']);
      expect(svar.kropp.feil?.[0]?.melding).to.contain(setning);
    }
    expect((await sak()).dokumenter.filter((d) => d.retning === 'inn')).to.deep.equal([]);
    const innsendingId = randomUUID();
    const fil: [string, string, Buffer] = ['uttalelse.pdf', 'application/pdf', Buffer.from('%PDF-1.7\n%test')];
    const svar = await Promise.all([leggVed([fil], innsendingId), leggVed([fil], innsendingId)]);
    expect(svar.map((s) => s.status)).to.deep.equal([204, 204]);
    const etter = await sak();
    expect(etter.sak.kanLeggeVed).to.equal(true);
    expect(etter.dokumenter.filter((d) => d.retning === 'inn').map((d) => d.tittel)).to.deep.equal(['uttalelse']);
    expect(etter.hendelser.map((h) => h.tekst)).to.include(
      'Ola Hansen la «uttalelse.pdf» fra Fastlegen i saken: Uttalelse om behovet',
    );
    await app.app.ds.query(
      `update sak set status = 'avsluttet', avslutning = 'avslag', avsluttet = now() where id = $1`,
      [kropp.sakId],
    );
    expect((await leggVed([fil])).status).to.equal(409);
    expect((await sak()).sak.kanLeggeVed).to.equal(false);
  });

  it('innsyn i saken logges, én gang per økt med lesing', async () => {
    const { kropp } = await anmod(lagAnmodning({ mottatt: MOTTATT, personId: await nyPerson(8) }));
    for (let i = 0; i < 3; i++) await ola.hent(`/api/saker/${kropp.sakId}`);
    const rader: unknown[] = await app.app.ds.query(
      `select 1 from tilgangslogg where sak_id = $1 and bruker_id = 'ola-hansen' and handling = 'sak:les'`,
      [kropp.sakId],
    );
    expect(rader).to.have.length(1);
  });
});

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type {
  DokumentRad,
  FullfoerSvar,
  NyAnmodning,
  OppgaveDetalj,
  PersonTreff,
  Problem,
} from '../../src/contract/api.ts';
import type { StegId } from '../../src/contract/prosess.ts';
import { startTestapp, type Testapp } from '../hjelp/app.ts';
import type { Svar } from '../hjelp/klient.ts';
import { Sakskjoering, ventTil } from '../hjelp/sakskjoering.ts';
import { HVEM, MOTTATT, STEGDATA } from '../hjelp/stegdata.ts';
import { pdfTekst } from './pdf-tekst.ts';

const HTML = '<script>alert("x")</script><b onclick=hei()>&amp;';
const UKJENT = '00000000-0000-4000-8000-000000000000';

/** Gale inndata gjennom døra til en hel app: en klar setning på bokmål som navngir feltet, riktig status, ingenting halvgjort. */
describe('Gale inndata', function () {
  this.timeout(60_000);
  let app: Testapp;
  let kjoer: Sakskjoering;
  before(async () => {
    app = await startTestapp({ motor: 'innebygd' });
    kjoer = new Sakskjoering(app.adresse);
  });
  after(() => app.stopp());

  const tell = async (sql: string, ...verdier: unknown[]): Promise<number> => {
    const rader: { n: number }[] = await app.app.ds.query(`select count(*)::int as n from ${sql}`, verdier);
    return rader[0]?.n ?? -1;
  };
  async function nySak(navn = 'Prøve Prøvesen'): Promise<string> {
    return kjoer.anmod((await kjoer.nyPerson(navn)).id);
  }
  async function tatt(sakId: string, steg: StegId): Promise<string> {
    const { id, eier } = await kjoer.finnOppgave(sakId, steg);
    if (!eier) await (await kjoer.som(HVEM[steg])).send('POST', `/api/oppgaver/${id}/ta`);
    return id;
  }
  async function sendInn(
    id: string,
    som: string,
    data: unknown,
    innsendingId: string = randomUUID(),
  ): Promise<Svar<Problem & FullfoerSvar>> {
    return (await kjoer.som(som)).send('POST', `/api/oppgaver/${id}/fullfoer`, { innsendingId, data });
  }
  /** Ingenting er skjedd med oppgaven: ingen svar, ingen beskjed til motoren, fortsatt åpen. */
  async function uroert(id: string): Promise<void> {
    expect(await tell('steg_svar where oppgave_id = $1', id)).to.equal(0);
    expect(await tell(`utboks where slag = 'fullfoer-user-task' and innhold->>'oppgaveId' = $1`, id)).to.equal(0);
    expect(await tell(`oppgave where id = $1 and status = 'aapen'`, id)).to.equal(1);
  }

  describe('samme skjema to ganger', () => {
    it('med samme innsending gir det første svaret igjen, og gjør ingenting to ganger', async () => {
      const sakId = await nySak();
      const id = await tatt(sakId, 'avklar-instans');
      const innsending = randomUUID();
      const forste = await sendInn(id, 'ola-hansen', STEGDATA['avklar-instans'], innsending);
      const andre = await sendInn(id, 'ola-hansen', { noe: 'helt annet' }, innsending);
      expect([forste.status, andre.status]).to.deep.equal([200, 200]);
      expect(andre.kropp.melding).to.equal(forste.kropp.melding);
      expect(await tell('steg_svar where oppgave_id = $1', id)).to.equal(1);
    });

    it('samtidig, med ulike innsendinger: én gjelder, den andre får vite hvem som fullførte', async () => {
      const sakId = await nySak();
      const id = await tatt(sakId, 'avklar-instans');
      const svar = await Promise.all(
        Array.from({ length: 4 }, () => sendInn(id, 'ola-hansen', STEGDATA['avklar-instans'])),
      );
      expect(svar.map((s) => s.status).sort()).to.deep.equal([200, 409, 409, 409]);
      for (const s of svar.filter((x) => x.status === 409)) {
        expect(s.kropp.detail).to.equal('Oppgaven ble fullført av Ola Hansen nå nettopp.');
      }
      expect(await tell('steg_svar where oppgave_id = $1', id)).to.equal(1);
      expect(await tell(`utboks where slag = 'fullfoer-user-task' and innhold->>'oppgaveId' = $1`, id)).to.equal(1);
      expect(await tell(`hendelse where sak_id = $1 and type = 'avklar-instans'`, sakId)).to.be.lessThan(2);
    });

    it('en annen kan ikke bruke min innsending, og innsendingen hører til én oppgave', async () => {
      const [en, to] = [await nySak(), await nySak()];
      const [a, b] = [await tatt(en, 'avklar-instans'), await tatt(to, 'avklar-instans')];
      const innsending = randomUUID();
      await sendInn(a, 'ola-hansen', STEGDATA['avklar-instans'], innsending);
      const svar = await sendInn(b, 'ola-hansen', STEGDATA['avklar-instans'], innsending);
      expect(svar.status).to.equal(409);
      await uroert(b);
      expect((await sendInn(a, 'ingrid-bakke', {}, innsending)).status).to.equal(409);
    });

    it('en anmodning sendt to ganger samtidig blir én sak', async () => {
      const { id: personId } = await kjoer.nyPerson('Dobbel Dobbelsen');
      const innsendingId = randomUUID();
      const saker = await Promise.all([1, 2, 3].map(() => kjoer.anmod(personId, { innsendingId })));
      expect(new Set(saker).size).to.equal(1);
      expect(await tell('sak where person_id = $1', personId)).to.equal(1);
      await kjoer.finnOppgave(saker[0] ?? '', 'avklar-instans');
    });
  });

  describe('oppgaver som ikke er mine', () => {
    it('en oppgave noen andre har fullført: 409 med hvem og når, og siden viser det samme', async () => {
      const sakId = await nySak();
      const { id } = await kjoer.finnOppgave(sakId, 'avklar-instans');
      const ingrid = await kjoer.som('ingrid-bakke');
      await ingrid.send('POST', `/api/oppgaver/${id}/ta`);
      expect((await sendInn(id, 'ingrid-bakke', STEGDATA['avklar-instans'])).status).to.equal(200);
      for (const sti of ['fullfoer', 'ta', 'legg-tilbake']) {
        const svar =
          sti === 'fullfoer'
            ? await sendInn(id, 'ola-hansen', STEGDATA['avklar-instans'])
            : await (await kjoer.som('ola-hansen')).send<Problem>('POST', `/api/oppgaver/${id}/${sti}`);
        expect(svar.status, sti).to.equal(409);
        expect(svar.kropp.detail, sti).to.equal('Oppgaven ble fullført av Ingrid Bakke nå nettopp.');
      }
      expect((await kjoer.oppgave(id, 'ola-hansen')).avsluttet).to.include({ av: 'Ingrid Bakke', maate: 'fullfoert' });
      expect(await tell('steg_svar where oppgave_id = $1', id)).to.equal(1);
    });

    it('ukjente, fremmede og ugyldige id-er gir 404 med de samme ordene på hver adresse', async () => {
      const sakId = await nySak();
      const { id } = await kjoer.finnOppgave(sakId, 'avklar-instans');
      const { dokumenter } = await ventTil('kvitteringen', async () => {
        const sak = await kjoer.sak(sakId);
        return sak.dokumenter.length > 0 ? sak : null;
      });
      const anne = await kjoer.som('anne-lie');
      const adresser: ['GET' | 'POST' | 'PUT', (id: string) => string, string, unknown?][] = [
        ['GET', (i) => `/api/oppgaver/${i}`, id],
        ['POST', (i) => `/api/oppgaver/${i}/ta`, id],
        ['POST', (i) => `/api/oppgaver/${i}/legg-tilbake`, id],
        ['PUT', (i) => `/api/oppgaver/${i}/utkast`, id, { data: {}, grunnlag: 0, fane: randomUUID(), nr: 1 }],
        ['POST', (i) => `/api/oppgaver/${i}/fullfoer`, id, { innsendingId: randomUUID(), data: {} }],
        ['POST', (i) => `/api/oppgaver/${i}/forhaandsvis-brev`, id, { data: {} }],
        ['POST', (i) => `/api/oppgaver/${i}/proev-igjen`, id],
        ['GET', (i) => `/api/saker/${i}`, sakId],
        ['GET', (i) => `/api/saker/${i}/prosess`, sakId],
        ['POST', (i) => `/api/saker/${i}/trekk`, sakId, { innsendingId: randomUUID(), begrunnelse: 'x' }],
        ['GET', (i) => `/api/dokumenter/${i}/innhold`, dokumenter[0]?.id ?? ''],
      ];
      for (const [metode, sti, fremmed, kropp] of adresser) {
        const svar = [];
        for (const i of [fremmed, UKJENT, 'ikke-en-id', `${UKJENT}'--`]) {
          const kall =
            metode === 'GET'
              ? anne.hent<Problem>(sti(encodeURIComponent(i)))
              : anne.send<Problem>(metode, sti(encodeURIComponent(i)), kropp);
          svar.push(await kall);
        }
        for (const s of svar) {
          expect(s.status, `${metode} ${sti('…')}`).to.equal(404);
          expect(s.kropp, `${metode} ${sti('…')}`).to.deep.equal(svar[1]?.kropp);
        }
      }
      await uroert(id);
    });

    it('utkast lagres bare av den som har oppgaven', async () => {
      const sakId = await nySak();
      const id = await tatt(sakId, 'avklar-instans');
      const ingrid = await kjoer.som('ingrid-bakke');
      const svar = await ingrid.send<Problem>('PUT', `/api/oppgaver/${id}/utkast`, {
        data: { begrunnelse: 'kuppet' },
        grunnlag: 0,
        fane: randomUUID(),
        nr: 1,
      });
      expect(svar.status).to.equal(409);
      expect(svar.kropp.detail).to.contain('Ola Hansen tok oppgaven');
      expect(await tell(`utkast where slag = 'oppgave' and gjelder = $1`, id)).to.equal(0);
    });
  });

  describe('HTML i tekstfelter', () => {
    it('er tekst overalt: saksbildet, forhåndsvisningen, brevet som PDF, og søket', async () => {
      const { id: personId } = await kjoer.nyPerson(`Tag ${HTML}`.slice(0, 60));
      const sakId = await kjoer.anmod(personId, { notat: HTML });
      await kjoer.gjoer(sakId, 'avklar-instans', { begrunnelse: HTML });
      await kjoer.gjoer(sakId, 'informer-og-avklar', { oenskeBeskrivelse: HTML });
      await kjoer.gjoer(sakId, 'kartlegg-og-vurder', { kriterier: HTML });
      const id = await tatt(sakId, 'fatt-vedtak');
      const data = { ...STEGDATA['fatt-vedtak'], begrunnelse: HTML, brevtekst: `Hei.\n\n${HTML}` };
      const ingrid = await kjoer.som('ingrid-bakke');
      const brev = await ingrid.send<{ html: string }>('POST', `/api/oppgaver/${id}/forhaandsvis-brev`, { data });
      expect(brev.kropp.html)
        .to.contain('&lt;script&gt;')
        .and.not.to.match(/<script|<b onclick/i);
      expect((await sendInn(id, 'ingrid-bakke', data)).status).to.equal(200);
      await kjoer.gjoer(sakId, 'godkjenn-vedtak');
      const { fakta } = await kjoer.sak(sakId);
      expect(fakta.flatMap((f) => f.felter.map((x) => x.verdi))).to.include(HTML);
      const dok = await ventTil<DokumentRad>('vedtaksbrevet', async () => {
        const { dokumenter } = await kjoer.sak(sakId);
        return dokumenter.find((d) => /vedtak/i.test(d.tittel)) ?? null;
      });
      const pdf = await ingrid.hentBytes(`/api/dokumenter/${dok.id}/innhold`);
      expect(pdfTekst(pdf)).to.contain('<script>alert("x")</script>');
      const soek = await ingrid.hent<{ personer: PersonTreff[] }>(`/api/sok?q=${encodeURIComponent('Tag <script>')}`);
      expect(soek.hoder.get('content-type')).to.contain('application/json');
      expect(soek.kropp.personer.map((p) => p.id)).to.deep.equal([personId]);
    });
  });

  describe('kroppen', () => {
    const JSONHODE = { 'content-type': 'application/json' };
    it('som er for stor, gir 413; som ikke er JSON, gir 400; og ingenting er lagret', async () => {
      const sakId = await nySak();
      const id = await tatt(sakId, 'avklar-instans');
      const ola = await kjoer.som('ola-hansen');
      const stor = JSON.stringify({ innsendingId: randomUUID(), data: { begrunnelse: 'x'.repeat(1_100_000) } });
      const forStor = (await ola.raa('POST', `/api/oppgaver/${id}/fullfoer`, {
        kropp: stor,
        hoder: JSONHODE,
      })) as Svar<Problem>; // problem details
      expect(forStor.status).to.equal(413);
      expect(forStor.kropp.detail).to.match(/for stort/);
      for (const kropp of ['{', '{"innsendingId":', 'null', '[]', '"tekst"', '']) {
        const svar = (await ola.raa('POST', `/api/oppgaver/${id}/fullfoer`, {
          kropp,
          hoder: JSONHODE,
        })) as Svar<Problem>; // som over
        expect(svar.status, kropp).to.be.oneOf([400, 422]);
        expect(svar.kropp.detail, kropp).to.contain('Ingenting er lagret');
      }
      await uroert(id);
    });

    it('med en tekst som er lengre enn feltet tar, navngir feltet', async () => {
      const sakId = await nySak();
      const id = await tatt(sakId, 'avklar-instans');
      const svar = await sendInn(id, 'ola-hansen', { ...STEGDATA['avklar-instans'], begrunnelse: 'x'.repeat(500_000) });
      expect(svar.status).to.equal(422);
      expect(svar.kropp.feil?.map((f) => f.felt)).to.deep.equal(['begrunnelse']);
      await uroert(id);
    });

    it('med nøkler som prøver å endre objekter, svært dyp nesting eller usynlige tegn er ufarlig', async () => {
      const sakId = await nySak();
      const id = await tatt(sakId, 'avklar-instans');
      const ola = await kjoer.som('ola-hansen');
      const dyp = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
      for (const data of [
        '{"__proto__":{"regime":"helse"}}',
        '{"constructor":{"prototype":{}}}',
        `{"begrunnelse":${dyp}}`,
      ]) {
        const kropp = `{"innsendingId":"${randomUUID()}","data":${data}}`;
        const svar = await ola.raa('POST', `/api/oppgaver/${id}/fullfoer`, { kropp, hoder: JSONHODE });
        expect(svar.status, data.slice(0, 40)).to.be.within(400, 422);
      }
      expect({}).not.to.have.property('regime');
      const nul = await sendInn(id, 'ola-hansen', { ...STEGDATA['avklar-instans'], begrunnelse: 'a\u0000b\ud800c' });
      expect(nul.status).to.be.oneOf([200, 422]);
      const rader: { t: string }[] = await app.app.ds.query(
        `select data->>'begrunnelse' as t from steg_svar where oppgave_id = $1`,
        [id],
      );
      for (const r of rader) expect(r.t).not.to.match(/\u0000|\ud800/);
    });
  });

  describe('person, anmodning og filer', () => {
    const ny = async (endring: object): Promise<Svar<Problem>> =>
      (await kjoer.som('ola-hansen')).send<Problem>('POST', '/api/personer', {
        navn: 'Kari Gal',
        fodselsnummer: '',
        ...endring,
      });

    it('fødselsnummeret må ha elleve sifre, gyldig dato og riktige kontrollsifre, og ikke være registrert fra før', async () => {
      const foer = await tell('person');
      for (const fodselsnummer of ['', '1234567890', '123456789012', 'abcdefghijk', '32816012345', '01816000000']) {
        const svar = await ny({ fodselsnummer });
        expect(svar.status, fodselsnummer).to.equal(422);
        expect(
          svar.kropp.feil?.map((f) => f.felt),
          fodselsnummer,
        ).to.deep.equal(['fodselsnummer']);
      }
      expect(await tell('person')).to.equal(foer);
    });

    it('anmodningen: hvert felt som mangler eller er galt, navngis', async () => {
      const ola = await kjoer.som('ola-hansen');
      const foer = await tell('sak');
      const svar = await ola.send<Problem>('POST', '/api/saker', {});
      expect(svar.status).to.equal(422);
      expect(svar.kropp.feil?.map((f) => f.felt)).to.include.members([
        'personId',
        'enhetId',
        'mottatt',
        'hvemSpoer',
        'maate',
        'oenske',
      ]);
      const gyldig: NyAnmodning = {
        innsendingId: randomUUID(),
        personId: UKJENT,
        enhetId: 'hsk-madla',
        mottatt: '2999-01-01',
        hvemSpoer: 'paaroerende',
        hvemSpoerNavn: '',
        maate: 'skriftlig',
        oenske: 'ip',
        egenSak: true,
        notat: '',
      };
      const regler = await ola.send<Problem>('POST', '/api/saker', gyldig);
      expect(regler.status).to.equal(422);
      expect(regler.kropp.feil?.map((f) => f.felt)).to.include.members([
        'personId',
        'enhetId',
        'mottatt',
        'hvemSpoerNavn',
      ]);
      for (const mottatt of ['2026-02-30', '30.02.2026', '2026-13-01', 'i går']) {
        const dato = await ola.send<Problem>('POST', '/api/saker', { ...gyldig, mottatt });
        expect(dato.status, mottatt).to.equal(422);
        expect(
          dato.kropp.feil?.map((f) => f.felt),
          mottatt,
        ).to.include('mottatt');
      }
      expect(await tell('sak')).to.equal(foer);
    });

    it('filer: feil type, forkledd type, tom og for stor avvises med filas navn, og ingen sak blir til', async () => {
      const ola = await kjoer.som('ola-hansen');
      const { id: personId } = await kjoer.nyPerson('Fil Filesen');
      const anmodning = JSON.stringify({
        innsendingId: randomUUID(),
        personId,
        enhetId: 'hsk-hillevaag',
        mottatt: MOTTATT,
        hvemSpoer: 'planeier',
        maate: 'skriftlig',
        oenske: 'ip',
      });
      const filer: [string, Uint8Array<ArrayBuffer>, number][] = [
        ['virus.exe', new Uint8Array([0x4d, 0x5a, 1, 2]), 422],
        ['brev.pdf', new TextEncoder().encode('<html><script>1</script>'), 422],
        ['side.html', new TextEncoder().encode('<html>'), 422],
        ['tom.pdf', new Uint8Array(0), 422],
        ['stor.pdf', new Uint8Array(20 * 1024 * 1024 + 1).fill(0x25), 413],
      ];
      for (const [navn, innhold, status] of filer) {
        const skjema = new FormData();
        skjema.set('anmodning', anmodning);
        skjema.append('filer', new Blob([innhold]), navn);
        const svar = (await ola.raa('POST', '/api/saker', { kropp: skjema })) as Svar<Problem>; // problem details
        expect(svar.status, navn).to.equal(status);
        expect(svar.kropp.feil?.[0]?.felt, navn).to.equal('filer');
        if (status === 422) expect(svar.kropp.feil?.[0]?.melding).to.contain(`«${navn}»`);
      }
      expect(await tell('sak where person_id = $1', personId)).to.equal(0);
    });

    it('trekk uten begrunnelse og trekk av en avsluttet sak avvises med en setning', async () => {
      const sakId = await nySak();
      const ola = await kjoer.som('ola-hansen');
      const uten = await ola.send<Problem>('POST', `/api/saker/${sakId}/trekk`, {
        innsendingId: randomUUID(),
        begrunnelse: ' ',
      });
      expect(uten.status).to.equal(422);
      expect(uten.kropp.feil).to.deep.equal([
        { felt: 'begrunnelse', melding: 'Skriv hvem som trakk anmodningen og hvorfor.' },
      ]);
      await kjoer.trekk(sakId);
      await kjoer.ventAvsluttet(sakId);
      const igjen = await ola.send<Problem>('POST', `/api/saker/${sakId}/trekk`, {
        innsendingId: randomUUID(),
        begrunnelse: 'En gang til.',
      });
      expect(igjen.status).to.equal(409);
      expect(await tell('trekk where sak_id = $1', sakId)).to.equal(1);
    });
  });

  describe('lister og søk', () => {
    it('ukjente faner, sorteringer og tall gir 422 som navngir feltet; tegn med egen betydning er bare tegn', async () => {
      const ola = await kjoer.som('ola-hansen');
      for (const [sti, felt] of [
        ['/api/oppgaver?fane=alle', 'fane'],
        ['/api/oppgaver?sorter=id;drop', 'sorter'],
        ['/api/oppgaver?antall=100000', 'antall'],
        ['/api/oppgaver?fra=-1', 'fra'],
        ['/api/oppgaver?personId=x', 'personId'],
        ['/api/saker?status=hemmelig', 'status'],
      ] as const) {
        const svar = await ola.hent<Problem>(sti);
        expect(svar.status, sti).to.equal(422);
        expect(
          svar.kropp.feil?.map((f) => f.felt),
          sti,
        ).to.deep.equal([felt]);
      }
      for (const q of ["'; drop table sak; --", '%', '_', '\\', '(', '"']) {
        expect((await ola.hent(`/api/oppgaver?sok=${encodeURIComponent(q)}`)).status, q).to.equal(200);
        expect((await ola.hent(`/api/saker?sok=${encodeURIComponent(q)}`)).status, q).to.equal(200);
      }
    });

    it('et skjult brev i en sak jeg ikke ser, telles heller ikke', async () => {
      const anne = await kjoer.som('anne-lie');
      await nySak('Hemmelig Hemmeligsen');
      expect((await anne.hent<{ totalt: number }>('/api/saker?sok=Hemmelig')).kropp.totalt).to.equal(0);
      const detalj = await anne.hent<OppgaveDetalj>('/api/oppgaver?fane=ledige&sok=Hemmelig');
      expect(detalj.kropp).to.have.nested.property('totalt', 0);
    });
  });

  describe('i hvert steg', () => {
    const DAG = 24 * 60 * 60 * 1000;
    const sak = async (valg?: Parameters<Sakskjoering['anmod']>[1]): Promise<string> =>
      kjoer.anmod((await kjoer.nyPerson('Prøve Prøvesen')).id, valg);
    const gjort = async (sakId: string, ...steg: StegId[]): Promise<string> => {
      for (const s of steg) await kjoer.gjoer(sakId, s);
      return sakId;
    };
    const utredet = async (): Promise<string> =>
      gjort(await sak(), 'avklar-instans', 'informer-og-avklar', 'kartlegg-og-vurder');
    const vedtatt = async (): Promise<string> => gjort(await utredet(), 'fatt-vedtak', 'godkjenn-vedtak');
    const tilbudt = async (): Promise<string> => gjort(await vedtatt(), 'vurder-valg', 'utpek-ansatt');
    /** Barnet har en sak hos koordinerende enhet og en i barneverntjenesten; den siste fikk planen mens den første ble utredet. */
    const dobbel = async (): Promise<string> => {
      const { id } = await kjoer.nyPerson('Dobbel Barnesen', '2015-03-04');
      const barn = {
        samtykkegiver: 'foreldre',
        samtykkegiverNavn: 'Marit Nordmann',
        barnetHoert: 'ja',
        barnetsMening: 'Jeg vil det.',
      };
      const bv = await kjoer.anmod(id, { enhetId: 'barnevern', egenSak: true, av: 'bente-strand' });
      const ke = await kjoer.anmod(id);
      await kjoer.gjoer(ke, 'avklar-instans');
      await kjoer.gjoer(ke, 'informer-og-avklar', barn);
      await kjoer.gjoer(ke, 'kartlegg-og-vurder');
      await kjoer.gjoer(bv, 'informer-og-avklar', barn, 'bente-strand');
      await kjoer.gjoer(bv, 'kartlegg-og-vurder', {}, 'bente-strand');
      await app.app.ds.query(`update kommune set konfig = konfig || '{"fireOeyne": false}'`);
      await kjoer.gjoer(bv, 'fatt-vedtak', { hjemmel: ['bvl-15-9'] }, 'bente-strand');
      await kjoer.gjoer(ke, 'fatt-vedtak');
      await app.app.ds.query(`update kommune set konfig = konfig || '{"fireOeyne": true}'`);
      return ke;
    };

    /** Fører en ny sak til steget; det som kommer før, er gjort riktig. De siste flytter tiden, og derfor står alt dette sist i fila. */
    const VEIEN: Record<StegId, () => Promise<string>> = {
      'registrer-anmodning': () => sak({ maate: 'muntlig' }),
      'avklar-instans': () => sak(),
      'svar-om-eksisterende-plan': async () => {
        const ferdig = await gjort(await tilbudt(), 'bekreft-oppdrag');
        const { person } = await kjoer.ventAvsluttet(ferdig);
        return gjort(await kjoer.anmod(person.id), 'avklar-instans');
      },
      'informer-og-avklar': async () => gjort(await sak(), 'avklar-instans'),
      'kartlegg-og-vurder': async () => gjort(await sak(), 'avklar-instans', 'informer-og-avklar'),
      'dokumenter-avslaatt-tilbud': async () => {
        const sakId = await gjort(await sak(), 'avklar-instans');
        await kjoer.gjoer(sakId, 'informer-og-avklar', { oenske: 'ingen' });
        return sakId;
      },
      'fatt-vedtak': utredet,
      'godkjenn-vedtak': async () => gjort(await utredet(), 'fatt-vedtak'),
      'avklar-dobbel-sak': dobbel,
      'vurder-valg': vedtatt,
      'utpek-ansatt': async () => gjort(await vedtatt(), 'vurder-valg'),
      'bekreft-oppdrag': tilbudt,
      'avklar-videre': async () => {
        const sakId = await gjort(await vedtatt(), 'vurder-valg');
        await app.flyttTid(18 * DAG);
        return sakId;
      },
      'avklar-svar': async () => {
        const sakId = await tilbudt();
        await app.flyttTid(11 * DAG);
        return sakId;
      },
      'avklar-opplaering': async () => {
        await app.app.ds.query(`update kommune set konfig = konfig || '{"opplaeringKreves": "blokkerer"}'`);
        const sakId = await gjort(await tilbudt(), 'bekreft-oppdrag');
        await ventTil('opplæringen er startet', async () =>
          (await tell('opplaeringskrav where sak_id = $1 and startet is not null', sakId)) > 0 ? true : null,
        );
        await app.flyttTid(31 * DAG);
        return sakId;
      },
    };
    const ENGELSK = /\b(Invalid|expected|received|required|undefined|null|string|object|must)\b/i;

    for (const [steg, veien] of Object.entries(VEIEN) as [StegId, () => Promise<string>][]) {
      it(`«${steg}»: tomt skjema, feil slags verdier og valg som ikke finnes navngis felt for felt, og ingenting lagres`, async () => {
        const id = await tatt(await veien(), steg);
        const galt = Object.fromEntries(Object.keys(STEGDATA[steg]).map((f) => [f, { tull: ['tull'] }]));
        const ukjentValg = Object.fromEntries(Object.keys(STEGDATA[steg]).map((f) => [f, 'finnes-ikke']));
        // Et skjema med bare fritekst har ingen valg å ta feil av.
        const medValg = steg === 'svar-om-eksisterende-plan' ? [] : [{ ...STEGDATA[steg], ...ukjentValg }];
        for (const data of [{}, galt, ...medValg]) {
          const svar = await sendInn(id, HVEM[steg], data);
          expect(svar.status, JSON.stringify(svar.kropp)).to.equal(422);
          expect(svar.hoder.get('content-type')).to.contain('application/problem+json');
          const feil = svar.kropp.feil ?? [];
          expect(feil).to.have.length.greaterThan(0);
          expect(svar.kropp.detail).to.contain('Ingenting er lagret');
          for (const f of feil) {
            expect(f.melding, f.felt)
              .to.match(/^[A-ZÆØÅ«].*[.!?]$/s)
              .and.not.to.match(ENGELSK);
            expect(Object.keys(STEGDATA[steg]).concat('begrunnelse', 'kommentar'), JSON.stringify(f)).to.include(
              f.felt.split('.')[0],
            );
          }
        }
        await uroert(id);
      });
    }

    it('det skjemaet skjuler, er ikke svart på: skjulte felter lagres ikke', async () => {
      const sakId = await nySak();
      const id = await tatt(sakId, 'avklar-instans');
      const data = { ...STEGDATA['avklar-instans'], avklartMed: 'NAV-veilederen', finnesIkke: 'x' };
      expect((await sendInn(id, 'ola-hansen', data)).status).to.equal(200);
      const rader: { data: object }[] = await app.app.ds.query('select data from steg_svar where oppgave_id = $1', [
        id,
      ]);
      expect(rader[0]?.data).to.deep.equal(STEGDATA['avklar-instans']);
    });
  });
});

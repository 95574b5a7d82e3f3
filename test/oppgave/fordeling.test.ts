import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { UserTaskKey } from '@camunda8/orchestration-cluster-api';
import type {
  BrukerendringSvar,
  BrukerListe,
  Drift,
  Fordelingskandidat,
  FordelSvar,
  OppgaveDetalj,
  OppgaveListe,
  Problem,
} from '../../src/contract/api.ts';
import { dagIOslo, leggTilDager } from '../../src/contract/tid.ts';
import type { Klient, Svar } from '../hjelp/klient.ts';
import { Klient as NyKlient } from '../hjelp/klient.ts';
import { startTestapp, type Testapp } from '../hjelp/app.ts';
import { Sakskjoering, ventTil } from '../hjelp/sakskjoering.ts';
import { STEGDATA } from '../hjelp/stegdata.ts';

const I_DAG = dagIOslo(new Date());
const MARKERT = 'Langtidssykmeldt-MARKERT';
/** Tomt, blankt, og tegn som ikke setter noe spor: bredde null, myk bindestrek, fyll, blank punktskrift, variantvelger, løs aksent. */
const USYNLIGE = ['', '   ', '\u200B\u2060\uFEFF', '\u00AD\u3164', '\u2800', '\u115F\uFE0F', '\u0301'];

describe('Ingen blir stående: oppgaver fordeles av lederen, og følger rollene', function () {
  this.timeout(120_000);
  let t: Testapp;
  let k: Sakskjoering;
  before(async () => {
    t = await startTestapp({ motor: 'innebygd', avstemMs: 2_000 });
    k = new Sakskjoering(t.adresse);
  });
  after(() => t?.stopp());

  const som = (id: string): Promise<Klient> => k.som(id);
  const sql = <T>(tekst: string, verdier: unknown[] = []): Promise<T[]> => t.app.ds.query(tekst, verdier);

  async function nySak(navn = 'Frida Fordelt'): Promise<string> {
    const { id } = await k.nyPerson(navn);
    return k.anmod(id);
  }
  /** En ny sak der `hvem` har tatt det første steget. */
  async function tattAv(hvem: string): Promise<{ id: string; sakId: string }> {
    const sakId = await nySak();
    const { id } = await k.finnOppgave(sakId, 'avklar-instans');
    expect((await (await som(hvem)).send('POST', `/api/oppgaver/${id}/ta`)).status).to.equal(200);
    return { id, sakId };
  }
  const fordel = async (
    ider: string[],
    til: string | null,
    grunn = MARKERT,
    leder = 'kari-moe',
  ): Promise<Svar<FordelSvar & Problem>> =>
    (await som(leder)).send('POST', '/api/oppgaver/fordel', { ider, til, grunn });
  const utfall = (svar: Svar<FordelSvar>): string[][] => svar.kropp.resultater.map((r) => [r.resultat, r.melding]);
  const detalj = async (hvem: string, id: string): Promise<OppgaveDetalj> =>
    (await (await som(hvem)).hent<OppgaveDetalj>(`/api/oppgaver/${id}`)).kropp;
  const setninger = async (sakId: string): Promise<string[]> => (await k.sak(sakId)).hendelser.map((h) => h.tekst);
  const assignee = (id: string, ventet: string): Promise<true> =>
    ventTil(`${ventet || 'ingen'} hos motoren`, async () => {
      const [rad] = await sql<{ noekkel: string }>('select user_task_key as noekkel from oppgave where id = $1', [id]);
      const oppgave = await t.app.klient.getUserTask(
        { userTaskKey: UserTaskKey.assumeExists(rad?.noekkel ?? '') },
        { consistency: { waitUpToMs: 0 } },
      );
      return (oppgave.assignee ?? '') === ventet ? true : null;
    });

  const fane = randomUUID();
  /** Det som er skrevet, slik skjermen lagrer det. */
  const lagring = (data: Record<string, unknown>, nr: number) => ({ data, grunnlag: 0, fane, nr });

  describe('lederen', () => {
    it('gir oppgaver fra en til en annen: historikken sier det uten grunnen, motoren vet det, og den som mistet den, får vite det', async () => {
      const [a, b] = [await tattAv('ola-hansen'), await tattAv('ola-hansen')];
      const ola = await som('ola-hansen');
      const foerste = lagring({ begrunnelse: 'Olas halve setning' }, 1);
      expect((await ola.send('PUT', `/api/oppgaver/${a.id}/utkast`, foerste)).status).to.equal(200);
      const mulige = (
        await (await som('kari-moe')).hent<Fordelingskandidat[]>(`/api/oppgaver/kandidater?ider=${a.id},${b.id}`)
      ).kropp;
      expect(mulige.map((m) => [m.navn, m.kan])).to.deep.equal([['Ingrid Bakke', 2]]);

      const svar = await fordel([a.id, b.id], 'ingrid-bakke');
      expect(utfall(svar)).to.deep.equal([
        ['gitt', 'Gitt til Ingrid Bakke.'],
        ['gitt', 'Gitt til Ingrid Bakke.'],
      ]);
      const hos = await detalj('ingrid-bakke', a.id);
      expect([hos.kanFullfoere, hos.data['begrunnelse'], hos.utkastAv]).to.deep.equal([
        true,
        'Olas halve setning',
        'Ola Hansen',
      ]);
      const hosOla = await detalj('ola-hansen', a.id);
      expect(hosOla.fordeling).to.include({
        slag: 'gitt',
        av: 'Kari Moe',
        til: 'Ingrid Bakke',
        fraMeg: true,
        grunn: null,
      });
      expect((await detalj('kari-moe', a.id)).fordeling?.grunn).to.equal(MARKERT);
      const sen = await ola.send<Problem>('PUT', `/api/oppgaver/${a.id}/utkast`, lagring({}, 2));
      expect([sen.status, sen.kropp.detail]).to.deep.equal([409, 'Kari Moe ga oppgaven til Ingrid Bakke nå nettopp.']);
      const linjer = await setninger(a.sakId);
      expect(linjer).to.include('Kari Moe ga oppgaven «Avklar hvem som avgjør» fra Ola Hansen til Ingrid Bakke.');
      expect(linjer.join()).not.to.include(MARKERT);
      await assignee(a.id, 'ingrid-bakke');
    });

    it('gjør en oppgave ledig, og den som hadde den, får vite hvem som gjorde det når han fortsetter', async () => {
      const { id, sakId } = await tattAv('ola-hansen');
      await assignee(id, 'ola-hansen');
      expect(utfall(await fordel([id], null))).to.deep.equal([['frigjort', 'Er ledig igjen.']]);
      expect(utfall(await fordel([id], null)), 'en gang til gjør ingenting').to.deep.equal([
        ['uendret', 'Er alt ledig.'],
      ]);
      const igjen = await (
        await som('ola-hansen')
      ).send<Problem>('POST', `/api/oppgaver/${id}/fullfoer`, {
        innsendingId: randomUUID(),
        data: STEGDATA['avklar-instans'],
      });
      expect([igjen.status, igjen.kropp.detail]).to.deep.equal([
        409,
        'Kari Moe gjorde oppgaven ledig nå nettopp. Ta den igjen hvis du skal fortsette.',
      ]);
      expect((await setninger(sakId))[0]).to.equal(
        'Kari Moe gjorde oppgaven «Avklar hvem som avgjør», som Ola Hansen hadde, ledig igjen.',
      );
      await assignee(id, '');
    });

    it('får svar for hver oppgave når noen av dem ikke kan fordeles, og resten går gjennom', async () => {
      const [min, ferdig] = [await tattAv('ola-hansen'), await tattAv('ola-hansen')];
      await k.fullfoer(ferdig.id, STEGDATA['avklar-instans'], 'ola-hansen');
      const svar = await fordel([ferdig.id, randomUUID(), min.id], 'ingrid-bakke');
      expect(utfall(svar)).to.deep.equal([
        ['avvist', 'Oppgaven ble fullført av Ola Hansen nå nettopp.'],
        ['avvist', 'Oppgaven finnes ikke, eller du har ikke tilgang til å fordele den.'],
        ['gitt', 'Gitt til Ingrid Bakke.'],
      ]);
    });

    it('kan bare gi oppgaven til en som kan gjøre den i dag', async () => {
      const { id } = await tattAv('ola-hansen');
      expect(utfall(await fordel([id], 'per-lunde'))).to.deep.equal([
        ['avvist', 'Per Lunde har ikke rollen som kan gjøre denne oppgaven.'],
      ]);
      expect((await detalj('kari-moe', id)).oppgave.eier?.navn).to.equal('Ola Hansen');
    });

    it('venter på en som er i ferd med å bli sperret, uten å holde oppgaven imens', async () => {
      const { id } = await tattAv('ola-hansen');
      const sperring = t.app.ds.createQueryRunner();
      await sperring.startTransaction();
      try {
        await sperring.query(`select 1 from bruker where id = 'ingrid-bakke' for no key update`);
        const svar = fordel([id], 'ingrid-bakke');
        await ventTil('den som venter', async () =>
          (await sql(`select 1 from pg_locks where not granted`)).length > 0 ? true : null,
        );
        // Sperringen skal kunne gjøre oppgaver ledige: holdt vi den, ville de to ventet på hverandre.
        await sperring.query('select 1 from oppgave where id = $1 for update nowait', [id]);
        await sperring.rollbackTransaction();
        expect(utfall(await svar)).to.deep.equal([['gitt', 'Gitt til Ingrid Bakke.']]);
      } finally {
        if (sperring.isTransactionActive) await sperring.rollbackTransaction();
        await sperring.release();
      }
    });

    it('må skrive en grunn, og usynlige tegn er ingen grunn', async () => {
      const { id } = await tattAv('ola-hansen');
      for (const grunn of USYNLIGE) {
        expect([grunn, (await fordel([id], null, grunn)).status]).to.deep.equal([grunn, 422]);
      }
    });

    it('ser hvem som har oppgaven og siden når, i hele enheten; en kollega og en annen leder kan ikke fordele', async () => {
      const { id } = await tattAv('ola-hansen');
      const liste = await (await som('kari-moe')).hent<OppgaveListe>('/api/oppgaver?fane=enheten&antall=200');
      const rad = liste.kropp.rader.find((r) => r.id === id);
      expect(rad).to.deep.include({
        eier: { id: 'ola-hansen', navn: 'Ola Hansen' },
        kanFordele: true,
        eierBorte: false,
      });
      expect(Date.now() - Date.parse(rad?.tatt ?? '')).to.be.lessThan(60_000);
      for (const hvem of ['ingrid-bakke', 'knut-ask', 'siri-dahl']) {
        const svar = await fordel([id], 'ingrid-bakke', 'Vil ha den.', hvem);
        expect([hvem, svar.status]).to.deep.equal([hvem, 404]);
      }
    });

    it('og den som fullfører samtidig: nøyaktig én vinner, og den andre får vite det', async () => {
      for (let runde = 0; runde < 6; runde++) {
        const { id } = await tattAv('ola-hansen');
        const ola = await som('ola-hansen');
        const [ferdig, gitt] = await Promise.all([
          ola.send<Problem>('POST', `/api/oppgaver/${id}/fullfoer`, {
            innsendingId: randomUUID(),
            data: STEGDATA['avklar-instans'],
          }),
          fordel([id], 'ingrid-bakke'),
        ]);
        const [rad] = await sql<{ status: string; eier_id: string }>(
          'select status, eier_id from oppgave where id = $1',
          [id],
        );
        if (ferdig.status === 200) {
          expect([gitt.kropp.resultater[0]?.resultat, rad?.eier_id]).to.deep.equal(['avvist', 'ola-hansen']);
          expect(gitt.kropp.resultater[0]?.melding).to.match(/^Oppgaven ble fullført av Ola Hansen/);
        } else {
          expect([ferdig.status, ferdig.kropp.detail]).to.deep.equal([
            409,
            'Kari Moe ga oppgaven til Ingrid Bakke nå nettopp.',
          ]);
          expect(rad).to.deep.equal({ status: 'aapen', eier_id: 'ingrid-bakke' });
        }
      }
    });
  });

  describe('det som sendes tilbake', () => {
    async function tilGodkjenning(): Promise<string> {
      const sakId = await nySak('Rita Retur');
      await k.tilVedtak(sakId);
      await k.gjoer(sakId, 'fatt-vedtak');
      return sakId;
    }
    const underkjenn = async (sakId: string) => {
      const { id } = await k.finnOppgave(sakId, 'godkjenn-vedtak');
      const per = await som('per-lunde');
      await per.send('POST', `/api/oppgaver/${id}/ta`);
      const fremover = (await detalj('per-lunde', id)).hvaSkjer['nei'] ?? '';
      const svar = await k.fullfoer(id, { godkjent: 'nei', kommentar: 'Skriv mer om overgangen.' }, 'per-lunde');
      return { svar, fremover };
    };

    it('går til den som fattet vedtaket, merket og først i lista; den som sendte det tilbake, får det ikke tilbudt', async () => {
      const sakId = await tilGodkjenning();
      // En eldre oppgave hos den samme, med kortere frist enn den som kommer tilbake.
      const { id: eldre } = await tattAv('ingrid-bakke');
      await sql(`update oppgave set frist = now() - interval '3 days' where id = $1`, [eldre]);
      const { svar, fremover } = await underkjenn(sakId);
      expect(fremover).to.contain('går tilbake til Ingrid Bakke, som fattet det');
      expect(svar.melding).to.equal('Vedtaket er sendt tilbake med kommentaren din. Ingrid Bakke retter det.');
      expect(svar.nesteOppgaveId, 'ikke tilbudt den som sendte det tilbake').to.equal(null);
      const rad = await k.finnOppgave(sakId, 'fatt-vedtak', 'ingrid-bakke');
      expect(rad).to.include({ retur: 'Sendt tilbake av Per Lunde', gruppe: 'tilbake' });
      expect(rad.eier?.id).to.equal('ingrid-bakke');
      const mine = await (await som('ingrid-bakke')).hent<OppgaveListe>('/api/oppgaver?fane=mine&antall=200');
      const ider = mine.kropp.rader.map((r) => r.id);
      expect(ider).to.include(eldre);
      expect(ider[0]).to.equal(rad.id);
      expect(mine.kropp.rader.map((r) => r.gruppe === 'tilbake')).to.deep.equal(
        [...mine.kropp.rader.map((r) => r.gruppe === 'tilbake')].sort().reverse(),
      );
      expect((await detalj('ingrid-bakke', rad.id)).retur).to.include({
        merke: 'Sendt tilbake av Per Lunde',
        tekst: 'Skriv mer om overgangen.',
      });
      await assignee(rad.id, 'ingrid-bakke');
    });

    it('kan ikke tas av den som sendte det tilbake, heller ikke når det er lagt tilbake eller gis av lederen', async () => {
      const sakId = await tilGodkjenning();
      await underkjenn(sakId);
      const { id } = await k.finnOppgave(sakId, 'fatt-vedtak', 'ingrid-bakke');
      await (await som('ingrid-bakke')).send('POST', `/api/oppgaver/${id}/legg-tilbake`);
      const ta = await (await som('per-lunde')).send<Problem>('POST', `/api/oppgaver/${id}/ta`);
      expect(ta.status).to.equal(409);
      expect(ta.kropp.detail).to.match(/^Du sendte vedtaket tilbake\./);
      expect(utfall(await fordel([id], 'per-lunde'))).to.deep.equal([
        ['avvist', 'Per Lunde kan ikke få den, fordi en annen må gjøre dette steget (fire øyne).'],
      ]);
      expect((await detalj('ingrid-bakke', id)).oppgave.retur, 'merket står').to.equal('Sendt tilbake av Per Lunde');
    });

    it('går til gruppa når den som fattet det, ikke lenger er beslutter; er bare den andre igjen, kan han ta det', async () => {
      const sakId = await tilGodkjenning();
      const { id: godkjenning } = await k.finnOppgave(sakId, 'godkjenn-vedtak');
      await (await som('per-lunde')).send('POST', `/api/oppgaver/${godkjenning}/ta`);
      const slutt = { rolle: 'beslutter', enhetId: 'hsk-hillevaag', til: leggTilDager(I_DAG, -1), grunn: 'Ny jobb.' };
      const roller = '/api/brukere/ingrid-bakke/roller';
      await (await som('kari-moe')).send('POST', `${roller}/avslutt`, slutt);
      try {
        await k.fullfoer(godkjenning, { godkjent: 'nei', kommentar: 'Skriv mer.' }, 'per-lunde');
        const rad = await k.finnOppgave(sakId, 'fatt-vedtak', 'per-lunde');
        expect(rad).to.include({ eier: null, retur: 'Sendt tilbake av Per Lunde', kanTa: true });
      } finally {
        await (await som('tor-nilsen')).send('POST', `${roller}/aapne`, slutt);
      }
    });

    it('åpnes for den som sendte det tilbake, i det den siste andre mister rollen', async () => {
      const sakId = await tilGodkjenning();
      await underkjenn(sakId);
      const { id } = await k.finnOppgave(sakId, 'fatt-vedtak', 'ingrid-bakke');
      const slutt = { rolle: 'beslutter', enhetId: 'hsk-hillevaag', til: leggTilDager(I_DAG, -1), grunn: 'Ny jobb.' };
      const roller = '/api/brukere/ingrid-bakke/roller';
      await (await som('kari-moe')).send('POST', `${roller}/avslutt`, slutt);
      try {
        expect((await detalj('per-lunde', id)).oppgave).to.include({ eier: null, kanTa: true, hindring: null });
        expect((await (await som('per-lunde')).send('POST', `/api/oppgaver/${id}/ta`)).status).to.equal(200);
      } finally {
        await (await som('tor-nilsen')).send('POST', `${roller}/aapne`, slutt);
      }
    });

    it('gjelder også valget av koordinator: et nei går tilbake til den som valgte, med svaret', async () => {
      const sakId = await tilGodkjenning();
      await k.gjoer(sakId, 'godkjenn-vedtak');
      await k.gjoer(sakId, 'vurder-valg');
      await k.gjoer(sakId, 'utpek-ansatt', { kanUtpeke: 'nei', ansattId: undefined, begrunnelse: 'Ingen har plass.' });
      const rad = await k.finnOppgave(sakId, 'vurder-valg');
      expect([rad.eier?.id, rad.retur]).to.deep.equal(['ola-hansen', 'Nei fra Siri Dahl']);
      expect((await detalj('ola-hansen', rad.id)).retur?.tekst).to.contain('Ingen har plass.');
      await k.gjoer(sakId, 'vurder-valg');
      await k.gjoer(sakId, 'utpek-ansatt');
      await k.gjoer(sakId, 'bekreft-oppdrag', { bekreftet: 'nei', begrunnelse: 'Har for mange.' });
      const igjen = await k.finnOppgave(sakId, 'utpek-ansatt');
      expect([igjen.eier?.id, igjen.retur]).to.deep.equal(['siri-dahl', 'Nei fra Jonas Vik']);
    });
  });

  describe('en personlig oppgave', () => {
    async function spurt(): Promise<{ sakId: string; id: string }> {
      const sakId = await nySak('Petra Personlig');
      await k.tilVedtak(sakId);
      await k.vedta(sakId, {});
      await k.gjoer(sakId, 'vurder-valg');
      await k.gjoer(sakId, 'utpek-ansatt');
      const { id } = await k.finnOppgave(sakId, 'bekreft-oppdrag');
      return { sakId, id };
    }

    it('kan ikke gis til en annen, men lederen kan svare nei for den som er borte, og saken går videre', async () => {
      const { sakId, id } = await spurt();
      expect(utfall(await fordel([id], 'siri-dahl', 'Borte.', 'siri-dahl'))).to.deep.equal([
        ['avvist', 'Bare Jonas Vik kan svare. Åpne oppgaven for å svare for den som ikke kan.'],
      ]);
      expect((await detalj('jonas-vik', id)).besvarFor).to.equal(null);
      expect((await detalj('siri-dahl', id)).besvarFor).to.include({ navn: 'Jonas Vik' });
      for (const hvem of ['ola-hansen', 'tor-nilsen', 'knut-ask']) {
        const nei = await (await som(hvem)).send('POST', `/api/oppgaver/${id}/besvar-for`, { grunn: 'Borte.' });
        expect([hvem, nei.status]).to.deep.equal([hvem, 404]);
      }
      const svar = await (await som('siri-dahl')).send('POST', `/api/oppgaver/${id}/besvar-for`, { grunn: MARKERT });
      expect(svar).to.deep.include({ status: 200, kropp: { melding: 'Jonas Vik er ikke lenger spurt om oppdraget.' } });
      expect((await k.finnOppgave(sakId, 'utpek-ansatt')).retur).to.equal('Nei fra Siri Dahl');
      const sak = JSON.stringify(await k.sak(sakId));
      expect(sak).to.contain('Siri Dahl svarte nei for Jonas Vik, som ikke kan svare');
      expect(sak).not.to.include(MARKERT);
      const igjen = await (await som('siri-dahl')).send('POST', `/api/oppgaver/${id}/besvar-for`, { grunn: MARKERT });
      expect(igjen.status).to.equal(409);
    });

    it('oppstår også når den som spørres på nytt, er sperret, og lederen ser det på den', async () => {
      const { id, sakId } = await spurt();
      const tor = await som('tor-nilsen');
      await tor.send('POST', '/api/brukere/jonas-vik/sperr', { fra: I_DAG, grunn: 'Sluttet.' });
      try {
        const liste = await (await som('siri-dahl')).hent<OppgaveListe>('/api/oppgaver?fane=enheten&antall=200');
        expect(liste.kropp.rader.find((r) => r.id === id)).to.include({ eierBorte: true });
        await t.flyttTid(11 * 24 * 60 * 60 * 1000);
        await k.gjoer(sakId, 'avklar-svar', { merTid: 'ja', begrunnelse: 'Kommer snart.' });
        const ny = await ventTil('oppgaven på nytt', async () => {
          const svar = await (await som('siri-dahl')).hent<OppgaveListe>('/api/oppgaver?fane=enheten&antall=200');
          return svar.kropp.rader.find((r) => r.sakId === sakId && r.stegId === 'bekreft-oppdrag') ?? null;
        });
        expect(ny).to.include({ eierBorte: true, retur: 'Mer tid fra Kari Moe' });
        const svar = await (
          await som('siri-dahl')
        ).send('POST', `/api/oppgaver/${ny.id}/besvar-for`, { grunn: 'Sluttet.' });
        expect(svar.status).to.equal(200);
      } finally {
        await tor.send('POST', '/api/brukere/jonas-vik/aapne', { grunn: 'Tilbake.' });
      }
    });
  });

  describe('den som sperres eller mister en rolle', () => {
    // Sperringen tar øktene til den som sperres; testene logger inn på nytt.
    afterEach(() => {
      k = new Sakskjoering(t.adresse);
    });
    const tor = (): Promise<Klient> => som('tor-nilsen');
    const brukeren = async (hvem: string, id: string) =>
      (await (await som(hvem)).hent<BrukerListe>('/api/brukere')).kropp.rader.find((b) => b.id === id);

    it('er ute med en gang, kan ikke logge inn, og oppgavene er ledige; åpnes han igjen, kommer han inn', async () => {
      const klient = await new NyKlient(t.adresse).loggInn('ingrid-bakke');
      const { id, sakId } = await tattAv('ingrid-bakke');
      const foer = await brukeren('tor-nilsen', 'ingrid-bakke');
      expect(foer?.oppgaver).to.be.greaterThan(0);
      const svar = await (
        await tor()
      ).send<BrukerendringSvar>('POST', '/api/brukere/ingrid-bakke/sperr', {
        fra: I_DAG,
        grunn: MARKERT,
      });
      try {
        expect(svar.kropp.frigjort).to.equal((foer?.oppgaver ?? 0) - (foer?.personlige ?? 0));
        expect(svar.kropp.melding).to.match(/^Ingrid Bakke er sperret og logget ut\. .* ledige? igjen\.$/);
        expect((await klient.hent('/api/oppgaver')).status).to.equal(401);
        expect(await sql(`select 1 from session where sess->>'brukerId' = 'ingrid-bakke'`)).to.deep.equal([]);
        const inn = await new NyKlient(t.adresse).loggInn('ingrid-bakke').catch((e: unknown) => String(e));
        expect(inn).to.contain('422');
        expect((await detalj('ola-hansen', id)).oppgave).to.include({ eier: null, kanTa: true });
        expect((await setninger(sakId))[0]).to.equal(
          'Oppgaven «Avklar hvem som avgjør», som Ingrid Bakke hadde, er ledig igjen.',
        );
        expect((await detalj('kari-moe', id)).fordeling?.grunn).to.equal(MARKERT);
        expect((await detalj('ola-hansen', id)).fordeling?.grunn).to.equal(null);
        const igjen = await (
          await tor()
        ).send<BrukerendringSvar>('POST', '/api/brukere/ingrid-bakke/sperr', {
          fra: I_DAG,
          grunn: 'Igjen.',
        });
        expect(igjen.kropp).to.deep.equal({ melding: 'Ingrid Bakke er alt sperret.', frigjort: 0 });
        expect(await brukeren('kari-moe', 'ingrid-bakke')).to.include({
          sperret: true,
          oppgaver: 0,
          kanSperres: false,
        });
      } finally {
        await (await tor()).send('POST', '/api/brukere/ingrid-bakke/aapne', { grunn: 'Tilbake i jobb.' });
      }
      await new NyKlient(t.adresse).loggInn('ingrid-bakke');
      expect(await brukeren('tor-nilsen', 'ingrid-bakke')).to.deep.include({ sperret: false, sperretFra: null });
    });

    it('beholder det han rekker å fullføre samtidig; det finnes ingen åpen oppgave hos en som er sperret', async () => {
      for (let runde = 0; runde < 4; runde++) {
        const klient = await new NyKlient(t.adresse).loggInn('ingrid-bakke');
        const { id } = await tattAv('ola-hansen');
        await fordel([id], 'ingrid-bakke', 'Fordeling.');
        const [ferdig] = await Promise.all([
          klient.send('POST', `/api/oppgaver/${id}/fullfoer`, {
            innsendingId: randomUUID(),
            data: STEGDATA['avklar-instans'],
          }),
          (await tor()).send('POST', '/api/brukere/ingrid-bakke/sperr', { fra: I_DAG, grunn: 'Sluttet.' }),
        ]);
        const [rad] = await sql<{ status: string; eier_id: string | null }>(
          'select status, eier_id from oppgave where id = $1',
          [id],
        );
        if (ferdig.status === 200) expect(rad?.eier_id).to.equal('ingrid-bakke');
        else expect(rad).to.deep.equal({ status: 'aapen', eier_id: null });
        await (await tor()).send('POST', '/api/brukere/ingrid-bakke/aapne', { grunn: 'Prøve.' });
      }
    });

    it('mister bare det rollen ga ham, når lederen avslutter den; en annen leder kan ikke', async () => {
      const { id } = await tattAv('ingrid-bakke');
      const slutt = {
        rolle: 'saksbehandler',
        enhetId: 'hsk-hillevaag',
        til: leggTilDager(I_DAG, -1),
        grunn: 'Ny jobb.',
      };
      const sti = '/api/brukere/ingrid-bakke/roller';
      expect((await (await som('knut-ask')).send('POST', `${sti}/avslutt`, slutt)).status).to.equal(404);
      const egen = await (
        await som('kari-moe')
      ).send('POST', '/api/brukere/kari-moe/roller/avslutt', { ...slutt, rolle: 'leder' });
      expect(egen.status).to.equal(409);
      const svar = await (await som('kari-moe')).send<BrukerendringSvar>('POST', `${sti}/avslutt`, slutt);
      try {
        expect(svar.status).to.equal(200);
        expect(svar.kropp.frigjort).to.be.greaterThan(0);
        expect((await detalj('ola-hansen', id)).oppgave.eier).to.equal(null);
        const meg = await (await som('ingrid-bakke')).hentMeg();
        expect(meg.bruker?.roller.map((r) => r.rolle)).to.deep.equal(['beslutter']);
        // Rollen er over: å gi den tilbake er systemansvarliges.
        expect((await (await som('kari-moe')).send('POST', `${sti}/aapne`, slutt)).status).to.equal(404);
      } finally {
        expect((await (await tor()).send('POST', `${sti}/aapne`, slutt)).status).to.equal(200);
      }
      expect((await (await som('ingrid-bakke')).hentMeg()).bruker?.roller.map((r) => r.rolle)).to.have.members([
        'beslutter',
        'saksbehandler',
      ]);
    });

    it('gir fra seg oppgavene når siste dag er over, uten at noen gjør noe; det samme gjelder en sperring med dato', async () => {
      const { id } = await tattAv('ingrid-bakke');
      await sql(
        `insert into rolletildeling (bruker_id, rolle, enhet_id, fra) values ('mette-foss', 'saksbehandler', 'hsk-hillevaag', $1)`,
        [leggTilDager(I_DAG, -1)],
      );
      const { id: mettes } = await tattAv('ola-hansen');
      expect(utfall(await fordel([mettes], 'mette-foss'))).to.deep.equal([['gitt', 'Gitt til Mette Foss.']]);
      const naa = Date.parse((await (await som('kari-moe')).hent('/api/oppgaver')).hoder.get('x-naa') ?? '');
      const iDag = dagIOslo(new Date(naa));
      const slutt = { rolle: 'saksbehandler', enhetId: 'hsk-hillevaag', til: iDag, grunn: 'Ny jobb.' };
      expect(
        (await (await som('kari-moe')).send('POST', '/api/brukere/ingrid-bakke/roller/avslutt', slutt)).status,
      ).to.equal(200);
      await (
        await tor()
      ).send('POST', '/api/brukere/mette-foss/sperr', { fra: leggTilDager(iDag, 1), grunn: 'Slutter.' });
      await new NyKlient(t.adresse).loggInn('mette-foss');
      expect((await detalj('ola-hansen', id)).oppgave.eier?.id, 'siste dag er med').to.equal('ingrid-bakke');
      await t.flyttTid(24 * 60 * 60 * 1000);
      expect(await new NyKlient(t.adresse).loggInn('mette-foss').catch((e: unknown) => String(e))).to.contain('422');
      await ventTil(
        'ledig oppgave',
        async () => ((await detalj('ola-hansen', id)).oppgave.eier === null ? true : null),
        90_000,
      );
      const aarsak = async (oppgaveId: string): Promise<string | undefined> =>
        (
          await sql<{ aarsak: string }>(
            `select aarsak from oppgave_fordeling where oppgave_id = $1 and slag = 'frigjort'`,
            [oppgaveId],
          )
        )[0]?.aarsak;
      expect(await ventTil('loggen', async () => (await aarsak(id)) ?? null)).to.equal('rolle-slutt');
      expect(await ventTil('loggen', async () => (await aarsak(mettes)) ?? null)).to.equal('sperret');
      await (await tor()).send('POST', '/api/brukere/ingrid-bakke/roller/aapne', slutt);
      await (await tor()).send('POST', '/api/brukere/mette-foss/aapne', { grunn: 'Blir likevel.' });
      await sql(`delete from rolletildeling where bruker_id = 'mette-foss' and rolle = 'saksbehandler'`);
    });

    it('blir det bare med en grunn som kan leses, i hver av handlingene', async () => {
      const [tor, siri] = [await som('tor-nilsen'), await som('siri-dahl')];
      const rolle = { rolle: 'beslutter', enhetId: 'hsk-hillevaag' };
      for (const grunn of USYNLIGE) {
        for (const [klient, sti, kropp] of [
          [tor, '/api/brukere/per-lunde/sperr', { fra: I_DAG }],
          [tor, '/api/brukere/per-lunde/aapne', {}],
          [tor, '/api/brukere/per-lunde/roller/avslutt', { ...rolle, til: I_DAG }],
          [tor, '/api/brukere/per-lunde/roller/aapne', rolle],
          [siri, '/api/brukere/jonas-vik/frigjoer', {}],
          [siri, `/api/oppgaver/${randomUUID()}/besvar-for`, {}],
        ] as const) {
          const svar = await klient.send<Problem>('POST', sti, { ...kropp, grunn });
          const felter = svar.kropp.feil?.map((x) => x.felt);
          expect([sti, grunn, svar.status, felter]).to.deep.equal([sti, grunn, 422, ['grunn']]);
        }
      }
      expect(await brukeren('tor-nilsen', 'per-lunde')).to.include({ sperret: false, sperretFra: null });
    });

    it('kan ikke være systemansvarlig selv eller den siste, og systemansvarlig ser det som ingen lenger kan ta', async () => {
      const seg = await (
        await tor()
      ).send<Problem>('POST', '/api/brukere/tor-nilsen/sperr', { fra: I_DAG, grunn: 'x' });
      expect(seg.status).to.equal(409);
      const sakId = await nySak();
      await k.tilVedtak(sakId);
      await k.finnOppgave(sakId, 'fatt-vedtak', 'per-lunde');
      const drift = async (): Promise<Drift['utenKandidat']> =>
        (await (await tor()).hent<Drift>('/api/drift')).kropp.utenKandidat;
      expect((await drift()).filter((u) => u.rolle === 'beslutter')).to.deep.equal([]);
      const sti = (hvem: string, hva: string): string => `/api/brukere/${hvem}/${hva}`;
      for (const hvem of ['ingrid-bakke', 'per-lunde'])
        await (await tor()).send('POST', sti(hvem, 'sperr'), { fra: I_DAG, grunn: 'Sluttet.' });
      const uten = (await drift()).find((u) => u.rolle === 'beslutter');
      for (const hvem of ['ingrid-bakke', 'per-lunde'])
        await (await tor()).send('POST', sti(hvem, 'aapne'), { grunn: 'Prøve.' });
      expect(uten).to.include({ enhetNavn: 'HSK Hillevåg' });
      expect(uten?.antall).to.be.greaterThan(0);
      expect((await drift()).filter((u) => u.rolle === 'beslutter')).to.deep.equal([]);
    });

    it('kan ikke ta bort den siste systemansvarlige: en som selv skal ut, teller ikke, og to på én gang får det ikke til', async () => {
      await sql(
        `insert into rolletildeling (bruker_id, rolle, enhet_id, fra) values ('mette-foss', 'systemansvarlig', 'ikt', $1)`,
        [leggTilDager(I_DAG, -1)],
      );
      const sperr = async (av: string, hvem: string, fra: string): Promise<number> => {
        const klient = new NyKlient(t.adresse);
        await klient.loggInn(av);
        return (await klient.send('POST', `/api/brukere/${hvem}/sperr`, { fra, grunn: 'Slutter.' })).status;
      };
      const aapneAlle = (): Promise<unknown> =>
        sql(`update bruker set aktiv = true, sperret_fra = null where id in ('mette-foss', 'tor-nilsen')`);
      try {
        const [dag] = await sql<{ dag: string }>(
          `select max(gjelder_fra)::text as dag from brukerendring where gjelder_fra is not null`,
        );
        const senere = leggTilDager(dag?.dag ?? I_DAG, 30);
        expect(await sperr('tor-nilsen', 'mette-foss', senere)).to.equal(200);
        expect(await sperr('mette-foss', 'tor-nilsen', leggTilDager(senere, 1))).to.equal(409);
        for (let runde = 0; runde < 5; runde++) {
          await aapneAlle();
          await Promise.all([sperr('tor-nilsen', 'mette-foss', I_DAG), sperr('mette-foss', 'tor-nilsen', I_DAG)]).catch(
            () => undefined,
          ); // den ene kan være sperret alt før han rakk å logge inn
          const igjen = await sql(`select 1 from bruker where id in ('mette-foss', 'tor-nilsen') and aktiv`);
          expect(igjen, `runde ${runde}`).to.have.length(1);
        }
      } finally {
        await aapneAlle();
        await sql(`delete from rolletildeling where bruker_id = 'mette-foss' and rolle = 'systemansvarlig'`);
      }
      // Innloggingen til den som ble sperret, er borte.
      k = new Sakskjoering(t.adresse);
    });

    it('er den som er borte, men ikke sperret, gjør lederen alt han har, ledig på én gang', async () => {
      const ider = [(await tattAv('ola-hansen')).id, (await tattAv('ola-hansen')).id];
      const rad = await brukeren('kari-moe', 'ola-hansen');
      const svar = await (
        await som('kari-moe')
      ).send<BrukerendringSvar>('POST', '/api/brukere/ola-hansen/frigjoer', {
        grunn: 'Fravær.',
      });
      expect(svar.kropp.frigjort).to.equal(rad?.kanFrigjoere);
      for (const id of ider) expect((await detalj('ola-hansen', id)).oppgave).to.include({ eier: null, kanTa: true });
    });

    it('står med navn og roller, aldri med hvem oppgavene gjelder; lederen ser bare sin egen enhet', async () => {
      const alle = (await (await tor()).hent<BrukerListe>('/api/brukere')).kropp;
      expect(alle.rader.length).to.equal(alle.totalt);
      expect(JSON.stringify(alle)).not.to.match(/Frida|Rita|Petra/);
      const egne = (await (await som('siri-dahl')).hent<BrukerListe>('/api/brukere')).kropp.rader;
      expect(egne.map((b) => b.navn)).to.deep.equal(['Jonas Vik', 'Siri Dahl']);
    });
  });
});

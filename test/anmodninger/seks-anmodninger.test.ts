import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { Sakskjoering, ventTil } from '../hjelp/sakskjoering.ts';
import { arkivmeldingFeil } from '../hjelp/arkivskjema.ts';
import { startTestapp, type Testapp } from '../hjelp/app.ts';

const DAG = 24 * 60 * 60 * 1000;
/** Uten Java sammenlignes bare den innebygde motoren; npm test sier fra om det. */
const MOTORER = process.env['TEST_JAVA'] ? (['innebygd', 'zeebe'] as const) : (['innebygd'] as const);

for (const motor of MOTORER) {
  describe(`seks skriftlige anmodninger gjennom HTTP, på ${motor === 'zeebe' ? 'Camundas motor (Zeebe 8.8.21)' : 'den innebygde motoren'}`, function () {
    this.timeout(180_000);
    let t: Testapp;
    let k: Sakskjoering;
    let db: pg.Client;

    before(async () => {
      t = await startTestapp({ motor });
      k = new Sakskjoering(t.adresse);
      db = new pg.Client({ connectionString: t.databaseUrl });
      await db.connect();
    });
    after(async () => {
      await db?.end();
      await t?.stopp();
    });

    async function titler(sakId: string): Promise<string[]> {
      return (await k.sak(sakId)).dokumenter.filter((d) => d.retning === 'ut').map((d) => d.tittel);
    }
    async function utsendinger(
      sakId: string,
    ): Promise<{ gjelder: string; mottaker_slag: string; kopi: boolean; sendt: Date | null }[]> {
      const svar = await db.query(
        `select gjelder, mottaker_slag, kopi, sendt from utsending where sak_id = $1 order by opprettet, kopi`,
        [sakId],
      );
      return svar.rows;
    }

    it('innvilget, med plankoordinator fra en annen enhet', async () => {
      const person = await k.nyPerson('Kari Nordmann');
      const sakId = await k.anmod(person.id);
      await k.tilVedtak(sakId);
      await k.vedta(sakId, {});
      await k.gjoer(sakId, 'vurder-valg');
      const oppgave = await k.finnOppgave(sakId, 'utpek-ansatt');
      expect(oppgave.enhetId).to.equal('hjemmetjenesten-nord');
      await k.gjoer(sakId, 'utpek-ansatt');
      await k.gjoer(sakId, 'bekreft-oppdrag');
      const sak = await k.ventAvsluttet(sakId);
      expect(sak.avgjort.map((a) => a.tekst).join(' '))
        .to.match(/innvilg/i)
        .and.to.include('Jonas Vik');
      const { rows } = await db.query(`select status, bestilt is not null as bestilt from plan where sak_id = $1`, [
        sakId,
      ]);
      expect(rows).to.deep.equal([{ status: 'utkast', bestilt: true }]);
      const ut = await utsendinger(sakId);
      expect(ut.every((u) => u.sendt !== null)).to.equal(true);
      expect(ut.filter((u) => u.gjelder === 'oppnevning' && u.kopi).map((u) => u.mottaker_slag)).to.deep.equal([
        'ansatt',
      ]);
      const { rows: krav } = await db.query(`select 1 from opplaeringskrav where sak_id = $1`, [sakId]);
      expect(krav, 'Jonas mangler kurs og får frist').to.have.length.greaterThan(0);
      for (const u of readdirSync(path.join(t.dataDir, 'utsending'))) {
        expect(existsSync(path.join(t.dataDir, 'utsending', u, 'forsendelse.json'))).to.equal(true);
      }
    });

    it('avslått: begrunnet med hjemmel, brevet opplyser om klage, saken avsluttes', async () => {
      const person = await k.nyPerson('Per Avslag');
      const sakId = await k.anmod(person.id);
      await k.gjoer(sakId, 'avklar-instans');
      await k.gjoer(sakId, 'informer-og-avklar');
      await k.gjoer(sakId, 'kartlegg-og-vurder', { anbefaling: 'avslag', kriterierOppfylt: 'nei', antallTjenester: 1 });
      await k.vedta(sakId, { utfall: 'avslag', tidsbegrenset: undefined });
      const sak = await k.ventAvsluttet(sakId);
      expect(sak.hendelser.map((h) => h.tekst).join('\n')).to.match(/Per Lunde godkjente vedtaket til Ingrid Bakke/);
      const brev = sak.dokumenter.find((d) => /vedtak/i.test(d.tittel) && d.retning === 'ut');
      expect(brev?.mediatype).to.equal('application/pdf');
      const { rows } = await db.query(`select 1 from plan where sak_id = $1`, [sakId]);
      expect(rows).to.deep.equal([]);
    });

    it('planeier takker nei: dokumentert, brev sendt, ingen avgjørelse', async () => {
      const person = await k.nyPerson('Nora Neitakk');
      const sakId = await k.anmod(person.id);
      await k.gjoer(sakId, 'avklar-instans');
      await k.gjoer(sakId, 'informer-og-avklar', { oenske: 'ingen' });
      await k.gjoer(sakId, 'dokumenter-avslaatt-tilbud');
      const sak = await k.ventAvsluttet(sakId);
      expect(sak.avgjort.map((a) => a.tekst).join(' ')).not.to.match(/innvilget|avslått/i);
      expect((await utsendinger(sakId)).filter((u) => u.sendt).length).to.be.greaterThan(1);
    });

    it('bare koordinator: ingen plan, koordinator i egen enhet', async () => {
      const person = await k.nyPerson('Ragnhild Bare');
      const sakId = await k.anmod(person.id, { oenske: 'koordinator' });
      await k.tilVedtak(sakId, 'koordinator');
      await k.vedta(sakId, { utfall: 'koordinator', hjemmel: ['pbrl-2-5b'] });
      await k.gjoer(sakId, 'vurder-valg', {
        utenforEnheten: 'nei',
        ansattId: 'mette-foss',
        valgtEnhet: undefined,
        bakgrunn: undefined,
      });
      await k.gjoer(sakId, 'bekreft-oppdrag', {}, 'mette-foss');
      await k.ventAvsluttet(sakId);
      const { rows } = await db.query(
        `select bruker_id, status, rolle, plan_id from koordinatoroppdrag where sak_id = $1`,
        [sakId],
      );
      expect(rows).to.deep.equal([{ bruker_id: 'mette-foss', status: 'aktiv', rolle: 'koordinator', plan_id: null }]);
      const metteSer = await (await k.som('mette-foss')).hent(`/api/saker/${sakId}`);
      expect(metteSer.status, 'den oppnevnte ser saken').to.equal(200);
    });

    it('trukket midtveis, etter at én måned gikk og foreløpig svar ble sendt', async () => {
      const person = await k.nyPerson('Tore Trekk');
      const sakId = await k.anmod(person.id, { maate: 'muntlig' });
      await k.gjoer(sakId, 'registrer-anmodning', { gjelder: 'ip' });
      await k.gjoer(sakId, 'avklar-instans');
      const oppgave = await k.finnOppgave(sakId, 'informer-og-avklar');
      await t.flyttTid(32 * DAG);
      await ventTil('foreløpig svar', async () =>
        (await titler(sakId)).some((x) => /foreløpig/i.test(x)) ? true : null,
      );
      const forfalt = await (
        await k.som('ola-hansen')
      ).hent<{ rader: { id: string; gruppe: string }[] }>('/api/oppgaver?fane=ledige&antall=200');
      expect(forfalt.kropp.rader.find((r) => r.id === oppgave.id)?.gruppe).to.equal('forfalt');
      await k.trekk(sakId);
      const sak = await k.ventAvsluttet(sakId);
      expect(sak.oppgaver.filter((o) => o.status === 'aapen')).to.deep.equal([]);
      expect((await titler(sakId)).some((x) => /trukket/i.test(x))).to.equal(true);
      const igjen = await (
        await k.som('ola-hansen')
      ).hent<{ oppgave: { status: string } }>(`/api/oppgaver/${oppgave.id}`);
      expect(igjen.kropp.oppgave.status).to.equal('avbrutt');
    });

    it('har plan fra før: svar sendes, plankoordinatoren får vite det, ingen ny plan', async () => {
      const { rows: planer } = await db.query<{ person_id: string }>(
        `select person_id from plan where status in ('utkast','aktiv') limit 1`,
      );
      const personId = planer[0]?.person_id ?? '';
      const sakId = await k.anmod(personId);
      await k.gjoer(sakId, 'avklar-instans');
      const oppgave = await k.finnOppgave(sakId, 'svar-om-eksisterende-plan');
      expect((await k.sak(sakId)).sak.fase, 'saken er i fasen til oppgaven').to.equal(oppgave.fase);
      await k.gjoer(sakId, 'svar-om-eksisterende-plan');
      const sak = await k.ventAvsluttet(sakId);
      expect(sak.hendelser.length).to.be.greaterThan(2);
      const { rows } = await db.query(`select count(*)::int as antall from plan where person_id = $1`, [personId]);
      expect(rows).to.deep.equal([{ antall: 1 }]);
    });

    it('alt er sendt og arkivert, og ingenting om en person finnes i motoren', async () => {
      await ventTil('tom utboks', async () =>
        (await db.query(`select 1 from utboks where tilstand = 'venter'`)).rows.length === 0 ? true : null,
      );
      expect(
        (
          await db.query(
            `select 1 from utsending where sendt is null union all select 1 from arkivering where arkivert is null`,
          )
        ).rows,
      ).to.deep.equal([]);
      for (const a of readdirSync(path.join(t.dataDir, 'arkiv'))) {
        const xml = readFileSync(path.join(t.dataDir, 'arkiv', a, 'arkivmelding.xml'), 'utf8');
        expect(await arkivmeldingFeil(xml), a).to.deep.equal([]);
      }
      const { rows } = await db.query<{ ord: string }>(
        `select fodselsnummer as ord from person union select navn from person`,
      );
      const klient = t.app.klient;
      const variabler = await klient.searchVariables({ page: { limit: 1000 } }, { consistency: { waitUpToMs: 0 } });
      const tekst = JSON.stringify(variabler.items);
      expect(variabler.items.length).to.be.greaterThan(10);
      for (const { ord } of rows) expect(tekst, 'prosessvariabler').not.to.include(ord);
    });
  });
}

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { ProcessDefinitionId } from '@camunda8/orchestration-cluster-api';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { hentDrift } from '../../src/drift/status.ts';
import { lagLogg } from '../../src/logg/index.ts';
import { hentDetalj } from '../../src/oppgave/detalj.ts';
import { avstem, fullfoerOppgave, proevIgjen, taOppgave } from '../../src/oppgave/index.ts';
import { skrivUtboks, utboksstatus } from '../../src/outbox/index.ts';
import { hentProsess, hentRutiner } from '../../src/rutine/index.ts';
import type { Innlogget } from '../../src/tilgang/index.ts';
import { startTestmotor, type Testmotor } from './motor.ts';
import { lagRigg, rullUtTestrutine, ventPaa, ventPaaOppgave, type Rigg } from './rigg.ts';

describe('Oppgaver gjennom motoren', () => {
  let motor: Testmotor;
  let rigg: Rigg;
  let ingrid: Innlogget;
  before(async function () {
    this.timeout(60_000);
    motor = await startTestmotor();
    rigg = await lagRigg(motor.klient);
    await rullUtTestrutine(rigg);
    rigg.start();
    ingrid = await rigg.bruker('ingrid-bakke');
  });
  after(async () => {
    await rigg.stopp();
    await motor.stopp();
  });

  const ta = (id: string): Promise<void> => iTransaksjon(rigg.ds, (tx) => taOppgave(tx, rigg.klokke, ingrid, id));
  const fullfoer = (id: string, data: Record<string, unknown> = { valg: 'nei' }, ventMs = 6_000) =>
    fullfoerOppgave({ ...rigg.avh, ventMs }, ingrid, id, { innsendingId: randomUUID(), data });
  const trekk = (sakId: string): Promise<string> =>
    iTransaksjon(rigg.ds, (tx) =>
      skrivUtboks(tx, {
        slag: 'publiser-melding',
        innhold: {
          navn: 'TestTrukket',
          noekkel: sakId,
          meldingsId: `TestTrukket:${sakId}`,
          ttlMs: 60_000,
          variabler: {},
        },
        sakId: null,
        naa: rigg.klokke.naa(),
      }),
    );

  it('går fra anmodning til ferdig sak, og neste oppgave er der når svaret kommer', async () => {
    const sakId = await rigg.nySak();
    const forste = await ventPaaOppgave(rigg, sakId, 'steg-en');
    await ta(forste.id);
    const detalj = await hentDetalj(rigg.avh, ingrid, forste.id);
    expect(detalj.oppgave).to.include({ tittel: 'Gjør det første', fase: 'Mottak', rutineNavn: 'Prøverutine' });
    expect(detalj.rutine).to.include({ tekst: 'Gjør dette først.\n- og dette' });
    expect(detalj.rutine.hjemler).to.deep.equal(['pbrl § 2-5', 'hol § 7-1']);
    expect(detalj.skjema).to.have.property('components');
    const svar = await fullfoer(forste.id, { valg: 'nei', begrunnelse: 'skjult og skal bort' });
    expect(svar.motorHarSvart).to.equal(true);
    expect(rigg.utfoert.at(-1)).to.deep.equal({ stegId: 'steg-en', data: { valg: 'nei' } });
    const neste = svar.nesteOppgaveId ?? '';
    await ta(neste);
    expect((await fullfoer(neste, {}, 2_000)).motorHarSvart).to.equal(true);
    expect(rigg.faser.get(sakId), 'saken følger fasene i diagrammet').to.deep.equal(['Mottak', 'Vedtak']);
    const { diagrammer, motorBorte } = await ventPaa(async () => {
      const p = await hentProsess({ ds: rigg.ds, klient: rigg.klient, klokke: rigg.klokke }, sakId);
      return p.diagrammer[0]?.gaatt.includes('slutt') ? p : null;
    }, 'ferdig prosess');
    expect(motorBorte).to.equal(false);
    expect(diagrammer[0]?.gaatt).to.include.members(['start', 'steg-en', 'test-jobb', 'steg-to', 'f1', 'f4']);
    expect(diagrammer[0]?.steg.map((s) => `${s.navn}: ${s.tilstand}`)).to.deep.equal([
      'Gjør det første: ferdig',
      'Gjør noe selv: ferdig',
      'Gjør det andre: ferdig',
      'Ferdig: ferdig',
    ]);
  });

  it('flytter en frist på en søndag til mandag, hos oss og i motoren', async () => {
    const sakId = await rigg.nySak({ frist: '2030-01-06T12:00:00Z' });
    const { id } = await ventPaaOppgave(rigg, sakId, 'steg-en');
    expect((await hentDetalj(rigg.avh, ingrid, id)).oppgave.frist).to.equal('2030-01-07T12:00:00.000Z');
    const [{ noekkel }] = await rigg.ds.query('select user_task_key as noekkel from oppgave where id = $1', [id]);
    await ventPaa(async () => {
      const svar = await rigg.klient.searchUserTasks(
        { filter: { state: 'CREATED' } },
        { consistency: { waitUpToMs: 0 } },
      );
      const t = svar.items?.find((i) => i.userTaskKey === noekkel);
      return t?.dueDate !== undefined && new Date(t.dueDate).toISOString() === '2030-01-07T12:00:00.000Z';
    }, 'fristen i motoren');
  });

  it('fjerner oppgaven når saken trekkes, og sier det til den som har den åpen', async () => {
    const sakId = await rigg.nySak();
    const { id } = await ventPaaOppgave(rigg, sakId, 'steg-en');
    await ta(id);
    await trekk(sakId);
    await ventPaaOppgave(rigg, sakId, 'steg-en', 'avbrutt');
    expect((await hentDetalj(rigg.avh, ingrid, id)).avsluttet).to.include({ maate: 'avbrutt' });
    const feil = await fullfoer(id).catch((e: unknown) => String(e));
    expect(feil).to.contain('falt bort');
  });

  it('gjør arbeid som kom for sent til en egen oppgave: lagret, men saken gikk videre', async () => {
    const sakId = await rigg.nySak();
    const { id } = await ventPaaOppgave(rigg, sakId, 'steg-en');
    await ta(id);
    await rigg.stoppMotordel();
    const svar = await fullfoer(id, { valg: 'nei' }, 0);
    expect(svar.motorHarSvart).to.equal(false);
    await motor.publiser('TestTrukket', sakId);
    rigg.start();
    const ny = await ventPaa(async () => {
      const rader = await rigg.ds.query(`select id, eier_id from oppgave where sak_id = $1 and type = 'gikk-videre'`, [
        sakId,
      ]);
      return rader[0];
    }, 'oppgaven om at saken gikk videre');
    expect(ny.eier_id).to.equal('ingrid-bakke');
    const [{ n }] = await rigg.ds.query('select count(*)::int as n from steg_svar where oppgave_id = $1', [id]);
    expect(n).to.equal(1);
    await ventPaa(async () => (await utboksstatus(rigg.ds.manager)).venter === 0, 'tom utboks');
    await fullfoer(ny.id, {}, 0);
    const igjen = await rigg.ds.query(`select 1 from oppgave where sak_id = $1 and status in ('aapen','fullfoerer')`, [
      sakId,
    ]);
    expect(igjen).to.deep.equal([]);
  });

  it('lagrer arbeidet mens motordelen er nede, og går videre når den er oppe', async () => {
    const sakId = await rigg.nySak();
    const { id } = await ventPaaOppgave(rigg, sakId, 'steg-en');
    await ta(id);
    await rigg.stoppMotordel();
    expect(await fullfoer(id, { valg: 'nei' }, 100)).to.include({
      motorHarSvart: false,
      melding: 'Du gjorde steg-en.',
    });
    rigg.start();
    await ventPaaOppgave(rigg, sakId, 'steg-to');
    await ventPaaOppgave(rigg, sakId, 'steg-en', 'fullfoert');
  });

  it('gjør en jobb som stopper til en oppgave for systemansvarlig, og prøver igjen når han ber om det', async function () {
    this.timeout(60_000);
    const tor = await rigg.bruker('tor-nilsen');
    rigg.jobb.feilMed = 'Skriveren er tom for papir.';
    const sakId = await rigg.nySak();
    const { id } = await ventPaaOppgave(rigg, sakId, 'steg-en');
    await ta(id);
    await fullfoer(id, { valg: 'nei' }, 0);
    const teknisk = await ventPaa(
      async () => {
        await motor.flytt(2_500);
        return (
          await rigg.ds.query(`select id from oppgave where sak_id = $1 and type = 'teknisk' and status = 'aapen'`, [
            sakId,
          ])
        )[0];
      },
      'teknisk oppgave',
      30_000,
    );
    const detalj = await hentDetalj(rigg.avh, tor, teknisk.id);
    expect(detalj.teknisk).to.include({ feil: 'Skriveren er tom for papir.', kanProevesIgjen: true });
    expect(detalj.oppgave).to.include({ personNavn: null, tittel: 'Håndter teknisk feil: Gjør noe selv' });
    expect(detalj.sak).to.equal(null);
    const uvedkommende = await hentDetalj(rigg.avh, ingrid, teknisk.id).catch((e: unknown) => String(e));
    expect(uvedkommende).to.contain('Siden finnes ikke');
    rigg.jobb.feilMed = null;
    await iTransaksjon(rigg.ds, (tx) => proevIgjen(tx, rigg.klokke, tor, teknisk.id));
    await ventPaaOppgave(rigg, sakId, 'steg-to');
    const historikk = await rigg.ds.query('select tekst from hendelse where sak_id = $1', [sakId]);
    expect(historikk.map((h: { tekst: string }) => h.tekst)).to.include(
      'Tor Nilsen satte i gang «Håndter teknisk feil: Gjør noe selv» på nytt etter en teknisk feil.',
    );
  });

  it('avstemmes: en oppgave vi mistet kommer tilbake, en som er ferdig lukkes, og avviket meldes', async () => {
    const sakId = await rigg.nySak();
    const { id } = await ventPaaOppgave(rigg, sakId, 'steg-en');
    await rigg.ds.query('delete from oppgave where id = $1', [id]);
    const svar = await avstem({
      ...rigg.avh,
      klient: rigg.klient,
      logg: { info: () => 0, warn: () => 0, error: () => 0 },
    });
    expect(svar.lagtInn).to.equal(1);
    const tilbake = await ventPaaOppgave(rigg, sakId, 'steg-en');
    expect((await hentDetalj(rigg.avh, ingrid, tilbake.id)).oppgave).to.include({ tittel: 'Gjør det første', sakId });
    await ta(tilbake.id);
    const [{ noekkel }] = await rigg.ds.query('select user_task_key as noekkel from oppgave where id = $1', [
      tilbake.id,
    ]);
    await ventPaa(async () => (await utboksstatus(rigg.ds.manager)).venter === 0, 'speilingen');
    await rigg.stoppMotordel();
    await rigg.klient.completeUserTask({ userTaskKey: noekkel, variables: {} });
    await rigg.ds.query(`update oppgave set skrevet = now() - interval '1 minute' where id = $1`, [tilbake.id]);
    await avstem({ ...rigg.avh, klient: rigg.klient, logg: { info: () => 0, warn: () => 0, error: () => 0 } });
    await ventPaaOppgave(rigg, sakId, 'steg-en', 'fullfoert');
    const avvik = await rigg.ds.query(
      `select 1 from oppgave where teknisk_noekkel = 'avvik:oppgaver' and status = 'aapen'`,
    );
    expect(avvik).to.have.length(1);
    rigg.start();
  });

  it('en oppgave som ingen er gitt, står på Drift med hva og siden når; loggen får den én gang, og den blir borte når noen får den', async () => {
    const diagram = `<?xml version="1.0" encoding="UTF-8"?>
      <bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://ip.test">
        <bpmn:process id="uten-plass" isExecutable="true">
          <bpmn:startEvent id="s"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
          <bpmn:userTask id="til-ingen" name="Til ingen"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements><bpmn:incoming>a</bpmn:incoming></bpmn:userTask>
          <bpmn:sequenceFlow id="a" sourceRef="s" targetRef="til-ingen" />
        </bpmn:process>
      </bpmn:definitions>`;
    await rigg.klient.createDeployment({ resources: [new File([diagram], 'uten-plass.bpmn')] });
    const instans = await rigg.klient.createProcessInstance({
      processDefinitionId: ProcessDefinitionId.assumeExists('uten-plass'),
    });
    const logget: string[] = [];
    const logg = lagLogg('info', { write: (linje) => logget.push(linje) });
    const tor = await rigg.bruker('tor-nilsen');
    const drift = async () => {
      await avstem({ ...rigg.avh, klient: rigg.klient, logg });
      const avh = { ds: rigg.ds, klient: rigg.klient, klokke: rigg.klokke, motornavn: 'Motor', arbeidere: () => [] };
      return (await hentDrift(avh, tor)).utenPlass;
    };
    const [rad] = await ventPaa(async () => {
      const rader = await drift();
      return rader.length > 0 ? rader : null;
    }, 'oppgaven på Drift');
    expect(rad).to.include({ stegId: 'til-ingen', prosessId: 'uten-plass', saksnummer: null });
    expect(rad?.grunn).to.equal('Oppgaven «til-ingen» er ikke gitt til noen.');
    const siden = rad?.siden;
    expect((await drift())[0]?.siden).to.equal(siden);
    expect((await drift()).length).to.equal(1);
    expect(logget).to.have.length(1);
    expect(logget[0]).to.contain('En oppgave i motoren er ikke gitt til noen. Den står på Drift.');
    await rigg.klient.cancelProcessInstance({ processInstanceKey: instans.processInstanceKey });
    await ventPaa(async () => ((await drift()).length === 0 ? true : null), 'borte fra Drift');
  });

  it('gir en feil i motoren som ingen jobb har meldt, en teknisk oppgave som kan løses', async () => {
    const sakId = await rigg.nySak({ frist: 'ikke en dato' });
    const logg = { info: () => 0, warn: () => 0, error: () => 0 };
    const rad = await ventPaa(async () => {
      await avstem({ ...rigg.avh, klient: rigg.klient, logg });
      return (
        await rigg.ds.query(
          `select id, teknisk from oppgave where type = 'teknisk' and steg_id = 'steg-en' and status = 'aapen'`,
        )
      )[0];
    }, 'teknisk oppgave');
    expect(rad.teknisk).to.include({ kilde: 'incident' });
    expect(sakId).to.be.a('string');
  });

  it('ruller ut det samme uten å lage en ny versjon', async () => {
    const foer = await hentRutiner(rigg.ds.manager);
    await rullUtTestrutine(rigg);
    const etter = await hentRutiner(rigg.ds.manager);
    expect(etter.map((r) => [r.prosessId, r.versjon])).to.deep.equal(foer.map((r) => [r.prosessId, r.versjon]));
    expect(etter[0]?.xml).to.not.contain('taskListener');
  });
});

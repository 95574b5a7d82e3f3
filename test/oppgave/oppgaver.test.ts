import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { oppgaveSoek, type OppgaveListe } from '../../src/contract/api.ts';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { Problemfeil } from '../../src/http/problem.ts';
import { hentDetalj } from '../../src/oppgave/detalj.ts';
import {
  avbryt,
  fullfoerOppgave,
  hentFakta,
  leggTilbake,
  projiser,
  taOppgave,
  type Motoroppgave,
} from '../../src/oppgave/index.ts';
import type { Utkastlagring } from '../../src/contract/api.ts';
import { lagreOppgaveutkast } from '../../src/oppgave/krav.ts';
import { hentListe } from '../../src/oppgave/liste.ts';
import { FalskKlynge } from '../outbox/falsk-klynge.ts';
import { lagRigg, rullUtTestrutine, type Rigg } from './rigg.ts';

const NAA = new Date('2026-11-25T09:00:00Z'); // onsdag

const utkast = (data: Record<string, unknown>): Utkastlagring => ({
  data,
  grunnlag: 0,
  fane: randomUUID(),
  nr: 1,
  delvis: false,
});

async function feilen(arbeid: Promise<unknown>): Promise<Problemfeil> {
  try {
    await arbeid;
  } catch (feil) {
    if (feil instanceof Problemfeil) return feil;
    throw feil;
  }
  throw new Error('ventet en feil');
}

describe('Oppgavene', () => {
  let rigg: Rigg;
  let klynge: FalskKlynge;
  let nummer = 0;
  before(async () => {
    klynge = new FalskKlynge();
    klynge.svar(/deployments/, {
      status: 200,
      kropp: {
        deploymentKey: '1',
        tenantId: '<default>',
        deployments: [
          {
            processDefinition: {
              processDefinitionId: 'test-rutine',
              processDefinitionVersion: 1,
              processDefinitionKey: '11',
              resourceName: 'test-rutine.bpmn',
              tenantId: '<default>',
            },
          },
          {
            form: { formId: 'steg-en', version: 1, formKey: '12', resourceName: 'steg-en.form', tenantId: '<default>' },
          },
        ],
      },
    });
    rigg = await lagRigg({ klynge });
    await rullUtTestrutine(rigg);
    rigg.klokke.sett(NAA);
  });
  after(() => rigg.stopp());

  async function nyOppgave(over: Partial<Motoroppgave> = {}, steg = rigg.avh.steg): Promise<string> {
    nummer++;
    const o: Motoroppgave = {
      userTaskKey: String(1000 + nummer),
      elementId: 'steg-en',
      elementinstansnoekkel: String(2000 + nummer),
      prosessinstansnoekkel: String(3000 + nummer),
      prosessdefinisjonsnoekkel: '11',
      prosessId: 'test-rutine',
      prosessversjon: 1,
      kandidatgrupper: ['saksbehandler:hsk-hillevaag'],
      kandidatbrukere: [],
      assignee: null,
      frist: null,
      formKey: '12',
      prioritet: 50,
      sakId: randomUUID(),
      ...over,
    };
    const avh = { klient: rigg.klient, saksoppslag: rigg.saksoppslag, steg };
    const id = await iTransaksjon(rigg.ds, (tx) => projiser(tx, avh, o, o.frist, NAA));
    if (!id) throw new Error('oppgaven fantes');
    return id;
  }
  const ta = (bruker: Parameters<typeof taOppgave>[2], id: string): Promise<void> =>
    iTransaksjon(rigg.ds, (tx) => taOppgave(tx, rigg.klokke, bruker, id));
  const liste = async (brukerId: string, soek: Record<string, unknown>): Promise<OppgaveListe> =>
    hentListe(rigg.ds.manager, await rigg.bruker(brukerId), oppgaveSoek.parse(soek), NAA);

  describe('tas og legges tilbake', () => {
    it('får nøyaktig én av dem som tar samtidig, og de andre får vite hvem', async () => {
      const id = await nyOppgave();
      const [ola, ingrid] = [await rigg.bruker('ola-hansen'), await rigg.bruker('ingrid-bakke')];
      const svar = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => ta(i % 2 ? ola : ingrid, id)));
      const { eier_id: eier }: { eier_id: string } = (
        await rigg.ds.query('select eier_id from oppgave where id = $1', [id])
      )[0];
      const feil = svar.flatMap((s) => (s.status === 'rejected' ? [s.reason] : []));
      expect(feil).to.have.length(4);
      const navn = eier === 'ola-hansen' ? 'Ola Hansen' : 'Ingrid Bakke';
      for (const f of feil) expect(f).to.include({ status: 409, message: `${navn} tok oppgaven nå nettopp.` });
    });

    it('speiles til motoren etterpå, i samme transaksjon', async () => {
      const id = await nyOppgave();
      await ta(await rigg.bruker('ola-hansen'), id);
      const rader = await rigg.ds.query(
        `select innhold->>'eierId' as eier from utboks where innhold->>'oppgaveId' = $1`,
        [id],
      );
      expect(rader).to.deep.equal([{ eier: 'ola-hansen' }]);
    });

    it('kan tas av en annen når den er lagt tilbake, med utkastet som lå der', async () => {
      const id = await nyOppgave();
      const [ola, ingrid] = [await rigg.bruker('ola-hansen'), await rigg.bruker('ingrid-bakke')];
      await ta(ola, id);
      await iTransaksjon(rigg.ds, (tx) =>
        lagreOppgaveutkast(tx, rigg.klokke, ola, id, utkast({ begrunnelse: 'halvveis' })),
      );
      await iTransaksjon(rigg.ds, (tx) => leggTilbake(tx, rigg.klokke, ola, id));
      await ta(ingrid, id);
      const detalj = await hentDetalj(rigg.avh, ingrid, id);
      expect(detalj.data).to.include({ begrunnelse: 'halvveis', hilsen: 'Hei' });
      expect(detalj.utkast?.versjon).to.be.greaterThan(0);
    });

    it('er den ansattes egen når diagrammet gir den til en person, og kan ikke legges tilbake', async () => {
      const id = await nyOppgave({ kandidatgrupper: [], assignee: 'jonas-vik' });
      const jonas = await rigg.bruker('jonas-vik');
      expect((await liste('jonas-vik', { fane: 'mine' })).rader.map((r) => r.id)).to.include(id);
      expect((await hentDetalj(rigg.avh, jonas, id)).oppgave.kanLeggeTilbake).to.equal(false);
      const feil = await feilen(iTransaksjon(rigg.ds, (tx) => leggTilbake(tx, rigg.klokke, jonas, id)));
      expect(feil.status).to.equal(409);
    });
  });

  it('som krever en annen (fire øyne), vises for ham med grunnen, men kan bare tas av de andre', async () => {
    const [ola, ingrid] = [await rigg.bruker('ola-hansen'), await rigg.bruker('ingrid-bakke')];
    const { 'steg-en': steg, ...andre } = rigg.avh.steg;
    if (!steg) throw new Error('steget mangler');
    const grunn = 'Du gjorde det første selv.';
    const utelukket = async (): Promise<{ brukerId: string; grunn: string }> => ({ brukerId: ola.id, grunn });
    const id = await nyOppgave({}, { ...andre, 'steg-en': { ...steg, utelukket } });
    const rad = async (hvem: string) =>
      (await liste(hvem, { fane: 'ledige', antall: 200 })).rader.find((r) => r.id === id);
    expect(await rad('ola-hansen')).to.include({ kanTa: false, hindring: grunn });
    expect(await rad('ingrid-bakke')).to.include({ kanTa: true, hindring: null });
    const feil = await feilen(ta(ola, id));
    expect([feil.status, feil.message]).to.deep.equal([409, grunn]);
    await ta(ingrid, id);
    expect((await hentDetalj(rigg.avh, ola, id)).oppgave.hindring).to.equal(null);
  });

  describe('er bare for dem som har noe med dem å gjøre', () => {
    it('finnes ikke for en annen enhet: samme svar som for en ukjent id', async () => {
      const id = await nyOppgave();
      const anne = await rigg.bruker('anne-lie');
      const ukjent = await feilen(hentDetalj(rigg.avh, anne, randomUUID()));
      for (const forsoek of [
        () => hentDetalj(rigg.avh, anne, id),
        () => ta(anne, id),
        () => iTransaksjon(rigg.ds, (tx) => lagreOppgaveutkast(tx, rigg.klokke, anne, id, utkast({}))),
        () => fullfoerOppgave(rigg.avh, anne, id, { innsendingId: randomUUID(), data: {} }),
      ]) {
        const feil = await feilen(forsoek());
        expect([feil.status, feil.message]).to.deep.equal([404, ukjent.message]);
      }
      const l = await liste('anne-lie', { fane: 'ledige' });
      expect([l.totalt, l.antall.ledige, l.filtre.enheter]).to.deep.equal([0, 0, []]);
    });

    it('kan leses, men ikke tas, av lederen i enheten', async () => {
      const id = await nyOppgave();
      const kari = await rigg.bruker('kari-moe');
      const detalj = await hentDetalj(rigg.avh, kari, id);
      expect([detalj.oppgave.kanTa, detalj.kanFullfoere]).to.deep.equal([false, false]);
      expect((await liste('kari-moe', { fane: 'enheten' })).rader.map((r) => r.id)).to.include(id);
    });

    it('har ingen fane for hele enheten hos en saksbehandler', async () => {
      const l = await liste('ola-hansen', { fane: 'enheten' });
      expect([l.rader, l.totalt, l.antall.enheten]).to.deep.equal([[], 0, null]);
    });
  });

  describe('i lista', () => {
    it('grupperes etter frist og sorteres med de uten frist til slutt', async () => {
      const gruppe = { kandidatgrupper: ['saksbehandler:nav'] };
      for (const frist of ['2026-12-20', null, '2026-11-24', '2026-11-25', '2026-11-27']) {
        await nyOppgave({ ...gruppe, frist: frist ? new Date(`${frist}T11:00:00Z`) : null });
      }
      const l = await liste('hanne-sand', { fane: 'ledige' });
      expect(l.rader.map((r) => r.gruppe)).to.deep.equal(['forfalt', 'i-dag', 'denne-uka', 'senere', 'uten-frist']);
      expect(l.antall).to.include({ ledige: 5, forfalt: 1 });
      const snudd = await liste('hanne-sand', { fane: 'ledige', retning: 'synkende' });
      expect(snudd.rader.map((r) => r.gruppe)).to.deep.equal(['senere', 'denne-uka', 'i-dag', 'forfalt', 'uten-frist']);
      const bare = await liste('hanne-sand', { fane: 'ledige', forfalt: 'ja' });
      expect([bare.rader.length, bare.totalt]).to.deep.equal([1, 1]);
    });

    it('søker i navn, saksnummer og steg, med alle ordene, og tar tegn som % bokstavelig', async () => {
      await nyOppgave({ kandidatgrupper: ['saksbehandler:barnevern'] });
      const finn = async (sok: string): Promise<number> =>
        (await liste('bente-strand', { fane: 'ledige', sok })).totalt;
      expect(await finn('åse første')).to.equal(1);
      expect(await finn('åse finnes-ikke')).to.equal(0);
      expect(await finn('%')).to.equal(0);
      expect(await finn("'; drop table oppgave; --")).to.equal(0);
    });

    it('blar uten å gjenta eller hoppe over rader', async () => {
      for (let i = 0; i < 25; i++)
        await nyOppgave({ kandidatgrupper: ['saksbehandler:hsk-madla'], frist: new Date('2026-12-01T09:00:00Z') });
      const sider = [0, 10, 20].map((fra) => liste('anne-lie', { fane: 'ledige', fra, antall: 10 }));
      const ider = (await Promise.all(sider)).flatMap((s) => s.rader.map((r) => r.id));
      expect(new Set(ider).size).to.equal(25);
    });
  });

  describe('fullføres', () => {
    async function min(over: Partial<Motoroppgave> = {}): Promise<string> {
      const id = await nyOppgave(over);
      await ta(await rigg.bruker('ola-hansen'), id);
      return id;
    }
    const fullfoer = async (id: string, data: Record<string, unknown>, innsendingId = randomUUID()) =>
      fullfoerOppgave({ ...rigg.avh, ventMs: 0 }, await rigg.bruker('ola-hansen'), id, { innsendingId, data });

    it('med skjulte felter borte, svaret som fakta og beskjeden til motoren i kø – motoren trenger ikke svare', async () => {
      const id = await min();
      const svar = await fullfoer(id, { valg: 'nei', begrunnelse: 'skjult', ukjent: 1 });
      expect(svar).to.include({ melding: 'Du gjorde steg-en.', motorHarSvart: false, nesteOppgaveId: null });
      expect(rigg.utfoert.at(-1)?.data).to.deep.equal({ valg: 'nei' });
      const [koe] = await rigg.ds.query(
        `select slag, innhold->'variabler' as variabler from utboks where slag = 'fullfoer-user-task' and innhold->>'oppgaveId' = $1`,
        [id],
      );
      expect(koe).to.deep.equal({ slag: 'fullfoer-user-task', variabler: { ferdig: 'steg-en' } });
      const fakta = await hentFakta(rigg.ds.manager, svar.sakId ?? '');
      expect(fakta.map((f) => [f.stegTittel, f.av, f.felter])).to.deep.equal([
        ['Gjør det første', 'Ola Hansen', [{ ledetekst: 'Skal det gjøres?', verdi: 'Nei' }]],
      ]);
    });

    it('én gang, selv om skjemaet sendes to ganger samtidig: begge får det samme svaret', async () => {
      const id = await min();
      const innsendingId = randomUUID();
      const foer = rigg.utfoert.length;
      const svar = await Promise.all([1, 2, 3].map(() => fullfoer(id, { valg: 'nei' }, innsendingId)));
      expect(rigg.utfoert.length).to.equal(foer + 1);
      expect(new Set(svar.map((s) => JSON.stringify(s))).size).to.equal(1);
    });

    it('ikke igjen med en ny innsending: svaret sier hvem som fullførte den', async () => {
      const id = await min();
      await fullfoer(id, { valg: 'nei' });
      const feil = await feilen(fullfoer(id, { valg: 'nei' }));
      expect([feil.status, feil.message]).to.deep.equal([409, 'Oppgaven ble fullført av Ola Hansen nå nettopp.']);
      const detalj = await hentDetalj(rigg.avh, await rigg.bruker('ola-hansen'), id);
      expect(detalj.avsluttet).to.include({ av: 'Ola Hansen', maate: 'fullfoert' });
    });

    it('ikke når et felt er galt: feltet nevnes og ingenting er lagret', async () => {
      const id = await min();
      const feil = await feilen(fullfoer(id, { valg: 'kanskje' }));
      expect([feil.status, feil.feil]).to.deep.equal([422, [{ felt: 'valg', melding: 'Velg ja eller nei.' }]]);
      const regel = await feilen(fullfoer(id, { valg: 'ja', begrunnelse: 'ulovlig' }));
      expect(regel.feil).to.deep.equal([{ felt: 'begrunnelse', melding: 'Begrunnelsen er ulovlig.' }]);
      const [{ n }] = await rigg.ds.query(`select count(*)::int as n from steg_svar where oppgave_id = $1`, [id]);
      expect(n).to.equal(0);
      expect((await hentDetalj(rigg.avh, await rigg.bruker('ola-hansen'), id)).kanFullfoere).to.equal(true);
    });

    it('ikke av den som ikke har tatt den', async () => {
      const id = await nyOppgave();
      expect((await feilen(fullfoer(id, { valg: 'nei' }))).title).to.equal('Ta oppgaven først');
    });

    it('ikke når steget mangler brukstilfelle, og da sies det', async () => {
      const id = await min({ elementId: 'ukjent-steg' });
      expect((await feilen(fullfoer(id, {}))).status).to.equal(501);
    });

    it('slik at ingenting er lagret når steget feiler på halvveien', async () => {
      const id = await min();
      const steg = rigg.avh.steg['steg-en'];
      if (!steg) throw new Error('mangler');
      const avh = {
        ...rigg.avh,
        steg: {
          'steg-en': {
            ...steg,
            utfoer: async (k: Parameters<typeof steg.utfoer>[0]) => {
              await k.tx.query(`update oppgave set tittel = 'endret' where id = $1`, [id]);
              throw new Error('strømbrudd');
            },
          },
        },
      };
      const svar = await fullfoerOppgave(avh, await rigg.bruker('ola-hansen'), id, {
        innsendingId: randomUUID(),
        data: { valg: 'nei' },
      }).catch((e: unknown) => e);
      expect(String(svar)).to.contain('strømbrudd');
      expect((await hentDetalj(rigg.avh, await rigg.bruker('ola-hansen'), id)).oppgave).to.include({
        tittel: 'Gjør det første',
        status: 'aapen',
      });
    });
  });

  it('er den samme uansett hvor mange ganger lytteren kjører', async () => {
    const o = { userTaskKey: '999999', prosessinstansnoekkel: '999998' };
    await nyOppgave(o);
    const igjen = await nyOppgave(o).catch((e: unknown) => String(e));
    expect(igjen).to.contain('oppgaven fantes');
  });

  it('skrives ikke når motoren forlot steget før lytteren rakk fram', async () => {
    const o = { userTaskKey: '888888', prosessinstansnoekkel: '888887' };
    await iTransaksjon(rigg.ds, (tx) => avbryt(tx, o.userTaskKey, o.prosessinstansnoekkel, NAA));
    const svar = await nyOppgave(o).catch((e: unknown) => String(e));
    expect(svar).to.contain('oppgaven fantes');
    expect(await rigg.ds.query(`select 1 from oppgave where user_task_key = $1`, [o.userTaskKey])).to.deep.equal([]);
  });

  it('stopper synlig når diagrammet gir dem til noe systemet ikke kjenner', async () => {
    for (const over of [
      { kandidatgrupper: ['sjefen'] },
      { kandidatgrupper: ['a:b', 'c:d'] },
      { kandidatgrupper: [] },
    ]) {
      const feil = await nyOppgave(over).catch((e: unknown) => String(e));
      expect(feil).to.contain('«steg-en»');
    }
  });
});

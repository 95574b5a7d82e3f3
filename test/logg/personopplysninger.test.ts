import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import type { OppgaveRad, PersonTreff, Problem } from '../../src/contract/api.ts';
import { lagPdf, lukkPdf } from '../../src/brev/index.ts';
import { lagSyntetiskFodselsnummer } from '../../src/person/index.ts';
import { Appprosess, ledigPort } from '../hjelp/appprosess.ts';
import { lagTestdatabase, type Testdatabase } from '../hjelp/database.ts';
import { Klient, type Svar } from '../hjelp/klient.ts';
import { lagTestmappe } from '../hjelp/mappe.ts';
import { Sakskjoering, ventTil } from '../hjelp/sakskjoering.ts';
import { STEGDATA } from '../hjelp/stegdata.ts';
import { lagMellomledd, type Mellomledd } from './mellomledd.ts';

/*
 * Alt en person skriver i denne prøven, er merket, og alt som heter noe eller tilhører en person også. Så får hver setning
 * feile, på hver måte en setning kan feile, mens personene arbeider. Til slutt letes det etter merket i alt som er skrevet.
 */
const MERKE = 'zqmerke';
const NUMMER = lagSyntetiskFodselsnummer('1987-03-04', 77);
const SPOR = new RegExp(`${MERKE}|${NUMMER}|${NUMMER.slice(0, 6)} ?${NUMMER.slice(6)}`, 'i');

/** Hver klasse som databasen kan svare med midt i arbeidet, og et avbrudd. */
const SLAG = [
  '53100',
  '57014',
  '23505',
  '22P02',
  '40001',
  '57P01',
  'kapp',
  '23514',
  '53300',
  '22001',
  'XX000',
  '58030',
  '40P01',
  '08006',
];

/** Lastes inn i appen før den starter: signalet får den til å falle på en feil som bærer på alt en setning bærer på. */
const FALL = `data:text/javascript,${encodeURIComponent(
  `process.on('SIGUSR2',()=>{throw Object.assign(new Error('${MERKE} Failing row contains ${NUMMER}'),{name:'QueryFailedError',code:'23514',query:'insert ${MERKE}',parameters:['${MERKE}','${NUMMER}'],driverError:Object.assign(new Error('${MERKE}'),{detail:'${MERKE}',where:'${MERKE}'})})})`,
)}`;

function alleFiler(mappe: string): string[] {
  return readdirSync(mappe, { recursive: true, withFileTypes: true }).map((f) => path.join(f.parentPath, f.name));
}

function utdrag(tekst: string): string {
  const treff = SPOR.exec(tekst);
  return treff ? tekst.slice(Math.max(0, treff.index - 300), treff.index + 200) : '';
}

describe('Ingenting om personer skrives der det ikke hører hjemme, hva som enn feiler', function () {
  this.timeout(300_000);
  let db: Testdatabase;
  let sql: pg.Client;
  let ledd: Mellomledd;
  let app: Appprosess;
  let dataDir: string;
  let kjoer: Sakskjoering;
  let ola: Klient;
  let ingrid: Klient;
  let vedtakssak: string;
  let vedtak: OppgaveRad;
  let tilFordeling: OppgaveRad;
  let person: PersonTreff;
  const feilsvar: string[] = [];
  const statuser = new Map<string, Set<number>>();

  before(async () => {
    db = await lagTestdatabase();
    ledd = await lagMellomledd(db.url);
    ledd.merke = `${MERKE} ${NUMMER}`;
    dataDir = lagTestmappe('logg-');
    app = new Appprosess(dataDir, await ledigPort(), {
      DATABASE_URL: ledd.url,
      LOG_LEVEL: 'debug',
      DEBUG: '*',
      NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import ${FALL}`,
    });
    app.start();
    await app.ventKlar(180_000);
    sql = new pg.Client({ connectionString: db.url });
    await sql.connect();
    kjoer = new Sakskjoering(app.adresse);
    ola = await kjoer.som('ola-hansen');
    ingrid = await kjoer.som('ingrid-bakke');
    await kjoer.som('tor-nilsen');
    await kjoer.som('kari-moe');
    person = await nyPerson(NUMMER);
    vedtakssak = await kjoer.anmod(person.id, {
      notat: `${MERKE} notat`,
      hvemSpoer: 'verge',
      hvemSpoerNavn: `${MERKE} verge`,
    });
    await kjoer.tilVedtak(vedtakssak);
    vedtak = await kjoer.finnOppgave(vedtakssak, 'fatt-vedtak');
    await ingrid.send('POST', `/api/oppgaver/${vedtak.id}/ta`);
    const annen = await nyPerson(lagSyntetiskFodselsnummer('1987-03-05', 78));
    tilFordeling = await kjoer.finnOppgave(await kjoer.anmod(annen.id), 'avklar-instans');
  });

  after(async () => {
    ledd.doem = null;
    await app.stopp('SIGKILL');
    await sql.end();
    await ledd.slutt();
    await db.slett();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function nyPerson(fodselsnummer: string): Promise<PersonTreff> {
    const svar = await ola.send<PersonTreff>('POST', '/api/personer', personkropp(fodselsnummer));
    expect(svar.status, JSON.stringify(svar.kropp)).to.equal(201);
    return svar.kropp;
  }
  const personkropp = (fodselsnummer: string) => ({
    navn: `Merke ${MERKE}sen`,
    fodselsnummer,
    adresse: `${MERKE}veien 1`,
    postnummer: '4013',
    poststed: MERKE,
    telefon: MERKE,
    tolk: MERKE,
  });
  const utkast = () => ({
    data: { ...STEGDATA['fatt-vedtak'], begrunnelse: `${MERKE} begrunnelse`, brevtekst: `${MERKE} brev` },
  });
  const fane = randomUUID();
  let lagringer = 0;
  const lagring = () => ({ ...utkast(), grunnlag: 0, fane, nr: ++lagringer });
  const vedleggskropp = (anmodning?: object): FormData => {
    const skjema = new FormData();
    if (anmodning) skjema.set('anmodning', JSON.stringify(anmodning));
    else
      for (const [k, v] of Object.entries({ innsendingId: randomUUID(), avsender: MERKE, beskrivelse: MERKE }))
        skjema.set(k, v);
    skjema.append('filer', new Blob([`${MERKE} innhold`], { type: 'text/plain' }), `${MERKE}-rapport.txt`);
    return skjema;
  };
  const anmodning = (personId: string) => ({
    innsendingId: randomUUID(),
    personId,
    enhetId: 'hsk-hillevaag',
    mottatt: new Date().toISOString().slice(0, 10),
    hvemSpoer: 'verge',
    hvemSpoerNavn: `${MERKE} verge`,
    maate: 'skriftlig',
    oenske: 'ip',
    egenSak: false,
    notat: `${MERKE} notat`,
  });
  function noter(svar: Svar, hva: string): Svar {
    const sett = statuser.get(hva) ?? new Set();
    sett.add(svar.status);
    statuser.set(hva, sett);
    if (svar.status >= 400)
      feilsvar.push(`${hva} ${svar.status} ${JSON.stringify(svar.kropp)} ${JSON.stringify([...svar.hoder])}`);
    return svar;
  }

  /** Arbeidet slik personene gjør det, hver handling med merket tekst i alt som kan skrives. */
  const handlinger: Record<string, () => Promise<Svar>> = {
    'søk øverst': () => ola.hent(`/api/sok?q=${MERKE}`),
    'personsøk på navn': () => ola.hent(`/api/personer?sok=${MERKE}`),
    'personsøk på nummer': () => ola.send('POST', '/api/personer/soek', { sok: NUMMER }),
    personstatus: () => ola.hent(`/api/personer/${person.id}/status`),
    'registrer person': () => ola.send('POST', '/api/personer', personkropp(NUMMER)),
    oppgaveliste: () => ola.hent(`/api/oppgaver?fane=ledige&sok=${MERKE}`),
    saksliste: () => ola.hent(`/api/saker?sok=${MERKE}`),
    sak: () => ola.hent(`/api/saker/${vedtakssak}`),
    prosess: () => ola.hent(`/api/saker/${vedtakssak}/prosess`),
    oppgave: () => ingrid.hent(`/api/oppgaver/${vedtak.id}`),
    forslag: () => ingrid.send('POST', `/api/oppgaver/${vedtak.id}/forslag`, utkast()),
    forhåndsvisning: () => ingrid.send('POST', `/api/oppgaver/${vedtak.id}/forhaandsvis-brev`, utkast()),
    utkast: () => ingrid.send('PUT', `/api/oppgaver/${vedtak.id}/utkast`, lagring()),
    'utkast til anmodning': () => ola.send('PUT', '/api/utkast/ny-anmodning', lagring()),
    'hent utkast til anmodning': () => ola.hent('/api/utkast/ny-anmodning'),
    'ny anmodning': async () => {
      const ny = await ola.send<PersonTreff[]>('POST', '/api/personer/soek', { sok: NUMMER });
      return ola.raa('POST', '/api/saker', { kropp: vedleggskropp(anmodning(ny.kropp[0]?.id ?? person.id)) });
    },
    'legg ved dokument': () => ola.raa('POST', `/api/saker/${vedtakssak}/dokumenter`, { kropp: vedleggskropp() }),
    'ta oppgave': () => ola.send('POST', `/api/oppgaver/${tilFordeling.id}/ta`),
    'hvem som kan få oppgaven': async () =>
      (await kjoer.som('kari-moe')).hent(`/api/oppgaver/kandidater?ider=${tilFordeling.id}`),
    'gi oppgaven til en annen': async () =>
      (await kjoer.som('kari-moe')).send('POST', '/api/oppgaver/fordel', {
        ider: [tilFordeling.id],
        til: 'ingrid-bakke',
        grunn: `${MERKE} er syk`,
      }),
    'legg oppgaven tilbake': () => ingrid.send('POST', `/api/oppgaver/${tilFordeling.id}/legg-tilbake`),
    'finn bruker': async () => (await kjoer.som('tor-nilsen')).hent(`/api/brukere?sok=${MERKE}`),
    'sperr bruker': async () =>
      (await kjoer.som('tor-nilsen')).send('POST', '/api/brukere/eva-holm/sperr', {
        fra: '2099-01-01',
        grunn: `${MERKE} slutter`,
      }),
    'åpne bruker': async () =>
      (await kjoer.som('tor-nilsen')).send('POST', '/api/brukere/eva-holm/aapne', { grunn: `${MERKE} ble` }),
    drift: async () => (await kjoer.som('tor-nilsen')).hent('/api/drift'),
    fullfør: () =>
      ingrid.send('POST', `/api/oppgaver/${vedtak.id}/fullfoer`, { innsendingId: randomUUID(), ...utkast() }),
    trekk: () =>
      ola.send('POST', `/api/saker/${vedtakssak}/trekk`, {
        innsendingId: randomUUID(),
        begrunnelse: `${MERKE} trekker`,
      }),
  };

  it('hver setning i hver handling feiler, på hver måte: svaret er en setning uten innhold', async () => {
    let feilet = 0;
    let nr = 0;
    for (const [hva, gjoer] of Object.entries(handlinger)) {
      for (let k = 1; k < 90; k++) {
        const slag = SLAG[nr++ % SLAG.length] ?? 'kapp';
        let teller = 0;
        ledd.doem = ({ app: navn }) => {
          if (navn !== 'individuell-plan' || ++teller !== k) return 'slipp';
          return slag === 'kapp' ? 'kapp' : { sqlstate: slag };
        };
        noter(await gjoer(), hva);
        ledd.doem = null;
        if (teller < k) break;
        feilet++;
      }
    }
    expect(feilet, 'setninger som feilet').to.be.greaterThan(150);
    for (const [hva, sett] of statuser)
      expect(
        [...sett].some((s) => s >= 500),
        `${hva} feilet aldri`,
      ).to.equal(true);
    expect(feilsvar.filter((s) => SPOR.test(s)).map(utdrag)).to.deep.equal([]);
  });

  it('motoren, utsenderen, lytteren, øktene og jobbene feiler: også da', async () => {
    let dag = 1;
    for (const navn of ['engine-writer', 'individuell-plan', 'individuell-plan-lytter', '']) {
      for (const slag of ['53100', '23514', '57014', 'kapp']) {
        ledd.doem = null;
        await app.ventKlar(60_000);
        // En ny sak gir motoren, utsenderen og jobbene noe å gjøre i det de feiler.
        const ny = await nyPerson(lagSyntetiskFodselsnummer('1990-02-03', dag++));
        await kjoer.anmod(ny.id, { notat: MERKE });
        ledd.doem = ({ app: hvem }) => (hvem === navn ? (slag === 'kapp' ? 'kapp' : { sqlstate: slag }) : 'slipp');
        noter(await ola.send('POST', '/api/personer/soek', { sok: NUMMER }), 'mens noe er nede');
        noter(await ingrid.hent(`/api/oppgaver/${vedtak.id}`), 'mens noe er nede');
        await new Promise((ok) => setTimeout(ok, 400));
      }
    }
    ledd.doem = null;
    await app.ventKlar(60_000);
    expect(feilsvar.filter((s) => SPOR.test(s)).map(utdrag)).to.deep.equal([]);
  });

  it('feilene fra databasen selv: sitert rad, sitert nøkkel, avbrutt og drept midt i en setning', async () => {
    await sql.query(`create function sov() returns trigger language plpgsql as $$ begin perform pg_sleep(5); return new; end $$;
                     create table proeve (id int);`);
    await nyPerson(lagSyntetiskFodselsnummer('1988-01-02', 4));
    const prober: [string, string, () => Promise<Svar>, number][] = [
      [
        `create unique index proeve_navn on person (navn, adresse) where fodselsdato = '1988-01-02'`,
        'drop index proeve_navn',
        () => ola.send('POST', '/api/personer', personkropp(lagSyntetiskFodselsnummer('1988-01-02', 5))),
        500,
      ],
      [
        `alter table person add constraint proeve check (navn not like '%${MERKE}%') not valid`,
        'alter table person drop constraint proeve',
        () => ola.send('POST', '/api/personer', personkropp(lagSyntetiskFodselsnummer('1988-01-02', 6))),
        500,
      ],
    ];
    for (const [foer, etter, gjoer, status] of prober) {
      await sql.query(foer);
      const svar = noter(await gjoer(), 'feil fra databasen selv');
      expect(svar.status, `${foer} ${JSON.stringify(svar.kropp)}`).to.equal(status);
      await sql.query(etter);
    }
    const ord: [sqlstate: string, status: number, detalj: RegExp][] = [
      ['53100', 507, /ikke plass til mer på disken.*Si fra til systemansvarlig/],
      ['58030', 507, /Disken er full eller virker ikke.*Si fra til systemansvarlig/],
      ['53300', 503, /for mye å gjøre akkurat nå.*Vent litt/],
      ['57014', 503, /tok for lang tid/],
      ['40001', 503, /i samme øyeblikk.*trygt å prøve igjen/],
      ['40P01', 503, /i samme øyeblikk.*trygt å prøve igjen/],
      ['57P03', 503, /Databasen svarer ikke/],
    ];
    for (const [i, [sqlstate, status, detalj]] of ord.entries()) {
      await sql.query(hever('person', sqlstate));
      const kropp = personkropp(lagSyntetiskFodselsnummer('1988-01-02', 20 + i));
      const svar = noter(await ola.send<Problem>('POST', '/api/personer', kropp), sqlstate) as Svar<Problem>; // samme svar
      expect([svar.status, svar.hoder.get('retry-after')], sqlstate).to.deep.equal([
        status,
        status === 503 ? '2' : null,
      ]);
      expect(svar.kropp.detail, sqlstate).to.match(detalj);
      await sql.query(opphever('person'));
    }
    for (const [middel, detalj] of [
      ['pg_cancel_backend', /tok for lang tid/],
      ['pg_terminate_backend', /Databasen svarer ikke/],
    ] as const) {
      await sql.query(`create trigger treg before insert on person for each row execute function sov()`);
      const paaVei = ola.send<Problem>(
        'POST',
        '/api/personer',
        personkropp(lagSyntetiskFodselsnummer('1988-01-02', 9)),
      );
      await ventTil('setningen er i gang', async () => {
        const { rowCount } = await sql.query(
          `select ${middel}(pid) from pg_stat_activity where application_name = 'individuell-plan' and query ilike '%insert into person%' and state = 'active'`,
        );
        return rowCount ? true : null;
      });
      const svar = await paaVei;
      noter(svar, middel);
      expect(svar.kropp.detail).to.match(detalj);
      await sql.query(`drop trigger treg on person`);
    }
    expect(feilsvar.filter((s) => SPOR.test(s)).map(utdrag)).to.deep.equal([]);
  });

  it('en jobb som feiler til siste forsøk, og en mappe for brev som ikke kan skrives: oppgaven på Drift sier hva og hvor', async () => {
    await sql.query(hever('dokument', '23514'));
    const ny = await ola.send<PersonTreff>(
      'POST',
      '/api/personer',
      personkropp(lagSyntetiskFodselsnummer('1989-01-02', 11)),
    );
    const sakId = await kjoer.anmod(ny.kropp.id, { notat: MERKE });
    const detalj = await ventTil('teknisk oppgave', async () => {
      const { rows } = await sql.query<{ id: string }>(
        `select id from oppgave where type = 'teknisk' and status = 'aapen' and sak_id = $1`,
        [sakId],
      );
      return rows[0] ? kjoer.oppgave(rows[0].id, 'tor-nilsen') : null;
    });
    expect(detalj.teknisk?.feil).to.match(/^QueryFailedError 23514 \(.*dokument\/lager/);
    expect(JSON.stringify(detalj)).not.to.match(SPOR);
    await sql.query(opphever('dokument'));

    rmSync(path.join(dataDir, 'utsending.tmp'), { recursive: true, force: true });
    writeFileSync(path.join(dataDir, 'utsending.tmp'), '');
    const neste = await ola.send<PersonTreff>(
      'POST',
      '/api/personer',
      personkropp(lagSyntetiskFodselsnummer('1989-01-03', 12)),
    );
    const stoppet = await kjoer.anmod(neste.kropp.id, { notat: MERKE });
    await ventTil('oppgave om mappa', async () => {
      const { rows } = await sql.query<{ feil: string }>(
        `select teknisk->>'feil' as feil from oppgave where type = 'teknisk' and sak_id = $1`,
        [stoppet],
      );
      return rows[0]?.feil.match(/ENOTDIR|EEXIST/) ? true : null;
    });
    rmSync(path.join(dataDir, 'utsending.tmp'), { force: true });
  });

  it('kropper og adresser som ikke kan leses, siteres ikke', async () => {
    const json = { 'content-type': 'application/json' };
    noter(
      await ola.raa('POST', '/api/personer/soek', { kropp: `{"sok": ${MERKE} ${NUMMER}`, hoder: json }),
      'ugyldig JSON',
    );
    noter(
      await ola.raa('POST', '/api/personer/soek', { kropp: JSON.stringify({ sok: `${MERKE}\u0000` }), hoder: json }),
      'usynlig tegn',
    );
    noter(await ola.raa('GET', `/api/${MERKE}/${NUMMER}`), 'ukjent adresse');
    noter(await ola.raa('GET', `/api/saker/${MERKE}`), 'ugyldig id');
    noter(await ola.raa('GET', `/api/%zz${MERKE}`), 'ugyldig koding');
    noter(await ola.raa('GET', `/assets/${MERKE}%2f..%2f${NUMMER}`), 'ukjent fil');
    expect(feilsvar.filter((s) => SPOR.test(s)).map(utdrag)).to.deep.equal([]);
  });

  it('til slutt faller appen på en feil som bærer på alt; ingenting av det er skrevet noe sted', async () => {
    expect(await app.stopp('SIGUSR2'), 'utgangskode').to.equal(1);
    expect(app.alt).to.match(/Appen falt på en feil ingen tok imot[\s\S]*QueryFailedError[\s\S]*23514/);
    // Det ble virkelig logget: feil med kode og sted fra hver del som feilet.
    for (const ventet of [
      '"kode":"53100"',
      '"kode":"57014"',
      '"kode":"40001"',
      'a commit failed',
      'En jobb mislyktes',
      'Utsenderen',
      'src/person/person',
    ])
      expect(app.alt, ventet).to.contain(ventet);
    expect(utdrag(app.alt)).to.equal('');
    expect(alleFiler(dataDir).filter((f) => SPOR.test(f))).to.deep.equal([]);
    for (const fil of alleFiler(dataDir).filter((f) => f.endsWith('.log')))
      expect(utdrag(readFileSync(fil, 'utf8'))).to.equal('');

    // Tabellene som driften ser, og motorens egne: ingen av dem er stedet for personopplysninger.
    const { rows: motortabeller } = await sql.query<{ navn: string }>(
      `select quote_ident(table_schema) || '.' || quote_ident(table_name) as navn from information_schema.tables where table_schema = 'engine'`,
    );
    expect(motortabeller.length).to.be.greaterThan(5);
    const drift = [
      'utboks',
      'jobbkvittering',
      'oppgave_uten_plass',
      'oppgave_avbrutt',
      'tilgangslogg',
      'saksprosess',
      'saksprosess_bilde',
      'arkivering',
      'session',
    ];
    for (const tabell of [
      ...motortabeller.map((t) => t.navn),
      ...drift,
      `(select teknisk from oppgave where type = 'teknisk')`,
    ]) {
      const { rows } = await sql.query<{ t: string }>(`select t::text as t from ${tabell} t`);
      expect(
        rows
          .map((r) => r.t)
          .filter((t) => SPOR.test(t))
          .map(utdrag),
        tabell,
      ).to.deep.equal([]);
    }
  });

  /** En utløser som nekter raden med denne koden og siterer den i alt en feil kan si. */
  function hever(tabell: string, sqlstate: string): string {
    return `create function nekt_${tabell}() returns trigger language plpgsql as $$
      begin raise exception 'Failing row contains (%)', new using errcode = '${sqlstate}', detail = new::text, hint = new::text; end $$;
      create trigger nekt before insert on ${tabell} for each row execute function nekt_${tabell}();`;
  }
  function opphever(tabell: string): string {
    return `drop trigger nekt on ${tabell}; drop function nekt_${tabell}();`;
  }
});

describe('Tegningen av et brev som feiler, og databasens egen logg', function () {
  this.timeout(240_000);
  after(() => lukkPdf());

  it('feilen fra tegningen siterer ikke brevet', async () => {
    const brev = {
      mal: 'vedtak',
      tittel: MERKE,
      deler: [{ slag: 'egen', tekst: MERKE }],
      mangler: { tekst: [], navn: [] },
      hode: {
        saksnummer: '1/2026',
        kommune: MERKE,
        enhet: MERKE,
        gjelder: MERKE,
        dato: MERKE,
        mottaker: null,
        undertegnere: [],
        kopi: [],
      },
    } as unknown as Parameters<typeof lagPdf>[0]; // et brev som ikke kan tegnes, med vilje
    const feil = await lagPdf(brev).then(
      () => '',
      (e: unknown) => String(e instanceof Error ? `${e.message} ${e.stack ?? ''}` : e),
    );
    expect(feil)
      .to.match(/PDF ble ikke laget/)
      .and.not.to.match(SPOR);
  });

  it('den innebygde tjenerens logg har verken setninger, parametrer eller rader', async () => {
    const dataDir = lagTestmappe('logg-pg-');
    const app = new Appprosess(dataDir, await ledigPort(), { LOG_LEVEL: 'debug' });
    app.start();
    try {
      await app.ventKlar(180_000);
      const url = await innebygdAdresse(dataDir);
      const sql = new pg.Client({ connectionString: url });
      sql.on('error', () => undefined);
      await sql.connect();
      await sql.query(`create function nekt() returns trigger language plpgsql as $$
          begin raise warning 'Warning %', new; raise log 'ikke av oss';
          raise exception 'Failing row contains (%)', new using errcode = '53100', detail = new::text; end $$;
        create trigger nekt before insert on person for each row execute function nekt();`);
      const ola = await new Klient(app.adresse).loggInn('ola-hansen');
      const kropp = { navn: `${MERKE}sen`, fodselsnummer: NUMMER, adresse: MERKE, postnummer: '4013', poststed: MERKE };
      const svar = await ola.send<Problem>('POST', '/api/personer', kropp);
      expect(svar.status).to.equal(507);
      expect(svar.kropp.detail).to.match(/ikke plass til mer på disken.*systemansvarlig/);
      await sql.query(`select $1::int`, [MERKE]).catch(() => undefined);
      await sql.query(`select '${MERKE}'::int`).catch(() => undefined);
      await sql.query(`select pg_terminate_backend(pg_backend_pid()), '${MERKE}'`).catch(() => undefined);
      await sql.end().catch(() => undefined);
      await app.stopp('SIGTERM');
      const logger = alleFiler(dataDir).filter((f) => f.endsWith('.log'));
      expect(logger).to.have.lengthOf.greaterThan(0);
      const tekst = logger.map((f) => readFileSync(f, 'utf8')).join('\n');
      expect(tekst).to.contain('ikke av oss').and.to.contain('terminating connection');
      expect(utdrag(tekst)).to.equal('');
      expect(utdrag(app.alt)).to.equal('');
      expect(app.alt).to.contain('"kode":"53100"');
    } finally {
      await app.stopp('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  /** Adressen til den innebygde databasen, slik den som har datamappa, finner den. */
  async function innebygdAdresse(dataDir: string): Promise<string> {
    const passord = readFileSync(path.join(dataDir, 'postgres-passord'), 'utf8');
    const port = readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[3];
    return `postgres://individuell_plan:${passord}@127.0.0.1:${port}/individuell_plan`;
  }
});

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { OppgaveListe, SakDetalj } from '../../src/contract/api.ts';
import type { Klient } from '../hjelp/klient.ts';
import { Sakskjoering } from '../hjelp/sakskjoering.ts';
import { startTestapp, type Testapp } from '../hjelp/app.ts';

/*
 * Tilgangstabellen gjennom døra: hver rute, hver rolle, i egen og fremmed enhet. Saken ligger hos HSK Hillevåg og har en åpen
 * oppgave til en saksbehandler der. 404 har samme ord enten noe ikke finnes eller ikke er ens eget.
 */

const INGEN_TILGANG = 'Siden finnes ikke, eller du har ikke tilgang til den.';

/** rolle og enhet → demobruker */
const HVEM = {
  'saksbehandler, egen enhet': 'ola-hansen',
  'beslutter, egen enhet': 'per-lunde',
  'leder, egen enhet': 'kari-moe',
  'plankoordinator, egen enhet, uten oppdrag': 'mette-foss',
  'saksbehandler og beslutter, annen enhet': 'anne-lie',
  'saksbehandler og beslutter, barnevern': 'bente-strand',
  'saksbehandler og beslutter, NAV': 'hanne-sand',
  'virksomhetsleder, annen enhet': 'siri-dahl',
  'plankoordinator, annen enhet': 'jonas-vik',
  plandeltaker: 'lise-myhre',
  systemansvarlig: 'tor-nilsen',
  prosesseier: 'eva-holm',
  arkivansvarlig: 'arne-berg',
} as const;
type Hvem = keyof typeof HVEM;
const ALLE = Object.keys(HVEM) as Hvem[]; // nøklene er nettopp Hvem
const SAKSBEHANDLERE: Hvem[] = [
  'saksbehandler, egen enhet',
  'saksbehandler og beslutter, annen enhet',
  'saksbehandler og beslutter, barnevern',
  'saksbehandler og beslutter, NAV',
];
const SER_SAKEN: Hvem[] = ['saksbehandler, egen enhet', 'beslutter, egen enhet', 'leder, egen enhet'];
const KURS: Hvem[] = [...SAKSBEHANDLERE, 'leder, egen enhet', 'virksomhetsleder, annen enhet'];

interface Rad {
  /** slik ruta står i koden */
  rute: string;
  sti: (t: Ider) => string;
  kropp?: (t: Ider, hvem: Hvem) => unknown;
  /** de som slipper inn; alle andre får 404 */
  slipper: Hvem[];
  /** statusene som betyr «sluppet inn» for et kall som med vilje ikke fullføres */
  inne: number[];
}
interface Ider {
  sakId: string;
  oppgaveId: string;
  dokumentId: string;
  personId: string;
}

/** Den som leder enheten saken ligger hos, og systemansvarlig. */
const FORDELER: Hvem[] = ['leder, egen enhet', 'systemansvarlig'];
const LEDERE: Hvem[] = ['leder, egen enhet', 'virksomhetsleder, annen enhet', 'systemansvarlig'];

const RADER: Rad[] = [
  { rute: 'GET /oppgaver', sti: () => '/oppgaver?fane=ledige', slipper: ALLE, inne: [200] },
  { rute: 'GET /oppgaver/:id', sti: (t) => `/oppgaver/${t.oppgaveId}`, slipper: SER_SAKEN, inne: [200] },
  // Kandidaten som ikke har tatt oppgaven, får vite det; for alle andre finnes den ikke.
  {
    rute: 'POST /oppgaver/:id/legg-tilbake',
    sti: (t) => `/oppgaver/${t.oppgaveId}/legg-tilbake`,
    slipper: ['saksbehandler, egen enhet'],
    inne: [200],
  },
  {
    rute: 'PUT /oppgaver/:id/utkast',
    sti: (t) => `/oppgaver/${t.oppgaveId}/utkast`,
    kropp: () => ({ data: {}, grunnlag: 0, fane: randomUUID(), nr: 1 }),
    slipper: ['saksbehandler, egen enhet'],
    inne: [403, 409],
  },
  {
    rute: 'POST /oppgaver/:id/fullfoer',
    sti: (t) => `/oppgaver/${t.oppgaveId}/fullfoer`,
    kropp: () => ({ innsendingId: randomUUID(), data: {} }),
    slipper: ['saksbehandler, egen enhet'],
    inne: [403, 409],
  },
  {
    rute: 'POST /oppgaver/:id/forslag',
    sti: (t) => `/oppgaver/${t.oppgaveId}/forslag`,
    kropp: () => ({ data: {} }),
    slipper: SER_SAKEN,
    inne: [200],
  },
  {
    rute: 'POST /oppgaver/:id/forhaandsvis-brev',
    sti: (t) => `/oppgaver/${t.oppgaveId}/forhaandsvis-brev`,
    kropp: () => ({ data: {} }),
    slipper: SER_SAKEN,
    inne: [404],
  },
  {
    rute: 'GET /oppgaver/kandidater',
    sti: (t) => `/oppgaver/kandidater?ider=${t.oppgaveId}`,
    slipper: FORDELER,
    inne: [200],
  },
  {
    rute: 'POST /oppgaver/fordel',
    sti: () => '/oppgaver/fordel',
    // Oppgaven er ledig, så det å gjøre den ledig endrer ingenting.
    kropp: (t) => ({ ider: [t.oppgaveId], til: null, grunn: 'Fravær.' }),
    slipper: FORDELER,
    inne: [200],
  },
  {
    rute: 'POST /oppgaver/:id/besvar-for',
    sti: (t) => `/oppgaver/${t.oppgaveId}/besvar-for`,
    kropp: () => ({ grunn: 'Fravær.' }),
    slipper: [],
    inne: [],
  },
  { rute: 'GET /brukere', sti: () => '/brukere', slipper: LEDERE, inne: [200] },
  {
    rute: 'POST /brukere/:id/sperr',
    sti: () => '/brukere/sara-eik/sperr',
    kropp: () => ({ fra: '2026-01-01', grunn: '' }),
    slipper: ['systemansvarlig'],
    inne: [422],
  },
  {
    rute: 'POST /brukere/:id/aapne',
    sti: () => '/brukere/sara-eik/aapne',
    kropp: () => ({ grunn: 'Tilbake.' }),
    slipper: ['systemansvarlig'],
    inne: [200],
  },
  {
    rute: 'POST /brukere/:id/roller/avslutt',
    sti: () => '/brukere/ola-hansen/roller/avslutt',
    // Rollen finnes; datoen er før den begynte, så den avsluttes ikke av testen.
    kropp: () => ({ rolle: 'saksbehandler', enhetId: 'hsk-hillevaag', til: '2020-01-01', grunn: 'Sluttet.' }),
    slipper: FORDELER,
    inne: [422],
  },
  {
    rute: 'POST /brukere/:id/roller/aapne',
    sti: () => '/brukere/ola-hansen/roller/aapne',
    kropp: () => ({ rolle: 'saksbehandler', enhetId: 'hsk-hillevaag', grunn: 'Feil.' }),
    slipper: FORDELER,
    inne: [200],
  },
  {
    // Ingen har oppgaver her, så det er ingenting å gjøre ledig, heller ikke for den som har lov.
    rute: 'POST /brukere/:id/frigjoer',
    sti: () => '/brukere/ola-hansen/frigjoer',
    kropp: () => ({ grunn: 'Fravær.' }),
    slipper: [],
    inne: [],
  },
  { rute: 'POST /oppgaver/:id/proev-igjen', sti: (t) => `/oppgaver/${t.oppgaveId}/proev-igjen`, slipper: [], inne: [] },
  { rute: 'GET /saker', sti: () => '/saker', slipper: ALLE, inne: [200] },
  { rute: 'GET /saker/:id', sti: (t) => `/saker/${t.sakId}`, slipper: SER_SAKEN, inne: [200] },
  { rute: 'GET /saker/:id/prosess', sti: (t) => `/saker/${t.sakId}/prosess`, slipper: SER_SAKEN, inne: [200] },
  {
    rute: 'POST /saker/:id/dokumenter',
    sti: (t) => `/saker/${t.sakId}/dokumenter`,
    kropp: () => ({ innsendingId: randomUUID() }),
    slipper: ['saksbehandler, egen enhet'],
    inne: [422],
  },
  {
    rute: 'POST /saker/:id/trekk',
    sti: (t) => `/saker/${t.sakId}/trekk`,
    // Den som har lov, sender en tom begrunnelse, så saken ikke trekkes av testen.
    kropp: (_t, hvem) => ({
      innsendingId: randomUUID(),
      begrunnelse: hvem === 'saksbehandler, egen enhet' ? '' : 'Ringte.',
    }),
    slipper: ['saksbehandler, egen enhet'],
    inne: [422],
  },
  {
    rute: 'GET /dokumenter/:id/innhold',
    sti: (t) => `/dokumenter/${t.dokumentId}/innhold`,
    slipper: SER_SAKEN,
    inne: [200],
  },
  { rute: 'GET /personer', sti: () => '/personer?sok=Hemmelig', slipper: SAKSBEHANDLERE, inne: [200] },
  {
    rute: 'POST /personer/soek',
    sti: () => '/personer/soek',
    kropp: () => ({ sok: 'Hemmelig' }),
    slipper: SAKSBEHANDLERE,
    inne: [200],
  },
  { rute: 'GET /anmodninger/enheter', sti: () => '/anmodninger/enheter', slipper: SAKSBEHANDLERE, inne: [200] },
  {
    rute: 'GET /personer/:id/status',
    sti: (t) => `/personer/${t.personId}/status`,
    slipper: SAKSBEHANDLERE,
    inne: [200],
  },
  { rute: 'POST /personer', sti: () => '/personer', kropp: () => ({}), slipper: SAKSBEHANDLERE, inne: [422] },
  { rute: 'GET /utkast/ny-anmodning', sti: () => '/utkast/ny-anmodning', slipper: SAKSBEHANDLERE, inne: [200] },
  {
    rute: 'PUT /utkast/ny-anmodning',
    sti: () => '/utkast/ny-anmodning',
    kropp: () => ({ data: {}, grunnlag: 0, fane: randomUUID(), nr: 1 }),
    slipper: SAKSBEHANDLERE,
    inne: [200],
  },
  { rute: 'DELETE /utkast/ny-anmodning', sti: () => '/utkast/ny-anmodning', slipper: SAKSBEHANDLERE, inne: [204] },
  { rute: 'GET /sok', sti: () => '/sok?q=Hemmelig', slipper: ALLE, inne: [200] },
  { rute: 'GET /kompetanse/oversikt', sti: () => '/kompetanse/oversikt', slipper: KURS, inne: [200] },
  { rute: 'POST /kompetanse', sti: () => '/kompetanse', kropp: () => ({}), slipper: KURS, inne: [422] },
  { rute: 'GET /rutiner', sti: () => '/rutiner', slipper: ALLE, inne: [200] },
  { rute: 'GET /rutiner/:id', sti: () => '/rutiner/ip-saksbehandle', slipper: ALLE, inne: [200] },
  { rute: 'GET /drift', sti: () => '/drift', slipper: ['systemansvarlig'], inne: [200] },
  {
    rute: 'POST /drift/utboks/proev-igjen',
    sti: () => '/drift/utboks/proev-igjen',
    slipper: ['systemansvarlig'],
    inne: [200],
  },
];
/** Prøves for seg: de virker på noe, eller svarer med en strøm. */
const FOR_SEG = ['POST /oppgaver/:id/ta', 'POST /saker', 'GET /hendelser'];

describe('tilgang gjennom døra: hver rute × hver rolle', function () {
  this.timeout(180_000);
  let t: Testapp;
  let k: Sakskjoering;
  let ider: Ider;

  before(async () => {
    t = await startTestapp({ motor: 'innebygd' });
    k = new Sakskjoering(t.adresse);
    const person = await k.nyPerson('Hemmelig Hansen');
    const sakId = await k.anmod(person.id);
    const oppgave = await k.finnOppgave(sakId, 'avklar-instans');
    const sak: SakDetalj = await k.sak(sakId);
    ider = { sakId, oppgaveId: oppgave.id, dokumentId: sak.dokumenter[0]?.id ?? '', personId: person.id };
  });
  after(() => t?.stopp());

  it('hver rute i koden står i matrisen', () => {
    const rot = path.resolve(import.meta.dirname, '../../src');
    const iKoden = readdirSync(rot, { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('ruter.ts') && !f.startsWith('http'))
      .flatMap((f) => [
        ...readFileSync(path.join(rot, f), 'utf8').matchAll(/ruter\.(get|post|put|delete)\(\s*'([^']+)'/g),
      ])
      .map((m) => `${m[1]?.toUpperCase()} ${m[2]}`);
    expect([...new Set(iKoden)].sort()).to.deep.equal([...RADER.map((r) => r.rute), ...FOR_SEG].sort());
  });

  for (const rad of RADER) {
    it(rad.rute, async () => {
      for (const hvem of ALLE) {
        const klient = await k.som(HVEM[hvem]);
        const [metode = ''] = rad.rute.split(' ');
        const sti = `/api${rad.sti(ider)}`;
        const svar =
          metode === 'GET'
            ? await klient.hent(sti)
            : await klient.send(metode as 'POST' | 'PUT' | 'DELETE', sti, rad.kropp?.(ider, hvem) ?? {});
        const tekst = `${hvem}: ${svar.status} ${JSON.stringify(svar.kropp).slice(0, 200)}`;
        if (rad.slipper.includes(hvem)) expect(svar.status, tekst).to.be.oneOf(rad.inne);
        else
          expect([svar.status, (svar.kropp as { detail?: string }).detail], tekst).to.deep.equal([404, INGEN_TILGANG]);
      }
    });
  }

  it('lister, søk og tellinger røper ingenting om saken for den som ikke ser den', async () => {
    for (const hvem of ALLE.filter((h) => !SER_SAKEN.includes(h))) {
      const klient = await k.som(HVEM[hvem]);
      const tall = async (sti: string): Promise<string> => JSON.stringify((await klient.hent(sti)).kropp);
      for (const fane of ['mine', 'ledige', 'enheten']) {
        const liste = await klient.hent<OppgaveListe>(`/api/oppgaver?fane=${fane}&sok=Hemmelig`);
        expect(
          [liste.kropp.totalt, liste.kropp.antall.ledige, liste.kropp.antall.mine],
          `${hvem} ${fane}`,
        ).to.deep.equal([0, 0, 0]);
      }
      const saker = await klient.hent<{ totalt: number }>('/api/saker?status=alle&sok=Hemmelig');
      expect(saker.kropp.totalt, hvem).to.equal(0);
      const sok = await klient.hent<{ saker: unknown[]; oppgaver: unknown[]; personer: unknown[] }>(
        '/api/sok?q=Hemmelig',
      );
      expect([sok.kropp.saker, sok.kropp.oppgaver], hvem).to.deep.equal([[], []]);
      if (!SAKSBEHANDLERE.includes(hvem)) expect(sok.kropp.personer, hvem).to.deep.equal([]);
      expect(await tall('/api/oppgaver?fane=ledige'), hvem).not.to.include(ider.sakId);
    }
  });

  it('bare den som er kandidat kan ta oppgaven', async () => {
    const prov = async (hvem: Hvem): Promise<number> =>
      (await (await k.som(HVEM[hvem])).send('POST', `/api/oppgaver/${ider.oppgaveId}/ta`)).status;
    for (const hvem of ALLE.filter((h) => h !== 'saksbehandler, egen enhet')) {
      expect(await prov(hvem), hvem).to.be.oneOf(SER_SAKEN.includes(hvem) ? [200, 403, 404, 409] : [404]);
      const eier = (await k.oppgave(ider.oppgaveId, 'ola-hansen')).oppgave.eier;
      expect(eier, `${hvem} fikk oppgaven`).to.equal(null);
    }
    expect(await prov('saksbehandler, egen enhet')).to.equal(200);
  });

  it('bare en saksbehandler registrerer en anmodning, og bare i egen enhet', async () => {
    const registrer = async (klient: Klient, enhetId: string): Promise<number> => {
      const skjema = new FormData();
      skjema.set(
        'anmodning',
        JSON.stringify({
          innsendingId: randomUUID(),
          personId: ider.personId,
          enhetId,
          mottatt: '2026-11-20',
          hvemSpoer: 'planeier',
          maate: 'skriftlig',
          oenske: 'ip',
        }),
      );
      return (await klient.raa('POST', '/api/saker', { kropp: skjema })).status;
    };
    for (const hvem of ALLE.filter((h) => h !== 'saksbehandler, egen enhet')) {
      expect(await registrer(await k.som(HVEM[hvem]), 'hsk-hillevaag'), hvem).to.be.oneOf([404, 422]);
    }
    const { kropp } = await (await k.som('ola-hansen')).hent<{ totalt: number }>('/api/saker?status=alle&sok=Hemmelig');
    expect(kropp.totalt).to.equal(1);
  });

  it('varsler når bare den som kan se det varslet gjelder', async () => {
    const lytt = async (hvem: string): Promise<{ ider: () => string; lukk: () => void }> => {
      const klient = await k.som(hvem);
      const avbryt = new AbortController();
      let tekst = '';
      const svar = await fetch(`${t.adresse}/api/hendelser`, {
        headers: { cookie: klient.kapsler() },
        signal: avbryt.signal,
      });
      void (async () => {
        for await (const bit of svar.body ?? []) tekst += Buffer.from(bit).toString();
      })().catch(() => undefined);
      return { ider: () => tekst, lukk: () => avbryt.abort() };
    };
    const ola = await lytt('ola-hansen');
    const anne = await lytt('anne-lie');
    const klient = await k.som('ola-hansen');
    await klient.send('POST', `/api/oppgaver/${ider.oppgaveId}/legg-tilbake`);
    const slutt = Date.now() + 10_000;
    while (!ola.ider().includes(ider.oppgaveId) && Date.now() < slutt) await new Promise((ok) => setTimeout(ok, 50));
    expect(ola.ider()).to.include(ider.oppgaveId);
    expect(ola.ider()).not.to.include('Hemmelig');
    expect(anne.ider()).not.to.include(ider.oppgaveId);
    ola.lukk();
    anne.lukk();
  });
});

import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { NyAnmodning, FullfoerSvar } from '../../src/contract/api.ts';
import type { Klokke } from '../../src/contract/klokke.ts';
import type { StegId } from '../../src/contract/prosess.ts';
import { STEG } from '../../src/contract/steg/index.ts';
import { dagIOslo } from '../../src/contract/tid.ts';
import type { Innlogget } from '../../src/contract/tilgang.ts';
import { lagDatakilde } from '../../src/db/datakilde.ts';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { lagHub } from '../../src/hendelse/index.ts';
import { fullfoerOppgave } from '../../src/oppgave/fullfoer.ts';
import { hentOppgave } from '../../src/oppgave/lager.ts';
import type { StegKontekst } from '../../src/oppgave/steg.ts';
import { lagSyntetiskFodselsnummer, opprettPerson } from '../../src/person/index.ts';
import { registrerAnmodning } from '../../src/sak/index.ts';
import { lagSteg } from '../../src/steg/index.ts';
import { leggInnDemokommune } from '../../src/tilgang/demo.ts';
import { hentBruker } from '../../src/tilgang/index.ts';
import { lagTestdatabase } from '../hjelp/database.ts';
import { HVEM, lagStegdata } from '../hjelp/stegdata.ts';

/** Fagdelen på en egen database, uten motor: oppgavene legges inn for hånd der motoren ellers ville lagt dem. */
export interface Fagdel {
  ds: DataSource;
  klokke: Klokke & { sett(tid: string): void };
  stopp(): Promise<void>;
  som(id: string): Promise<Innlogget>;
  nyPerson(endringer?: { navn?: string; fodt?: string; beskyttetAdresse?: boolean }): Promise<string>;
  anmod(personId: string, endringer?: Partial<NyAnmodning>, av?: string): Promise<string>;
  /** Legger inn oppgaven, tar den og fullfører den som den som skal gjøre steget. */
  gjoer(sakId: string, steg: StegId, endringer?: Record<string, unknown>, som?: string): Promise<FullfoerSvar>;
  /** Det steget gir skjemaet. */
  kontekst(sakId: string, steg: StegId, som?: string): Promise<Record<string, unknown>>;
  /** Kjører noe med steget slik oppgavemodulen gjør det. */
  iSteg<T>(sakId: string, steg: StegId, arbeid: (k: StegKontekst) => Promise<T>, som?: string): Promise<T>;
  sql<T>(sql: string, verdier?: unknown[]): Promise<T[]>;
}

const STARTTID = '2026-11-23T09:00:00Z';
/** Svarene følger klokka her, ikke maskinens: testene skal gi det samme om et år. */
const STEGDATA = lagStegdata('2026-11-21');
let loepenummer = 0;

/** Starter fagdelen med demokommunen. */
export async function startFagdel(): Promise<Fagdel> {
  const db = await lagTestdatabase();
  const ds = lagDatakilde(db.url);
  await ds.initialize();
  await ds.runMigrations();
  await iTransaksjon(ds, leggInnDemokommune);
  let naa = new Date(STARTTID);
  const klokke = { naa: () => naa, sett: (tid: string) => void (naa = new Date(tid)) };
  const hub = lagHub(
    () => Promise.resolve(new Map()),
    () => Promise.resolve(new Map()),
    () => undefined,
  );
  const avh = { ds, klokke, hub, steg: lagSteg(), kontrakter: STEG, ventMs: 0 };

  async function som(id: string): Promise<Innlogget> {
    const bruker = await hentBruker(ds.manager, id, dagIOslo(naa));
    if (!bruker) throw new Error(`ukjent bruker ${id}`);
    return bruker;
  }
  async function leggInnOppgave(sakId: string, steg: StegId, eier: string): Promise<string> {
    const id = randomUUID();
    const [sak] = await ds.query(`select vedtaksinstans, saksnummer from sak where id = $1`, [sakId]);
    await ds.query(
      `insert into oppgave (id, type, steg_id, tittel, sak_id, saksnummer, rutine_navn, fase, kandidatbruker, enhet_id, eier_id, status, opprettet)
       values ($1, 'steg', $2, $2, $3, $4, 'Test', 'Test', $5, $6, $5, 'aapen', $7)`,
      [id, steg, sakId, sak.saksnummer, eier, sak.vedtaksinstans, naa],
    );
    return id;
  }
  async function iSteg<T>(
    sakId: string,
    steg: StegId,
    arbeid: (k: StegKontekst) => Promise<T>,
    hvem: string = HVEM[steg],
  ): Promise<T> {
    const bruker = await som(hvem);
    const oppgaveId = await leggInnOppgave(sakId, steg, hvem);
    const svar = await iTransaksjon(ds, async (tx) => {
      const oppgave = await hentOppgave(tx, oppgaveId);
      if (!oppgave) throw new Error('oppgaven ble ikke lagt inn');
      return arbeid({ tx, klokke, bruker, oppgave, sakId });
    });
    await ds.query(`update oppgave set status = 'avbrutt' where id = $1`, [oppgaveId]);
    return svar;
  }
  return {
    ds,
    klokke,
    som,
    iSteg,
    async stopp() {
      await ds.destroy();
      await db.slett();
    },
    async nyPerson({ navn = 'Kari Nordmann', fodt = '1980-05-17', beskyttetAdresse = false } = {}) {
      const bruker = await som('ola-hansen');
      const fodselsnummer = lagSyntetiskFodselsnummer(fodt, loepenummer++ % 200);
      const ny = { navn, fodselsnummer, adresse: 'Storgata 1', postnummer: '4013', poststed: 'Sandvik' };
      return iTransaksjon(ds, async (tx) => {
        const person = await opprettPerson(tx, klokke, bruker, { ...ny, telefon: '', beskyttetAdresse, tolk: '' });
        return person.id;
      });
    },
    async anmod(personId, endringer = {}, av = 'ola-hansen') {
      const bruker = await som(av);
      const { sakId } = await iTransaksjon(ds, (tx) =>
        registrerAnmodning(tx, klokke, bruker, lagAnmodning({ personId, ...endringer })),
      );
      return sakId;
    },
    async gjoer(sakId, steg, endringer = {}, hvem = HVEM[steg]) {
      naa = new Date(naa.getTime() + 1_000); // to handlinger på samme sekund har ingen rekkefølge
      const id = await leggInnOppgave(sakId, steg, hvem);
      const data = { ...STEGDATA[steg], ...endringer };
      try {
        return await fullfoerOppgave(avh, await som(hvem), id, { innsendingId: randomUUID(), data });
      } finally {
        await ds.query(`update oppgave set status = 'avbrutt' where id = $1 and status = 'aapen'`, [id]);
      }
    },
    kontekst: (sakId, steg, hvem) => iSteg(sakId, steg, (k) => lagSteg()[steg].kontekst(k), hvem),
    sql: (sql, verdier = []) => ds.query(sql, verdier),
  };
}

/** En gyldig anmodning; testen overstyrer det den handler om. */
export function lagAnmodning(endringer: Partial<NyAnmodning> & { personId: string }): NyAnmodning {
  return {
    innsendingId: randomUUID(),
    enhetId: 'hsk-hillevaag',
    mottatt: '2026-11-20',
    hvemSpoer: 'planeier',
    hvemSpoerNavn: '',
    maate: 'skriftlig',
    oenske: 'ip',
    egenSak: false,
    notat: '',
    ...endringer,
  };
}

/** Fører saken til den er kartlagt og klar for vedtak. */
export async function tilVedtak(f: Fagdel, sakId: string, endringer: Record<string, unknown> = {}): Promise<void> {
  await f.gjoer(sakId, 'avklar-instans');
  await f.gjoer(sakId, 'informer-og-avklar', endringer);
  const oenske = endringer['oenske'] ?? 'ip';
  await f.gjoer(sakId, 'kartlegg-og-vurder', { anbefaling: oenske });
}

/** Feilen som ble kastet, med feltene når den har det; feiler når ingenting ble kastet. */
export async function feilen(arbeid: Promise<unknown>): Promise<{ status: number; tekst: string; felter: string[] }> {
  try {
    await arbeid;
  } catch (feil) {
    if (feil instanceof Error && 'status' in feil && typeof feil.status === 'number') {
      const linjer = 'feil' in feil && Array.isArray(feil.feil) ? feil.feil : [];
      const felter = linjer.map((l: { felt: string }) => l.felt);
      const meldinger = linjer.map((l: { melding: string }) => l.melding);
      return { status: feil.status, tekst: [feil.message, ...meldinger].join(' '), felter };
    }
    throw feil;
  }
  throw new Error('Det skulle ha feilet, men gikk gjennom.');
}

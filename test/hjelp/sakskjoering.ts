import { randomInt, randomUUID } from 'node:crypto';
import type {
  FullfoerSvar,
  NyAnmodning,
  OppgaveDetalj,
  OppgaveListe,
  OppgaveRad,
  PersonTreff,
  Problem,
  SakDetalj,
} from '../../src/contract/api.ts';
import type { StegId } from '../../src/contract/prosess.ts';
import { leggTilDager } from '../../src/contract/tid.ts';
import { lagSyntetiskFodselsnummer } from '../../src/person/index.ts';
import { Klient, type Svar } from './klient.ts';
import { HVEM, MOTTATT, STEGDATA } from './stegdata.ts';

const sov = (ms: number): Promise<void> => new Promise((ok) => setTimeout(ok, ms));

/** Prøver til `finn` gir noe annet enn null; kaster med `hva` når tiden er ute. */
export async function ventTil<T>(hva: string, finn: () => Promise<T | null>, ms = 60_000): Promise<T> {
  const slutt = Date.now() + ms;
  for (let pause = 15; ; pause = Math.min(pause * 1.5, 250)) {
    const funnet = await finn();
    if (funnet !== null) return funnet;
    if (Date.now() > slutt) throw new Error(`Ventet forgjeves på: ${hva}`);
    await sov(pause);
  }
}

function bestaatt<T>(svar: Svar<T>, hva: string): T {
  if (svar.status >= 200 && svar.status < 300) return svar.kropp;
  throw new Error(`${hva}: ${svar.status} ${JSON.stringify(svar.kropp)}`);
}

export interface AnmodningValg extends Partial<NyAnmodning> {
  /** den som registrerer */
  av?: string;
}

/** Kjører saker gjennom appens HTTP-dør, som de menneskene rutinen nevner. */
export class Sakskjoering {
  readonly adresse: string;
  #innloggede = new Map<string, Promise<Klient>>();

  readonly #utholdendeMs: number;
  readonly #ventMs: number;

  /** @param utholdendeMs se Klient */
  constructor(adresse: string, utholdendeMs = 0) {
    this.adresse = adresse;
    this.#utholdendeMs = utholdendeMs;
    this.#ventMs = Math.max(60_000, utholdendeMs);
  }

  /** Klienten til en demobruker, logget inn ved første bruk. */
  som(brukerId: string): Promise<Klient> {
    let klient = this.#innloggede.get(brukerId);
    if (!klient) {
      klient = new Klient(this.adresse, this.#utholdendeMs).loggInn(brukerId);
      this.#innloggede.set(brukerId, klient);
      klient.catch(() => this.#innloggede.delete(brukerId));
    }
    return klient;
  }

  async nyPerson(navn: string, fodt?: string): Promise<PersonTreff> {
    const k = await this.som('ola-hansen');
    const dag = fodt ?? leggTilDager('1960-01-01', randomInt(0, 12_000));
    const fodselsnummer = lagSyntetiskFodselsnummer(dag, randomInt(0, 300));
    const svar = await k.send<PersonTreff & Problem>('POST', '/api/personer', {
      navn,
      fodselsnummer,
      adresse: 'Storgata 1',
      postnummer: '4013',
      poststed: 'Sandvik',
    });
    if (svar.status === 409) return this.nyPerson(navn, fodt);
    return bestaatt(svar, `ny person ${navn}`);
  }

  /** Registrerer en anmodning og gir id-en til saken. */
  async anmod(personId: string, valg: AnmodningValg = {}): Promise<string> {
    const { av = 'ola-hansen', ...felt } = valg;
    const k = await this.som(av);
    const anmodning: NyAnmodning = {
      innsendingId: randomUUID(),
      personId,
      enhetId: 'hsk-hillevaag',
      mottatt: MOTTATT,
      hvemSpoer: 'planeier',
      hvemSpoerNavn: '',
      maate: 'skriftlig',
      oenske: 'ip',
      egenSak: false,
      notat: '',
      ...felt,
    };
    const skjema = new FormData();
    skjema.set('anmodning', JSON.stringify(anmodning));
    const svar = (await k.raa('POST', '/api/saker', { kropp: skjema })) as Svar<{ sakId: string }>; // kontrakten nySakSvar
    return bestaatt(svar, 'ny anmodning').sakId;
  }

  /** Den åpne oppgaven på et steg i saken, slik brukeren ser den; venter til den kommer. */
  async finnOppgave(sakId: string, steg: StegId, som: string = HVEM[steg], ms = this.#ventMs): Promise<OppgaveRad> {
    const k = await this.som(som);
    return ventTil(
      `oppgaven ${steg} hos ${som}`,
      async () => {
        for (const fane of ['mine', 'ledige']) {
          const liste = await k.hent<OppgaveListe>(`/api/oppgaver?fane=${fane}&steg=${steg}&antall=200`);
          const rad = bestaatt(liste, 'oppgaveliste').rader.find((r) => r.sakId === sakId && r.status === 'aapen');
          if (rad) return rad;
        }
        return null;
      },
      ms,
    );
  }

  /** Tar oppgaven når den er ledig, fyller ut og fullfører den. */
  async gjoer(
    sakId: string,
    steg: StegId,
    endringer: Record<string, unknown> = {},
    som: string = HVEM[steg],
  ): Promise<FullfoerSvar> {
    const oppgave = await this.finnOppgave(sakId, steg, som);
    const k = await this.som(som);
    if (!oppgave.eier) bestaatt(await k.send('POST', `/api/oppgaver/${oppgave.id}/ta`), `ta ${steg}`);
    return this.fullfoer(oppgave.id, { ...STEGDATA[steg], ...endringer }, som);
  }

  async fullfoer(
    oppgaveId: string,
    data: Record<string, unknown>,
    som: string,
    innsendingId: string = randomUUID(),
  ): Promise<FullfoerSvar> {
    const k = await this.som(som);
    return bestaatt(
      await k.send<FullfoerSvar>('POST', `/api/oppgaver/${oppgaveId}/fullfoer`, { innsendingId, data }),
      `fullfør ${oppgaveId}`,
    );
  }

  async trekk(sakId: string, som = 'ola-hansen'): Promise<void> {
    const kropp = { innsendingId: randomUUID(), begrunnelse: 'Planeier ringte og trakk anmodningen.' };
    bestaatt(await (await this.som(som)).send('POST', `/api/saker/${sakId}/trekk`, kropp), 'trekk');
  }

  async oppgave(oppgaveId: string, som: string): Promise<OppgaveDetalj> {
    return bestaatt(await (await this.som(som)).hent<OppgaveDetalj>(`/api/oppgaver/${oppgaveId}`), 'oppgave');
  }

  async sak(sakId: string, som = 'ola-hansen'): Promise<SakDetalj> {
    return bestaatt(await (await this.som(som)).hent<SakDetalj>(`/api/saker/${sakId}`), 'sak');
  }

  /** Venter til saken er avsluttet og gir den. */
  ventAvsluttet(sakId: string, som = 'ola-hansen', ms = this.#ventMs): Promise<SakDetalj> {
    return ventTil(
      `saken ${sakId} avsluttet`,
      async () => {
        const sak = await this.sak(sakId, som);
        return sak.sak.status === 'avsluttet' ? sak : null;
      },
      ms,
    );
  }

  /** Fra anmodning til ferdig kartlagt. */
  async tilVedtak(sakId: string, oenske: 'ip' | 'koordinator' | 'barnekoordinator' = 'ip'): Promise<void> {
    await this.gjoer(sakId, 'avklar-instans');
    const ikkeIp = oenske === 'ip' ? {} : { hvorforIkkeIp: 'Ønsker ikke en plan nå.' };
    await this.gjoer(sakId, 'informer-og-avklar', { oenske, ...ikkeIp });
    await this.gjoer(sakId, 'kartlegg-og-vurder', { anbefaling: oenske });
  }

  /** Vedtak fattet av én beslutter og godkjent av en annen. */
  async vedta(sakId: string, endringer: Record<string, unknown>): Promise<void> {
    await this.gjoer(sakId, 'fatt-vedtak', endringer);
    await this.gjoer(sakId, 'godkjenn-vedtak');
  }
}

import { setTimeout as vent } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { DataSource, EntityManager } from 'typeorm';
import { iTransaksjon } from '../db/transaksjon.ts';
import { lesMotorfeil, medTidsgrense, type CamundaClient } from '../engine/client.ts';
import type { Utboksmelding } from './skriv.ts';
import { SENDERE, type Utfall } from './sendere.ts';

export type Utboksrad = Utboksmelding & { id: string; sakId: string | null; forsoek: number };

/** Det utsenderen melder tilbake til oppgavene, i samme transaksjon som raden avsluttes. */
export interface Tilbakemelding {
  /** Motoren har fullført oppgaven. */
  fullfoert(tx: EntityManager, oppgaveId: string): Promise<void>;
  /** Motoren hadde forlatt steget før arbeidet kom fram. */
  gikkVidere(tx: EntityManager, oppgaveId: string): Promise<void>;
  /** Motoren tar ikke imot meldingen, og det hjelper ikke å vente. */
  feilet(tx: EntityManager, rad: Utboksrad, feil: string): Promise<void>;
}

export interface Utsendervalg {
  ds: DataSource;
  klient: CamundaClient;
  logg: Pick<Logger, 'info' | 'warn' | 'error'>;
  naa: () => Date;
  tilbakemelding: Tilbakemelding;
  /** Meldinger som er underveis samtidig; hver holder én databasetilkobling mens motoren svarer. */
  samtidige?: number;
}

export interface Utsender {
  /** Sier at det kan ligge noe nytt i utboksen. */
  vekk(): void;
  /** Når en bane sist så etter i utboksen og fikk svar av databasen (performance.now()). */
  sistRunde(): number;
  stopp(): Promise<void>;
}

const KALL_MS = 15_000;
const LENGSTE_RADPAUSE_MS = 10_000;
const LENGSTE_MOTORPAUSE_MS = 2_000;
/** Omtrent et kvarter med forsøk: en oppgave i overgang i motoren er ferdig lenge før det. */
const MAKS_FORSOEK = 90;

/**
 * Henter den eldste raden som kan sendes. Rader i samme sak går i rekkefølge: en rad venter på alle tidligere som ikke er
 * avsluttet. Låsen holdes til raden er avgjort, så to prosesser aldri sender det samme, og en som dør slipper den.
 */
const NESTE = `
  select u.id, u.sak_id as "sakId", u.slag, u.innhold, u.forsoek
    from utboks u
   where u.tilstand = 'venter' and u.neste_forsoek <= clock_timestamp()
     and (u.sak_id is null or not exists (
       select 1 from utboks f
        where f.sak_id = u.sak_id and f.loepenr < u.loepenr and f.tilstand in ('venter','feilet')))
   order by u.loepenr
   limit 1
   for update of u skip locked`;

/** Starter utsenderen. Den går til `stopp` kalles, og tåler at både motor og database blir borte. */
export function startUtsender(valg: Utsendervalg): Utsender {
  const { ds, klient, logg, naa, tilbakemelding } = valg;
  const avbryt = new AbortController();
  let vekket: (() => void)[] = [];
  /** Øker ved hver vekking, så en vekking mellom «ingenting å gjøre» og «vent» ikke går tapt. */
  let vekkinger = 0;
  let motorpause = 0;
  let sistRunde = performance.now();

  const vekk = (): void => {
    vekkinger++;
    const klare = vekket;
    vekket = [];
    for (const klar of klare) klar();
  };
  const sov = (ms: number): Promise<void> => vent(ms, undefined, { signal: avbryt.signal }).catch(() => undefined);
  const ventPaaArbeid = (sett: number, ms: number): Promise<void> => {
    if (sett !== vekkinger || avbryt.signal.aborted) return Promise.resolve();
    return new Promise((klar) => {
      const vakt = setTimeout(klar, ms);
      vekket.push(() => {
        clearTimeout(vakt);
        klar();
      });
    });
  };

  async function avslutt(tx: EntityManager, rad: Utboksrad, tilstand: string, feil: string | null): Promise<void> {
    await tx.query(
      `update utboks set tilstand = $2, siste_feil = $3, avsluttet = $4, forsoek = forsoek + 1 where id = $1`,
      [rad.id, tilstand, feil, naa()],
    );
  }

  async function utsett(tx: EntityManager, rad: Utboksrad, grunn: string): Promise<void> {
    const pause = Math.min(LENGSTE_RADPAUSE_MS, 50 * 2 ** Math.min(rad.forsoek, 10));
    await tx.query(
      `update utboks set forsoek = forsoek + 1, siste_feil = $2,
              neste_forsoek = clock_timestamp() + $3 * interval '1 millisecond'
        where id = $1`,
      [rad.id, grunn, pause],
    );
    setTimeout(vekk, pause + 5).unref();
  }

  async function anvend(tx: EntityManager, rad: Utboksrad, utfall: Utfall): Promise<void> {
    const oppgaveId = 'oppgaveId' in rad.innhold ? rad.innhold.oppgaveId : null;
    switch (utfall.slag) {
      case 'sendt':
        if (rad.slag === 'fullfoer-user-task' && oppgaveId) await tilbakemelding.fullfoert(tx, oppgaveId);
        return avslutt(tx, rad, 'sendt', null);
      case 'gikk-videre':
        if (oppgaveId) await tilbakemelding.gikkVidere(tx, oppgaveId);
        return avslutt(tx, rad, 'forkastet', utfall.grunn);
      case 'forkastet':
        return avslutt(tx, rad, 'forkastet', utfall.grunn);
      case 'senere':
        if (rad.forsoek + 1 < MAKS_FORSOEK) return utsett(tx, rad, utfall.grunn);
        break;
      case 'feilet':
        break;
    }
    logg.error(
      { utboks: rad.id, meldingsslag: rad.slag, sakId: rad.sakId, feil: utfall.grunn },
      'En melding til motoren feilet.',
    );
    await avslutt(tx, rad, 'feilet', utfall.grunn);
    await tilbakemelding.feilet(tx, rad, utfall.grunn);
  }

  /** Tar én rad. Sann når det var noe å gjøre. */
  async function taEn(): Promise<boolean> {
    return iTransaksjon(ds, async (tx) => {
      const rader: Utboksrad[] = await tx.query(NESTE);
      const rad = rader[0];
      if (!rad) return false;
      let utfall: Utfall;
      try {
        utfall = await SENDERE[rad.slag](
          { klient, tx, forsoek: rad.forsoek, kall: (k) => medTidsgrense(k, KALL_MS) },
          rad.innhold,
        );
        if (motorpause > 0) logg.info('Motoren svarer igjen. Utboksen går videre.');
        motorpause = 0;
      } catch (feil) {
        const { status, melding, kanProevesIgjen } = lesMotorfeil(feil);
        if (kanProevesIgjen) {
          // Motoren er borte for alle: raden får ikke skylden, og alle banene venter litt.
          if (motorpause === 0) logg.warn({ status, feil: melding }, 'Motoren svarer ikke. Utboksen venter.');
          motorpause = Math.min(LENGSTE_MOTORPAUSE_MS, Math.max(100, motorpause * 2));
          return true;
        }
        utfall = { slag: 'feilet', grunn: `${status}: ${melding}` };
      }
      await anvend(tx, rad, utfall);
      return true;
    });
  }

  async function bane(nummer: number): Promise<void> {
    while (!avbryt.signal.aborted) {
      const sett = vekkinger;
      try {
        const noe = await taEn();
        sistRunde = performance.now();
        if (noe) {
          if (motorpause > 0) await sov(motorpause);
          continue;
        }
      } catch (feil) {
        logg.error({ err: feil }, 'Utsenderen fikk ikke arbeidet mot databasen. Prøver igjen.');
        await sov(1_000);
        continue;
      }
      // Bare den første banen ser etter på egen hånd; de andre vekkes.
      await ventPaaArbeid(sett, nummer === 0 ? 1_000 : 60_000);
    }
  }

  const baner = Array.from({ length: valg.samtidige ?? 3 }, (_, i) => bane(i));
  return {
    vekk,
    sistRunde: () => sistRunde,
    async stopp() {
      avbryt.abort();
      vekk();
      await Promise.race([Promise.all(baner), vent(5_000, undefined, { ref: false })]);
    },
  };
}

import type { DataSource, EntityManager } from 'typeorm';
import type { Sanntid } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import type { Jobbstopp } from '../engine/workers.ts';
import type { Publikum } from '../hendelse/hub.ts';
import type { Tilbakemelding, Utboksrad } from '../outbox/index.ts';
import { hentRutineversjon } from '../rutine/index.ts';
import { kan, kanKanskje } from '../tilgang/index.ts';
import { ENHET_HAR_SAKEN, harMedOppgaven, hentOppgave } from './lager.ts';
import { bekreftFullfoert, gikkVidere } from './projeksjon.ts';
import type { Oppgavestatus } from './oppgave.ts';
import type { Saksoppslag } from './saksoppslag.ts';
import { lagTekniskOppgave } from './teknisk.ts';

export interface MotorAvh {
  klokke: Klokke;
  saksoppslag: Saksoppslag;
}

const MELDINGSNAVN: Record<Utboksrad['slag'], string> = {
  'fullfoer-user-task': 'å fullføre en oppgave',
  'publiser-melding': 'å sende en melding til saken',
  'tildel-user-task': 'å si hvem som har en oppgave',
  'loes-incident': 'å prøve en feil på nytt',
};

/** Det utsenderen melder tilbake, gjort om til oppgavenes tilstand. */
export function lagTilbakemelding(avh: MotorAvh): Tilbakemelding {
  return {
    fullfoert: (tx, oppgaveId) => bekreftFullfoert(tx, oppgaveId, avh.klokke.naa()),
    async gikkVidere(tx, oppgaveId) {
      const o = await hentOppgave(tx, oppgaveId, true);
      if (o?.status === 'fullfoerer') await gikkVidere(tx, o, avh.klokke.naa());
    },
    async feilet(tx, rad, feil) {
      const sak = rad.sakId ? await avh.saksoppslag.forOppgave(tx, rad.sakId) : null;
      await lagTekniskOppgave(tx, avh.klokke.naa(), {
        noekkel: `utboks:${rad.id}`,
        tittel: 'Håndter teknisk feil: melding til motoren',
        elementId: rad.slag,
        sakId: rad.sakId,
        saksnummer: sak?.saksnummer ?? null,
        prosessId: null,
        rutineNavn: 'Drift',
        teknisk: {
          hva: `Motoren avviste ${MELDINGSNAVN[rad.slag]}. Det som er gjort i saken er lagret, men saken går ikke videre før dette er løst.`,
          feil,
          kilde: 'utboks',
          jobbnoekkel: null,
          incidentKey: null,
          utboksId: rad.id,
        },
      });
    },
  };
}

/** En jobb har stoppet for godt: oppgaven til systemansvarlig, i det jobben meldes mislykket. */
export function lagVedStopp(avh: MotorAvh): (tx: EntityManager, stopp: Jobbstopp) => Promise<void> {
  return async (tx, { jobb, sakId, feil }) => {
    const sak = sakId ? await avh.saksoppslag.forOppgave(tx, sakId) : null;
    const rutine = await hentRutineversjon(tx, jobb.prosessdefinisjonsnoekkel);
    const navn = rutine?.steg.find((s) => s.elementId === jobb.elementId)?.navn || jobb.elementId;
    await lagTekniskOppgave(tx, avh.klokke.naa(), {
      noekkel: `jobb:${jobb.noekkel}`,
      tittel: `Håndter teknisk feil: ${navn}`,
      elementId: jobb.elementId,
      sakId,
      saksnummer: sak?.saksnummer ?? null,
      prosessId: jobb.prosessId,
      rutineNavn: rutine?.navn ?? jobb.prosessId,
      teknisk: {
        hva: `«${navn}» (${jobb.type}) mislyktes etter flere forsøk. Saken venter her.`,
        feil,
        kilde: 'jobb',
        jobbnoekkel: jobb.noekkel,
        incidentKey: null,
        utboksId: null,
      },
    });
  };
}

interface Oppgavepublikum {
  id: string;
  type: string;
  gruppe: string | null;
  kandidatbruker: string | null;
  eierId: string | null;
  enhetId: string;
  status: Oppgavestatus;
  enhetHarSaken: boolean;
  vedtaksinstans: string | null;
  /** den som sist måtte gi fra seg oppgaven */
  forrigeEierId: string | null;
}

interface Sakspublikum {
  id: string;
  vedtaksinstans: string;
  koordinatorer: string[];
}

/**
 * Hvem som skal få vite at noe er endret, etter den samme tilgangstabellen som avgjør hva de får se når de spør.
 */
export function lagPublikumsoppslag(ds: DataSource): (varsler: readonly Sanntid[]) => Promise<Map<string, Publikum>> {
  return async (varsler) => {
    const ider = (type: Sanntid['type']): string[] => varsler.filter((v) => v.type === type).map((v) => v.id);
    const publikum = new Map<string, Publikum>();
    const oppgaver: Oppgavepublikum[] = await ds.manager.query(
      `select o.id, o.type, o.gruppe, o.kandidatbruker, o.eier_id as "eierId", o.enhet_id as "enhetId", o.status, s.vedtaksinstans, ${ENHET_HAR_SAKEN} as "enhetHarSaken",
              (select f.fra_bruker from oppgave_fordeling f where f.oppgave_id = o.id order by f.loepenr desc limit 1) as "forrigeEierId"
         from oppgave o left join sak s on s.id = o.sak_id where o.id = any($1::uuid[])`,
      [ider('oppgave')],
    );
    for (const o of oppgaver) {
      publikum.set(`oppgave:${o.id}`, {
        serDenne: (bruker) =>
          o.type === 'teknisk'
            ? kan(bruker, 'drift:les')
            : kan(bruker, 'oppgave:les', { oppgave: harMedOppgaven(bruker, o), enhetId: o.vedtaksinstans }) ||
              ((o.status === 'aapen' || o.enhetHarSaken) && kan(bruker, 'enhet:oppgaver', { enhetId: o.enhetId })) ||
              (o.status === 'aapen' && o.forrigeEierId === bruker.id),
      });
    }
    const saker: Sakspublikum[] = await ds.manager.query(
      `select s.id, s.vedtaksinstans,
              array(select ko.bruker_id from koordinatoroppdrag ko where ko.sak_id = s.id and ko.status = 'aktiv') as koordinatorer
         from sak s where s.id = any($1::uuid[])`,
      [ider('sak')],
    );
    for (const s of saker) {
      publikum.set(`sak:${s.id}`, {
        serDenne: (bruker) =>
          kan(bruker, 'sak:les', { enhetId: s.vedtaksinstans, oppdrag: s.koordinatorer.includes(bruker.id) }),
      });
    }
    for (const id of ider('utboks'))
      publikum.set(`utboks:${id}`, { serDenne: (bruker) => kanKanskje(bruker, 'drift:les') });
    return publikum;
  };
}

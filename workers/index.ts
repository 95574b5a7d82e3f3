import type { Jobbtype, Lyttertype } from '../src/contract/prosess.ts';
import type { Arbeider } from '../src/engine/workers.ts';
import { arkiver } from './arkiver.worker.ts';
import type { Arbeideravh } from './avhengigheter.ts';
import { avsluttSak } from './avslutt-sak.worker.ts';
import { bekreftTrukket } from './bekreft-trukket.worker.ts';
import { bestillPlan } from './bestill-plan.worker.ts';
import { iverksettVedtak } from './iverksett-vedtak.worker.ts';
import { lagBrev } from './lag-brev.worker.ts';
import { oppgaveAvbrytes } from './oppgave-avbrytes.worker.ts';
import { lagOppgaveOpprettes } from './oppgave-opprettes.worker.ts';
import { registrerOppdrag } from './registrer-oppdrag.worker.ts';
import { sendBrev } from './send-brev.worker.ts';
import { sendForeloepigSvar } from './send-foreloepig-svar.worker.ts';
import { sendHenvendelse } from './send-henvendelse.worker.ts';
import { sendKvittering } from './send-kvittering.worker.ts';
import { sjekkAktivPlan } from './sjekk-aktiv-plan.worker.ts';
import { sjekkKompetanse } from './sjekk-kompetanse.worker.ts';
import { startOpplaering } from './start-opplaering.worker.ts';

export type { Arbeideravh } from './avhengigheter.ts';

/** Én arbeider per jobbtype i diagrammene og per lytter på brukeroppgavene; en type uten arbeider kompilerer ikke. */
const ARBEIDERE: Record<Jobbtype | Lyttertype, (avh: Arbeideravh) => Arbeider> = {
  'send-kvittering': sendKvittering,
  'sjekk-aktiv-plan': sjekkAktivPlan,
  'bekreft-trukket': bekreftTrukket,
  'send-foreloepig-svar': sendForeloepigSvar,
  'iverksett-vedtak': iverksettVedtak,
  'lag-brev': lagBrev,
  'send-brev': sendBrev,
  arkiver,
  'bestill-plan': bestillPlan,
  'avslutt-sak': avsluttSak,
  'send-henvendelse': sendHenvendelse,
  'sjekk-kompetanse': sjekkKompetanse,
  'start-opplaering': startOpplaering,
  'registrer-oppdrag': registrerOppdrag,
  'oppgave-opprettes': lagOppgaveOpprettes,
  'oppgave-avbrytes': () => oppgaveAvbrytes,
};

/** Alle arbeiderne, klare til `startArbeidere`. */
export function lagArbeidere(avh: Arbeideravh): Arbeider[] {
  return Object.values(ARBEIDERE).map((lag) => lag(avh));
}

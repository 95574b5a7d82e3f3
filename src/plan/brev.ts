import {
  bestillBrev,
  bestiltBrev,
  egetIBestilling,
  forhaandsvisBrev,
  hentRammer,
  type Brevinnhold,
} from '../brev/index.ts';
import type { Brevvisning } from '../contract/api.ts';
import { datoITekst } from '../contract/tid.ts';
import type { StegKontekst } from '../oppgave/steg.ts';
import { grunnlag, tekstfelt } from '../sak/index.ts';
import { hentEksisterendePlan, type EksisterendePlan } from './eksisterende.ts';

type Loesning = 'samles' | 'avsluttes' | null;

/** Det svaret sier fast: hvem som er plankoordinator, og hva som er avklart når to saker ble behandlet samtidig. */
async function innhold(k: StegKontekst, loesning: Loesning): Promise<Brevinnhold> {
  const plan = await hentEksisterendePlan(k.tx, k.sakId);
  return { mal: 'svar-eksisterende-plan', grunnlag: { plankoordinator: plan?.plankoordinator ?? null, loesning } };
}

/** Planen i en setning, til den som skal svare. */
export function planTekst(plan: EksisterendePlan | null): string {
  if (!plan) return 'Personen har ikke lenger noen plan i en annen sak.';
  const tilstand =
    plan.status === 'aktiv' ? 'har en individuell plan' : 'har vedtak om individuell plan, og planen er under arbeid';
  return `Personen ${tilstand}. Den ble opprettet ${datoITekst(plan.opprettet)} og hører til ${plan.enhetNavn}.`;
}

/** Bestiller svaret: det faste, og det som er skrevet til mottakeren. */
export async function bestillPlansvar(k: StegKontekst, loesning: Loesning, skrevet: string, naa: Date): Promise<void> {
  const tekst = await egetIPlansvar(k, loesning, skrevet);
  await bestillBrev(k.tx, { sakId: k.sakId, innhold: await innhold(k, loesning), tekst, av: k.bruker, naa });
}

/** Det som er skrevet til mottakeren, uten det svaret sier av seg selv. */
export async function egetIPlansvar(k: StegKontekst, loesning: Loesning, skrevet: string): Promise<string> {
  const { sak, dag } = await grunnlag(k);
  return egetIBestilling(sak, await hentRammer(k.tx, dag), await innhold(k, loesning), skrevet).trim();
}

/** Forhåndsvisning av svaret slik det står i skjemaet. */
export async function forhaandsvisPlansvar(k: StegKontekst, loesning: Loesning, data: unknown): Promise<Brevvisning> {
  const { sak, dag } = await grunnlag(k);
  const bestilling = {
    innhold: await innhold(k, loesning),
    tekst: tekstfelt(data, 'brevtekst'),
    avNavn: k.bruker.navn,
  };
  return forhaandsvisBrev(bestiltBrev(sak, await hentRammer(k.tx, dag), bestilling));
}

import { bestillBrev, foreslaaBrevtekst, forhaandsvisBrev, lagBrev, type Brevdata } from '../brev/index.ts';
import type { StegKontekst } from '../oppgave/steg.ts';
import { brevhode, grunnlag, tekstfelt, type SakForBrev } from '../sak/index.ts';
import { hentKommune } from '../tilgang/index.ts';
import { hentEksisterendePlan, type EksisterendePlan } from './eksisterende.ts';
import { datoITekst } from '../contract/tid.ts';

async function brevdata(
  k: StegKontekst,
  sak: SakForBrev,
  plan: EksisterendePlan | null,
  svar: string,
): Promise<Brevdata['svar-eksisterende-plan']> {
  const { konfig } = await hentKommune(k.tx);
  return {
    planeier: sak.person.navn,
    tilPlaneier: sak.tilPlaneier,
    mottatt: sak.mottatt,
    regime: sak.regime,
    enhet: sak.vedtaksinstans.navn,
    klagefristUker: konfig.klagefristUker,
    plankoordinator: plan?.plankoordinator ?? null,
    svar,
  };
}

/** Planen i en setning, til den som skal svare. */
export function planTekst(plan: EksisterendePlan | null): string {
  if (!plan) return 'Personen har ikke lenger noen plan i en annen sak.';
  const tilstand =
    plan.status === 'aktiv' ? 'har en individuell plan' : 'har vedtak om individuell plan, og planen er under arbeid';
  return `Personen ${tilstand}. Den ble opprettet ${datoITekst(plan.opprettet)} og hører til ${plan.enhetNavn}.`;
}

/** Forslaget til svar når personen har plan fra før. */
export async function foreslaaPlansvar(k: StegKontekst, svar: string): Promise<string> {
  const { sak } = await grunnlag(k);
  const plan = await hentEksisterendePlan(k.tx, k.sakId);
  return foreslaaBrevtekst('svar-eksisterende-plan', await brevdata(k, sak, plan, svar));
}

/** Bestiller brevet med teksten slik den er skrevet. */
export async function bestillPlansvar(k: StegKontekst, tekst: string, naa: Date): Promise<void> {
  await bestillBrev(k.tx, { sakId: k.sakId, mal: 'svar-eksisterende-plan', tekst, av: k.bruker, naa });
}

/** Forhåndsvisning av svaret slik det står i skjemaet. */
export async function forhaandsvisPlansvar(k: StegKontekst, data: unknown): Promise<{ tittel: string; html: string }> {
  const { sak, dag } = await grunnlag(k);
  const kommune = await hentKommune(k.tx);
  const plan = await hentEksisterendePlan(k.tx, k.sakId);
  const hode = brevhode(sak, kommune.navn, dag, [{ navn: k.bruker.navn, tittel: 'saksbehandler' }]);
  return forhaandsvisBrev(
    lagBrev('svar-eksisterende-plan', hode, await brevdata(k, sak, plan, ''), tekstfelt(data, 'brevtekst')),
  );
}

import type { Utfall } from '../contract/prosess.ts';
import { datoITekst } from '../contract/tid.ts';
import { Problemfeil } from '../http/problem.ts';
import type { StegKontekst } from '../oppgave/steg.ts';
import type { SakForBrev } from '../sak/index.ts';
import { hentPaagaaendeOppdrag, rolletekst, type Koordinatorrolle, type Oppdrag } from './oppdrag.ts';

/** Rollen vedtaket gir: alle med vedtak om individuell plan skal ha en plankoordinator. */
export function rolleFor(utfall: Utfall | undefined): Koordinatorrolle {
  return utfall === 'koordinator' || utfall === 'barnekoordinator' ? utfall : 'plankoordinator';
}

/**
 * Oppdraget steget handler om.
 * @throws Problemfeil 409 når valget er gjort om i mellomtiden
 */
export async function kreverOppdrag(k: StegKontekst): Promise<Oppdrag> {
  const oppdrag = await hentPaagaaendeOppdrag(k.tx, k.sakId);
  if (!oppdrag || oppdrag.status === 'aktiv') {
    throw new Problemfeil(409, 'Oppdraget er avklart', 'Oppdraget er alt avklart. Ingenting er lagret.');
  }
  return oppdrag;
}

/** Oppdraget i klartekst til den som spørres: hvem det gjelder, rollen, bakgrunn og begrunnelse. */
export function oppdragTekst(sak: SakForBrev, o: Oppdrag): string {
  const linjer = [
    `${sak.vedtaksinstans.navn} spør om ${rolletekst(o.rolle)} for ${sak.person.navn} (sak ${sak.saksnummer}).`,
  ];
  if (o.bakgrunn) linjer.push(`Bakgrunn: ${o.bakgrunn}`);
  linjer.push(`Begrunnelse for valget: ${o.begrunnelse}`);
  if (o.oenske) linjer.push(`Planeiers ønske: ${o.oenske}`);
  return linjer.join('\n\n');
}

/** Når henvendelsen ble sendt. */
export function sendtTekst(o: Oppdrag): string {
  return o.henvendelseSendt ? datoITekst(o.henvendelseSendt) : 'Ikke sendt ennå';
}

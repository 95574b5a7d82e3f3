import type { EntityManager } from 'typeorm';
import type { Klokke } from '../contract/klokke.ts';
import type { Sluttgrunn } from '../contract/prosess.ts';
import { skrivHendelse } from '../hendelse/skriv.ts';
import { AVSLUTNINGSTEKST } from './faser.ts';

/**
 * Saken er i fasen til oppgaven som sist oppsto; diagrammet eier både faser og rekkefølge. En avsluttet sak får ikke ny
 * fase: en forsinket oppgave skal ikke åpne den igjen.
 */
export async function settFase(tx: EntityManager, sakId: string, fase: string): Promise<void> {
  await tx.query(`update sak set fase = $2 where id = $1 and status = 'aapen'`, [sakId, fase]);
}

/**
 * Avslutter saken med grunnen prosessen endte på. Gjentatt kall (jobben prøves på nytt) gjør ingenting;
 * den første grunnen står.
 * @returns true når saken ble avsluttet nå
 */
export async function avsluttSak(
  tx: EntityManager,
  klokke: Klokke,
  sakId: string,
  grunn: Sluttgrunn,
): Promise<boolean> {
  const naa = klokke.naa();
  // TypeORM svarer `[rader, antall]` på update … returning.
  const [endret]: [{ id: string }[], number] = await tx.query(
    `update sak set status = 'avsluttet', fase = 'Avsluttet', avslutning = $2, avsluttet = $3
      where id = $1 and status = 'aapen' returning id`,
    [sakId, grunn, naa],
  );
  if (endret.length === 0) return false;
  // Et forslag som ventet på godkjenning da saken endte, skal aldri kunne bli vedtak.
  await tx.query(`update vedtak set status = 'bortfalt' where sak_id = $1 and status = 'til-godkjenning'`, [sakId]);
  await skrivHendelse(tx, {
    naa,
    sakId,
    av: null,
    type: 'sak-avsluttet',
    tekst: `Saken ble avsluttet: ${AVSLUTNINGSTEKST[grunn].toLowerCase()}.`,
    data: { grunn },
  });
  return true;
}

/**
 * Bekreftet trukket: brevet er laget, saken er ferdig. Kalles av arbeideren bekreft-trukket i samme transaksjon
 * som brevet. Gjentatt kall gjør ingenting.
 */
export async function bekreftTrukket(tx: EntityManager, klokke: Klokke, sakId: string): Promise<void> {
  await tx.query(`update trekk set bekreftet = coalesce(bekreftet, $2) where sak_id = $1`, [sakId, klokke.naa()]);
  await avsluttSak(tx, klokke, sakId, 'trukket');
}

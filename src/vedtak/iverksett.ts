import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Klokke } from '../contract/klokke.ts';
import type { Utfall } from '../contract/prosess.ts';
import { dagIOslo } from '../contract/tid.ts';
import { skrivHendelse } from '../hendelse/skriv.ts';
import { Systemfeil } from '../logg/index.ts';

const IVERKSATT: Record<Utfall, string> = {
  ip: 'Vedtaket ble protokollført og iverksatt: tjenesten individuell plan er åpnet.',
  koordinator: 'Vedtaket ble protokollført og iverksatt: tjenesten koordinator er åpnet.',
  barnekoordinator: 'Vedtaket ble protokollført og iverksatt: tjenesten barnekoordinator er åpnet.',
  avslag: 'Vedtaket om avslag ble protokollført.',
};

/**
 * Iverksetter sakens fattede vedtak: dokumentert, protokollført, iverksatt (rutinen «Fatte vedtak»). Åpner tjenesten
 * når noe er innvilget. Kalles av arbeideren iverksett-vedtak; gjentatt kall gjør ingenting.
 * @throws Error når saken ikke har noe fattet vedtak (en feil i prosessen)
 */
export async function iverksettVedtak(
  tx: EntityManager,
  klokke: Klokke,
  sakId: string,
): Promise<{ vedtakId: string; utfall: Utfall }> {
  const rader: {
    id: string;
    utfall: Utfall;
    til_dato: string | null;
    iverksatt: Date | null;
    person_id: string;
  }[] = await tx.query(
    `select v.id, v.utfall, v.til_dato::text as til_dato, v.iverksatt, s.person_id
       from vedtak v join sak s on s.id = v.sak_id where v.sak_id = $1 and v.status = 'fattet' for update of v`,
    [sakId],
  );
  const vedtak = rader[0];
  if (!vedtak) throw new Systemfeil(`Saken ${sakId} har ikke noe fattet vedtak å iverksette.`);
  if (vedtak.iverksatt) return { vedtakId: vedtak.id, utfall: vedtak.utfall };

  const naa = klokke.naa();
  await tx.query(`update vedtak set iverksatt = $2 where id = $1`, [vedtak.id, naa]);
  if (vedtak.utfall !== 'avslag') {
    await tx.query(
      `insert into tjeneste (id, sak_id, vedtak_id, person_id, type, fra, til) values ($1, $2, $3, $4, $5, $6, $7)`,
      [randomUUID(), sakId, vedtak.id, vedtak.person_id, vedtak.utfall, dagIOslo(naa), vedtak.til_dato],
    );
  }
  await skrivHendelse(tx, {
    naa,
    sakId,
    av: null,
    type: 'vedtak-iverksatt',
    tekst: IVERKSATT[vedtak.utfall],
    data: { vedtakId: vedtak.id },
  });
  return { vedtakId: vedtak.id, utfall: vedtak.utfall };
}

import type { EntityManager } from 'typeorm';
import { brevtekst, tegnmelding } from '../brev/index.ts';
import type { Klokke } from '../contract/klokke.ts';
import { MELDINGER, meldingsId } from '../contract/prosess.ts';
import { skrivHendelse } from '../hendelse/skriv.ts';
import { Problemfeil, ugyldigeFelter } from '../http/problem.ts';
import { skrivUtboks } from '../outbox/skriv.ts';
import type { Innlogget } from '../tilgang/index.ts';
import { kreverSak } from './tilgang.ts';

const TREKK_TTL_MS = 7 * 24 * 60 * 60 * 1000;

interface Trekkgrunnlag {
  status: string;
  trekkbar: boolean;
  fattet: boolean;
  trukket: boolean;
}

function hvorforIkke(g: Trekkgrunnlag): Problemfeil | null {
  if (g.trukket) return new Problemfeil(409, 'Alt trukket', 'Anmodningen er trukket fra før.');
  if (g.status === 'avsluttet')
    return new Problemfeil(409, 'Saken er avsluttet', 'Saken er avsluttet og kan ikke trekkes.');
  if (g.fattet) {
    return new Problemfeil(
      409,
      'Vedtaket er fattet',
      'Vedtaket er fattet, og anmodningen kan ikke lenger trekkes. Ønsker ikke personen tjenesten, avsluttes den i stedet.',
    );
  }
  if (!g.trekkbar) {
    return new Problemfeil(409, 'Saken avsluttes', 'Saken er alt på vei til å avsluttes og kan ikke lenger trekkes.');
  }
  return null;
}

/**
 * Trekker anmodningen. Saken låses, så et vedtak og et trekk aldri lagres samtidig. Rutinen hører det gjennom meldingen
 * SakTrukket, bekrefter i brev og avslutter. Samme innsendingId to ganger gjør ingenting.
 * @throws Problemfeil 404 uten tilgang; 409 når saken er avgjort, avsluttet eller trukket; 422 når begrunnelsen ikke kan
 *   skrives i bekreftelsen
 */
export async function trekkAnmodning(
  tx: EntityManager,
  klokke: Klokke,
  bruker: Innlogget,
  sakId: string,
  { innsendingId, begrunnelse }: { innsendingId: string; begrunnelse: string },
): Promise<void> {
  await kreverSak(tx, bruker, 'sak:trekk', sakId);
  // Begrunnelsen står i bekreftelsen som sendes.
  const melding = tegnmelding(brevtekst(begrunnelse).mangler);
  if (melding) throw ugyldigeFelter([{ felt: 'begrunnelse', melding }]);
  const rader: Trekkgrunnlag[] = await tx.query(
    `select s.status, s.trekkbar,
            exists (select 1 from vedtak v where v.sak_id = s.id and v.status = 'fattet') as fattet,
            exists (select 1 from trekk t where t.sak_id = s.id and t.innsending_id <> $2) as trukket
       from sak s where s.id = $1 for update of s`,
    [sakId, innsendingId],
  );
  const samme: unknown[] = await tx.query(`select 1 from trekk where sak_id = $1 and innsending_id = $2`, [
    sakId,
    innsendingId,
  ]);
  if (samme.length > 0) return;
  const nei = rader[0] ? hvorforIkke(rader[0]) : null;
  if (nei) throw nei;
  const naa = klokke.naa();
  await tx.query(
    `insert into trekk (sak_id, innsending_id, begrunnelse, registrert_av, registrert) values ($1, $2, $3, $4, $5)`,
    [sakId, innsendingId, begrunnelse, bruker.id, naa],
  );
  await tx.query(`update sak set trekkbar = false where id = $1`, [sakId]);
  await skrivHendelse(tx, {
    naa,
    sakId,
    av: bruker,
    type: 'anmodning-trukket',
    tekst: `{av} registrerte at anmodningen er trukket: ${begrunnelse}`,
  });
  await skrivUtboks(tx, {
    slag: 'publiser-melding',
    innhold: {
      navn: MELDINGER.sakTrukket,
      noekkel: sakId,
      meldingsId: meldingsId(MELDINGER.sakTrukket, sakId),
      ttlMs: TREKK_TTL_MS,
      variabler: {},
    },
    sakId,
    naa,
  });
}

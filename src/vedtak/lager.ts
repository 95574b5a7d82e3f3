import type { EntityManager } from 'typeorm';
import type { Utfall } from '../contract/prosess.ts';

/** Et vedtak som er sendt tilbake, med det som trengs for å rette det. */
export interface UnderkjentVedtak {
  utfall: Utfall;
  hjemmelIder: string[];
  begrunnelse: string;
  tilDato: string | null;
  /** det som er skrevet til mottakeren ved siden av vedtaket; i eldre rader hele den gamle brevteksten */
  brevtekst: string | null;
  grunn: string;
  underkjentAvId: string;
  underkjentAv: string;
  underkjentTid: Date;
}

/** Det siste vedtaket i saken når det er underkjent; ellers null. */
export async function sisteUnderkjente(tx: EntityManager, sakId: string): Promise<UnderkjentVedtak | null> {
  const rader: (UnderkjentVedtak & { status: string })[] = await tx.query(
    `select v.status, v.utfall, v.hjemmel_ider as "hjemmelIder", v.begrunnelse, v.til_dato::text as "tilDato", v.brevtekst,
            v.underkjent_grunn as grunn, v.underkjent_av as "underkjentAvId", b.navn as "underkjentAv",
            (select max(h.tid) from hendelse h
              where h.sak_id = v.sak_id and h.type = 'vedtak-underkjent' and h.data->>'vedtakId' = v.id::text) as "underkjentTid"
       from vedtak v left join bruker b on b.id = v.underkjent_av
      where v.sak_id = $1 order by v.versjon desc limit 1`,
    [sakId],
  );
  return rader[0]?.status === 'underkjent' ? rader[0] : null;
}

/** Vedtaket som venter på godkjenning i saken. */
export interface VedtakTilGodkjenning {
  id: string;
  utfall: Utfall;
  hjemmel: string;
  hjemmelIder: string[];
  begrunnelse: string;
  tilDato: string | null;
  /** det som er skrevet til mottakeren ved siden av vedtaket; i eldre rader hele den gamle brevteksten */
  brevtekst: string | null;
  foreslaattAv: string;
  foreslaattAvNavn: string;
}

/** Sakens vedtak som venter på godkjenning; null når det ikke er noe. */
export async function hentTilGodkjenning(tx: EntityManager, sakId: string): Promise<VedtakTilGodkjenning | null> {
  const rader: VedtakTilGodkjenning[] = await tx.query(
    `select v.id, v.utfall, v.hjemmel, v.hjemmel_ider as "hjemmelIder", v.begrunnelse, v.til_dato::text as "tilDato",
            v.brevtekst, v.foreslaatt_av as "foreslaattAv", b.navn as "foreslaattAvNavn"
       from vedtak v join bruker b on b.id = v.foreslaatt_av
      where v.sak_id = $1 and v.status = 'til-godkjenning'`,
    [sakId],
  );
  return rader[0] ?? null;
}

import { Router } from 'express';
import type { DataSource } from 'typeorm';
import type { Klokke } from '../contract/klokke.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { idParam, innlogget } from '../http/innlogget.ts';
import { ikkeFunnet } from '../http/problem.ts';
import { sakfilter } from '../tilgang/index.ts';
import { hentDokument } from './lager.ts';
import { loggInnsyn } from './tilgangslogg.ts';

export interface DokumentAvh {
  ds: DataSource;
  klokke: Klokke;
}

/** Bare det nettleseren viser uten å kjøre noe, åpnes i siden; alt annet lastes ned. */
const VISES = new Set(['application/pdf', 'image/png', 'image/jpeg', 'text/plain']);
const INGENTING = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/** Nettleserens egen PDF-viser virker ikke i en sandkasse; en PDF får derfor bare forbudet mot å hente noe. */
function innholdspolicy(mediatype: string): string {
  return mediatype === 'application/pdf' ? `${INGENTING}; object-src 'self'` : `${INGENTING}; sandbox`;
}

/** RFC 6266: et navn i ASCII for gamle klienter, og det riktige. */
function filhode(vis: boolean, filnavn: string): string {
  const ascii = filnavn.normalize('NFKD').replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const kodet = encodeURIComponent(filnavn).replace(/['()*]/g, (t) => `%${t.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${vis ? 'inline' : 'attachment'}; filename="${ascii}"; filename*=UTF-8''${kodet}`;
}

/**
 * GET /dokumenter/:id/innhold: dokumentet, for den som har `dokument:les` i saken det hører til. Alle andre får 404 i de
 * samme ordene som når det ikke finnes. Loggraden skrives i transaksjonen som leser.
 */
export function lagDokumentRuter({ ds, klokke }: DokumentAvh): Router {
  const ruter = Router();
  ruter.get('/dokumenter/:id/innhold', async (req, res) => {
    const bruker = innlogget(req);
    const id = idParam(req);
    const dokument = await iTransaksjon(ds, async (tx) => {
      const filter = sakfilter(bruker, 'dokument:les', 's', 2);
      const synlig: unknown[] = await tx.query(
        `select 1 from dokument d join sak s on s.id = d.sak_id where d.id = $1 and ${filter.sql}`,
        [id, ...filter.parametre],
      );
      if (synlig.length === 0) throw ikkeFunnet();
      const funnet = await hentDokument(tx, id);
      if (!funnet) throw ikkeFunnet();
      await loggInnsyn(tx, {
        naa: klokke.naa(),
        brukerId: bruker.id,
        handling: 'dokument:les',
        sakId: funnet.sakId,
        dokumentId: id,
      });
      return funnet;
    });
    res.setHeader(
      'Content-Type',
      dokument.mediatype === 'text/plain' ? 'text/plain; charset=utf-8' : dokument.mediatype,
    );
    res.setHeader('Content-Length', dokument.innhold.length);
    res.setHeader('Content-Disposition', filhode(VISES.has(dokument.mediatype), dokument.filnavn));
    res.setHeader('Content-Security-Policy', innholdspolicy(dokument.mediatype));
    res.setHeader('X-Content-Type-Options', 'nosniff');
    res.setHeader('Cache-Control', 'private, no-store');
    res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
    res.end(dokument.innhold);
  });
  return ruter;
}

import { createHash, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import type { DokumentRad } from '../../src/contract/api.ts';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { dokumenterForSak, lagDokumentRuter, lagreDokument, lagreVedlegg } from '../../src/dokument/index.ts';
import { lagFeilbehandler } from '../../src/http/feilbehandler.ts';
import { lesInnlogget } from '../../src/http/innlogget.ts';
import { startFagdel, type Fagdel } from '../sak/oppsett.ts';
import pino from 'pino';

describe('GET /api/dokumenter/:id/innhold', function () {
  this.timeout(60_000);
  let f: Fagdel;
  let tjener: Server;
  let sakId: string;
  let pdfId: string;
  const PDF = Buffer.from('%PDF-1.7 innhold');

  before(async () => {
    f = await startFagdel();
    sakId = await f.anmod(await f.nyPerson());
    pdfId = await lagre('Vedtak', 'vedtak på plan.pdf', 'application/pdf', PDF);
    const app = express();
    app.use((req, _res, next) => {
      // Bare det ruten trenger av økten.
      Object.assign(req, { session: { brukerId: req.get('x-bruker') } });
      next();
    });
    app.use(lesInnlogget((id) => f.som(id).catch(() => null)));
    app.use('/api', lagDokumentRuter({ ds: f.ds, klokke: f.klokke }));
    app.use(lagFeilbehandler(pino({ level: 'silent' })));
    tjener = app.listen(0, '127.0.0.1');
    await new Promise((ok) => tjener.once('listening', ok));
  });
  after(async () => {
    tjener.close();
    await f.stopp();
  });

  async function lagre(tittel: string, filnavn: string, mediatype: string, innhold: Buffer): Promise<string> {
    const { id } = await iTransaksjon(f.ds, (tx) =>
      lagreDokument(tx, { sakId, tittel, retning: 'ut', mediatype, filnavn, innhold, av: null, naa: f.klokke.naa() }),
    );
    return id;
  }
  function hent(id: string, bruker?: string): Promise<Response> {
    const { port } = tjener.address() as AddressInfo; // en TCP-tjener har alltid en slik adresse
    const hoder = bruker ? { 'x-bruker': bruker } : undefined;
    return fetch(`http://127.0.0.1:${port}/api/dokumenter/${id}/innhold`, hoder ? { headers: hoder } : {});
  }
  const innsyn = (): Promise<{ bruker_id: string; dokument_id: string }[]> =>
    f.sql(`select bruker_id, dokument_id from tilgangslogg where dokument_id = $1 order by tid`, [pdfId]);

  it('gir dokumentet til den som kan lese saken, med trygge hoder, og skriver det i innsynsloggen', async () => {
    const foer = (await innsyn()).length;
    const svar = await hent(pdfId, 'ola-hansen');
    expect(svar.status).to.equal(200);
    expect(Buffer.from(await svar.arrayBuffer()).equals(PDF)).to.equal(true);
    expect(svar.headers.get('content-type')).to.equal('application/pdf');
    expect(svar.headers.get('x-content-type-options')).to.equal('nosniff');
    expect(svar.headers.get('content-disposition')).to.equal(
      `inline; filename="vedtak pa_ plan.pdf"; filename*=UTF-8''vedtak%20p%C3%A5%20plan.pdf`,
    );
    expect(svar.headers.get('content-security-policy')).to.contain("default-src 'none'");
    expect(svar.headers.get('cache-control')).to.contain('no-store');
    const etter = await innsyn();
    expect(etter.length).to.equal(foer + 1);
    expect(etter.at(-1)?.bruker_id).to.equal('ola-hansen');
  });

  it('svarer 404 med samme ord for en annen enhet, en ukjent id og noe som ikke er en id – uten loggrad', async () => {
    const foer = (await innsyn()).length;
    const svar = await Promise.all([
      hent(pdfId, 'anne-lie'),
      hent(randomUUID(), 'ola-hansen'),
      hent('1;drop', 'ola-hansen'),
    ]);
    const kropper = await Promise.all(svar.map((s) => s.text()));
    expect(svar.map((s) => s.status)).to.deep.equal([404, 404, 404]);
    expect(new Set(kropper).size).to.equal(1);
    expect((await innsyn()).length).to.equal(foer);
  });

  it('slipper ikke inn systemansvarlig, arkivansvarlig eller en som ikke er logget inn', async () => {
    expect((await hent(pdfId, 'tor-nilsen')).status).to.equal(404);
    expect((await hent(pdfId, 'arne-berg')).status).to.equal(404);
    expect((await hent(pdfId)).status).to.equal(401);
  });

  it('viser bare PDF, bilder og ren tekst i siden; annet lastes ned, og alt annet enn PDF i sandkasse', async () => {
    const txt = await hent(
      await lagre('T', 'a.txt', 'text/plain', Buffer.from('<script>alert(1)</script>')),
      'ola-hansen',
    );
    expect(txt.headers.get('content-type')).to.equal('text/plain; charset=utf-8');
    expect(txt.headers.get('content-security-policy')).to.contain('sandbox');
    const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
    const fil = await hent(await lagre('D', 'a.docx', docx, Buffer.from('PK')), 'ola-hansen');
    expect(fil.headers.get('content-disposition')).to.match(/^attachment;/);
  });

  it('innsynsloggen kan ikke endres eller slettes', async () => {
    for (const sql of ['delete from tilgangslogg', `update tilgangslogg set handling = 'x'`]) {
      const feil = await f.sql(sql).catch((e: unknown) => e);
      expect(String(feil)).to.contain('kan ikke endres');
    }
  });

  it('lagrer sjekksummen av innholdet og viser vedlegg som inngående', async () => {
    const buffer = Buffer.from('%PDF-1.4 vedlegg');
    const [id] = await iTransaksjon(f.ds, (tx) =>
      lagreVedlegg(
        tx,
        sakId,
        [{ originalname: 'Epikrise.pdf', mimetype: 'text/html', size: buffer.length, buffer }],
        'ola-hansen',
        f.klokke.naa(),
      ),
    );
    const [rad] = await f.sql<{ sha256: string; mediatype: string }>(
      `select sha256, mediatype from dokument where id = $1`,
      [id],
    );
    expect(rad).to.deep.equal({
      sha256: createHash('sha256').update(buffer).digest('hex'),
      mediatype: 'application/pdf',
    });
    const liste: DokumentRad[] = await dokumenterForSak(f.ds.manager, sakId);
    expect(liste.find((d) => d.id === id)).to.include({ tittel: 'Epikrise', retning: 'inn', av: 'Ola Hansen' });
  });
});

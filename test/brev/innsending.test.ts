import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { ulagdeBestillinger } from '../../src/brev/index.ts';
import { erStegId, type StegId } from '../../src/contract/prosess.ts';
import { STEG } from '../../src/contract/steg/index.ts';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { BrevEgenTekst0420 } from '../../src/db/migrations/0420-brev-egen-tekst.ts';
import { trekkAnmodning } from '../../src/sak/index.ts';
import { lagSteg } from '../../src/steg/index.ts';
import { feilen, startFagdel, tilVedtak, type Fagdel } from '../sak/oppsett.ts';

describe('det som skrives til et brev', () => {
  let f: Fagdel;
  before(async () => (f = await startFagdel()));
  after(() => f.stopp());

  const brevfelter = Object.values(lagSteg()).flatMap((s) =>
    (s.brevfelter ?? []).flatMap((felt): [StegId, string][] => (erStegId(s.id) ? [[s.id, felt]] : [])),
  );

  it('hvert steg med et brev sier hvilke felter som blir tekst i det, og feltene finnes', () => {
    for (const s of Object.values(lagSteg())) {
      // Den som godkjenner, skriver ikke i brevet.
      if (s.forhaandsvis && s.id !== 'godkjenn-vedtak') expect(s.brevfelter, s.id).to.include('brevtekst');
    }
    for (const [steg, felt] of brevfelter) expect(STEG[steg].skjema.shape, steg).to.have.property(felt);
  });

  it('et tegn brevets skrift ikke har, avvises ved innsending med feltet og tegnet, i hvert felt som blir brev', async () => {
    const sakId = await f.anmod(await f.nyPerson());
    await tilVedtak(f, sakId);
    for (const [steg, felt] of brevfelter) {
      const feil = await feilen(f.gjoer(sakId, steg, { [felt]: 'Møtet er holdt 🗓 på kontoret.' }));
      expect(feil.status, `${steg} ${felt}`).to.equal(422);
      expect(feil.felter, `${steg} ${felt}`).to.include(felt);
      expect(feil.tekst).to.contain('Tegnet «🗓» (U+1F5D3) finnes ikke i brevets skrift. Bytt det ut.');
    }
    const ola = await f.som('ola-hansen');
    const trekk = { innsendingId: randomUUID(), begrunnelse: 'Ringte 🗓 og trakk den.' };
    const trukket = await feilen(iTransaksjon(f.ds, (tx) => trekkAnmodning(tx, f.klokke, ola, sakId, trekk)));
    expect(trukket).to.include({ status: 422 }).with.property('felter').to.deep.equal(['begrunnelse']);
  });

  it('tegn som har en form eller en kjent mening, går gjennom', async () => {
    const sakId = await f.anmod(await f.nyPerson());
    await tilVedtak(f, sakId);
    await f.gjoer(sakId, 'fatt-vedtak', {
      begrunnelse: '\uf0b7\tBehov ≥ 1 år → plan ✓ ☐',
      brevtekst: 'Ses ✅ A\u030ase',
    });
  });

  it('brev som var bestilt før det faste ble skilt ut, får det fra saken, og sier det bare én gang', async () => {
    const sakId = await f.anmod(await f.nyPerson());
    await f.gjoer(sakId, 'avklar-instans');
    await f.gjoer(sakId, 'informer-og-avklar', { oenske: 'ingen' });
    await f.gjoer(sakId, 'dokumenter-avslaatt-tilbud', { begrunnelse: 'Hjelpen er god nok.', brevtekst: 'Hei.' });
    // Slik raden så ut før: ingen kolonne for det faste, og en tekst som måtte være fylt ut.
    await f.sql(`alter table brevbestilling drop column grunnlag`);
    await f.sql(`update brevbestilling set tekst = 'x' where btrim(tekst) = ''`);
    await f.sql(
      `alter table brevbestilling add constraint brevbestilling_tekst_check check (length(btrim(tekst)) > 0)`,
    );
    await f.sql(`alter table vedtak add constraint vedtak_brevtekst_check check (length(btrim(brevtekst)) > 0)`);
    const q = f.ds.createQueryRunner();
    await new BrevEgenTekst0420().up(q);
    await q.release();
    const [bestilt] = await ulagdeBestillinger(f.ds.manager, sakId);
    expect(bestilt?.innhold).to.deep.equal({ mal: 'avslaatt-tilbud', grunnlag: { grunn: 'Hjelpen er god nok.' } });
    expect(bestilt?.tekst).to.equal('Hei.');
  });
});

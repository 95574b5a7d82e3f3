import { expect } from 'chai';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { bestillPlan, harAktivPlan } from '../../src/plan/index.ts';
import { startFagdel, tilVedtak, type Fagdel } from '../sak/oppsett.ts';

/** Barneverntjenestens egen sak om samme barn, kjørt av Bente; vedtaket fattes uten fire øyne. */
async function iBarnevernet(f: Fagdel, personId: string): Promise<string> {
  const sakId = await f.anmod(personId, { enhetId: 'barnevern', egenSak: true }, 'bente-strand');
  await f.gjoer(sakId, 'informer-og-avklar', BARN, 'bente-strand');
  await f.gjoer(sakId, 'kartlegg-og-vurder', {}, 'bente-strand');
  return sakId;
}
const BARN = {
  samtykkegiver: 'foreldre',
  samtykkegiverNavn: 'Marit Nordmann',
  barnetHoert: 'ja',
  barnetsMening: 'Ja.',
};

describe('én plan per person (regel 1)', () => {
  let f: Fagdel;
  before(async () => {
    f = await startFagdel();
    await f.sql(`update kommune set konfig = konfig || '{"fireOeyne": false}'`);
  });
  after(() => f.stopp());

  it('to saker som fatter vedtak samtidig: én får planen, den andre får plankonflikt og ikke noe vedtak', async () => {
    for (let i = 0; i < 5; i++) {
      const personId = await f.nyPerson({ fodt: '2015-03-04' });
      const bv = await iBarnevernet(f, personId);
      const ke = await f.anmod(personId);
      await tilVedtak(f, ke, BARN);
      await Promise.all([
        f.gjoer(ke, 'fatt-vedtak'),
        f.gjoer(bv, 'fatt-vedtak', { hjemmel: ['bvl-15-9'] }, 'bente-strand'),
      ]);
      const vedtak = await f.sql<{ status: string }>(`select status from vedtak where sak_id in ($1, $2) order by 1`, [
        ke,
        bv,
      ]);
      expect(vedtak.map((v) => v.status)).to.deep.equal(['bortfalt', 'fattet']);
      const planer = await f.sql(`select 1 from plan where person_id = $1`, [personId]);
      expect(planer).to.have.length(1);
    }
  });

  it('databasen avviser en plan nummer to for samme person', async () => {
    const personId = await f.nyPerson();
    const sakId = await f.anmod(personId);
    await tilVedtak(f, sakId);
    await f.gjoer(sakId, 'fatt-vedtak');
    let kode = '';
    try {
      await f.sql(
        `insert into plan (id, person_id, sak_id, status, opprettet) values (gen_random_uuid(), $1, $2, 'aktiv', now())`,
        [personId, sakId],
      );
    } catch (feil) {
      kode = feil instanceof Error && 'code' in feil ? String(feil.code) : '';
    }
    expect(kode).to.equal('23505');
  });

  it('en ny anmodning fra en som har plan: rutinen vet det, svaret foreslås, og saken om planen får beskjed', async () => {
    const personId = await f.nyPerson({ fodt: '2012-03-04' });
    const bv = await iBarnevernet(f, personId);
    await f.gjoer(bv, 'fatt-vedtak', { hjemmel: ['bvl-15-9'] }, 'bente-strand');
    const ke = await f.anmod(personId);
    expect(await harAktivPlan(f.ds.manager, ke)).to.equal(true);
    expect(await harAktivPlan(f.ds.manager, bv), 'sin egen plan teller ikke').to.equal(false);
    const kontekst = await f.kontekst(ke, 'svar-om-eksisterende-plan');
    expect(kontekst['planTekst']).to.contain('Barneverntjenesten');
    expect(kontekst['brevtekst']).to.contain('Det som er nytt i anmodningen, tas inn i planen som finnes.');
    await f.gjoer(ke, 'svar-om-eksisterende-plan', { brevtekst: 'Ta kontakt når du vil.' });
    const beskjed = await f.sql<{ tekst: string }>(
      `select tekst from hendelse where sak_id = $1 and type = 'beskjed-til-plankoordinator'`,
      [bv],
    );
    expect(beskjed[0]?.tekst).to.contain('Planeier har bedt om plan på nytt');
    expect(await f.sql(`select mal, grunnlag, tekst from brevbestilling where sak_id = $1`, [ke])).to.deep.equal([
      {
        mal: 'svar-eksisterende-plan',
        grunnlag: { plankoordinator: null, loesning: null },
        tekst: 'Ta kontakt når du vil.',
      },
    ]);
  });

  it('bestillingen publiseres én gang, også når jobben prøves på nytt', async () => {
    const sakId = await f.anmod(await f.nyPerson());
    await tilVedtak(f, sakId);
    await f.gjoer(sakId, 'fatt-vedtak');
    const foerste = await iTransaksjon(f.ds, (tx) => bestillPlan(tx, f.klokke, sakId));
    const andre = await iTransaksjon(f.ds, (tx) => bestillPlan(tx, f.klokke, sakId));
    expect(andre).to.deep.equal(foerste);
    const meldinger = await f.sql<{ innhold: { variabler: unknown } }>(
      `select innhold from utboks where sak_id = $1 and innhold->>'navn' = 'PlanBestilt'`,
      [sakId],
    );
    expect(meldinger).to.have.length(1);
    expect(meldinger[0]?.innhold.variabler).to.deep.equal({
      sakId,
      planId: foerste.planId,
      vedtaksinstans: 'hsk-hillevaag',
    });
  });
});

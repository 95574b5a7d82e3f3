import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import { foerDemosaker, registrerDemosaker, type DemoAvh } from '../../src/demo/index.ts';
import { DEMOSAKER } from '../../src/demo/saker.ts';
import { lagHub } from '../../src/hendelse/index.ts';
import { startTestapp, type Testapp } from '../hjelp/app.ts';

/** En datakilde som dør etter et antall transaksjoner, slik en prosess som blir drept, slutter å skrive. */
function somDoerEtter(ds: DataSource, antall: number): DataSource {
  let igjen = antall;
  return new Proxy(ds, {
    get(maal, felt) {
      if (felt === 'transaction' && igjen-- <= 0) return () => Promise.reject(new Error('drept'));
      const verdi: unknown = Reflect.get(maal, felt);
      return typeof verdi === 'function' ? verdi.bind(maal) : verdi;
    },
  });
}

async function leggInnDemosaker(avh: DemoAvh): Promise<string[]> {
  await registrerDemosaker(avh);
  return foerDemosaker(avh);
}

describe('demosakene', function () {
  this.timeout(180_000);
  let app: Testapp;
  before(async () => (app = await startTestapp({ motor: 'innebygd' })));
  after(() => app.stopp());

  const hub = lagHub(
    () => Promise.resolve(new Map()),
    () => Promise.resolve(new Map()),
    () => undefined,
  );

  it('fortsetter der en avbrutt start slapp, og røres ikke når de er ferdige', async () => {
    const { ds } = app.app;
    const klokke = { naa: () => new Date() };
    for (const antall of [5, 40]) {
      await leggInnDemosaker({ ds: somDoerEtter(ds, antall), klokke, hub }).catch(() => undefined);
    }
    expect(await leggInnDemosaker({ ds, klokke, hub })).to.deep.equal([]);
    const saker: { noekkel: string; ferdig: boolean }[] = await ds.query(
      `select noekkel, ferdig from demo_sak order by 1`,
    );
    expect(saker.map((s) => s.noekkel)).to.have.members(Object.keys(DEMOSAKER));
    expect(saker.every((s) => s.ferdig)).to.equal(true);
    const [antall]: { saker: number; personer: number; svar: number }[] = await ds.query(
      `select (select count(*)::int from sak) as saker, (select count(*)::int from person) as personer,
              (select count(*)::int from steg_svar) as svar`,
    );
    const steg = Object.values(DEMOSAKER).reduce((sum, s) => sum + s.steg.length, 0);
    expect(antall).to.deep.equal({ saker: saker.length, personer: 16, svar: steg });

    const hendelser = async (): Promise<number> => {
      const [rad]: { n: number }[] = await ds.query(`select count(*)::int as n from hendelse`);
      return rad?.n ?? 0;
    };
    const foer = await hendelser();
    expect(await leggInnDemosaker({ ds, klokke, hub })).to.deep.equal([]);
    expect(await hendelser()).to.equal(foer);
  });
});

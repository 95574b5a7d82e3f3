import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { brevmottakere, hentRammer, oppnevningsbrev, vedtaksbrev } from '../src/brev/index.ts';
import { hodeLagBrev, type Brevslag } from '../src/contract/prosess.ts';
import { dagIOslo } from '../src/contract/tid.ts';
import type { Arbeider } from '../src/engine/workers.ts';
import { Systemfeil } from '../src/logg/index.ts';
import { hentSakForBrev, type SakForBrev } from '../src/sak/index.ts';
import { sikreBrev, type Brevbehov } from '../src/utsending/index.ts';
import { sakvariabel } from './avhengigheter.ts';

type Bygger = (m: EntityManager, sak: SakForBrev, dag: string) => Omit<Brevbehov, 'sakId' | 'gjelder' | 'mal'>;

/** Brevet hver mal gir. Vedtaksbrevet skrives av vedtaket slik det er lagret. */
const BYGGERE: Record<Brevslag, Bygger> = {
  vedtak: (m, sak, dag) => {
    const { vedtak } = sak;
    if (vedtak?.status !== 'fattet')
      throw new Systemfeil(`Saken ${sak.sakId} har ikke noe fattet vedtak å lage brev om.`);
    return {
      gjelderId: vedtak.id,
      av: null,
      lag: async () => ({
        brev: vedtaksbrev(sak, await hentRammer(m, dag), vedtak),
        mottakere: brevmottakere(sak, dag).alle,
      }),
    };
  },
  oppnevning: (m, sak, dag) => {
    const { oppdrag } = sak;
    if (!oppdrag?.brukerId || !oppdrag.brukerNavn)
      throw new Systemfeil(`Saken ${sak.sakId} har ingen oppnevnt koordinator.`);
    const { id, brukerId, brukerNavn: navn, rolle, enhetNavn, fra } = oppdrag;
    return {
      gjelderId: id,
      av: null,
      lag: async () => ({
        brev: oppnevningsbrev(sak, await hentRammer(m, dag), { rolle, navn, enhetNavn, fra: fra ?? dag }),
        mottakere: [
          ...brevmottakere(sak, dag).alle,
          { slag: 'ansatt', id: brukerId, navn, adresselinjer: [], kopi: true },
        ],
      }),
    };
  },
};

/** Lager brevet oppgavehodet `mal` nevner. Det sendes av `send-brev`. */
export function lagBrev(): Arbeider<z.output<typeof sakvariabel>, void> {
  return {
    type: 'lag-brev',
    variabler: sakvariabel,
    async forbered({ ds, klokke, jobb }, { sakId }) {
      const { mal } = hodeLagBrev.parse(jobb.hoder);
      const dag = dagIOslo(klokke.naa());
      const sak = await hentSakForBrev(ds.manager, sakId, dag);
      await sikreBrev(ds, klokke, { sakId, mal, gjelder: mal, ...BYGGERE[mal](ds.manager, sak, dag) });
    },
    utfoer: () => Promise.resolve({}),
  };
}

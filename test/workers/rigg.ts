import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EntityManager } from 'typeorm';
import { lagFilarkiv } from '../../src/arkiv/index.ts';
import type { Jobbtype } from '../../src/contract/prosess.ts';
import { iTransaksjon } from '../../src/db/transaksjon.ts';
import { lagClusterklient } from '../../src/engine/client.ts';
import type { Arbeidsresultat, Jobb } from '../../src/engine/workers.ts';
import { lagSaksoppslag } from '../../src/sak/index.ts';
import { lagSteg } from '../../src/steg/index.ts';
import { lagFilkanal, type Utsendingskanal } from '../../src/utsending/index.ts';
import { lagArbeidere } from '../../workers/index.ts';
import { startFagdel, type Fagdel } from '../sak/oppsett.ts';

/** Fagdelen med arbeiderne og egne mapper for utsending og arkiv; jobbene gis for hånd i stedet for av motoren. */
export interface Arbeiderrigg extends Fagdel {
  dataDir: string;
  /** Kjører jobben slik kjøretiden gjør: forberedelsen, og så virkningen i en transaksjon. */
  jobb(type: Jobbtype, sakId: string, hoder?: Record<string, string>, variabler?: object): Promise<Arbeidsresultat>;
  /** Kjører bare forberedelsen, som når appen drepes før virkningen er lagret. */
  forbered(type: Jobbtype, sakId: string, hoder?: Record<string, string>): Promise<void>;
  /** Undermappene i utsending/ eller arkiv/. */
  mapper(slag: 'utsending' | 'arkiv'): string[];
  les(...deler: string[]): string;
}

/** Starter riggen. `kanal` erstatter den innebygde utsendingskanalen. */
export async function startArbeiderrigg(kanal?: (ekte: Utsendingskanal) => Utsendingskanal): Promise<Arbeiderrigg> {
  const f = await startFagdel();
  const dataDir = mkdtempSync(path.join(process.env['TEST_TMP'] ?? tmpdir(), 'arbeidere-'));
  const filkanal = lagFilkanal(dataDir);
  const arbeidere = lagArbeidere({
    utsending: kanal ? kanal(filkanal) : filkanal,
    arkiv: lagFilarkiv(dataDir),
    saksoppslag: lagSaksoppslag(f.klokke),
    steg: lagSteg(),
    klient: await lagClusterklient('http://motor.invalid'),
  });
  const finn = (type: Jobbtype) => {
    const arbeider = arbeidere.find((a) => a.type === type);
    if (!arbeider) throw new Error(`Ingen arbeider for ${type}.`);
    return arbeider;
  };
  const forbered = (type: Jobbtype, sakId: string, hoder: Record<string, string>, variabler: object) => {
    const a = finn(type);
    const jobb = lagJobb(type, hoder);
    return Promise.resolve(
      a.forbered?.({ ds: f.ds, jobb, klokke: f.klokke }, a.variabler.parse({ sakId, ...variabler })),
    );
  };
  return {
    ...f,
    dataDir,
    async jobb(type, sakId, hoder = {}, variabler = {}) {
      const a = finn(type);
      const forberedt = await forbered(type, sakId, hoder, variabler);
      return iTransaksjon(f.ds, (tx: EntityManager) =>
        a.utfoer(
          { tx, jobb: lagJobb(type, hoder), klokke: f.klokke },
          a.variabler.parse({ sakId, ...variabler }),
          forberedt,
        ),
      );
    },
    async forbered(type, sakId, hoder = {}) {
      await forbered(type, sakId, hoder, {});
    },
    mapper(slag) {
      const rot = path.join(dataDir, slag);
      return existsSync(rot) ? readdirSync(rot).sort() : [];
    },
    les: (...deler) => readFileSync(path.join(dataDir, ...deler), 'utf8'),
    async stopp() {
      await f.stopp();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function lagJobb(type: string, hoder: Record<string, string>): Jobb {
  return {
    noekkel: '1',
    type,
    prosessId: 'ip-saksbehandle',
    prosessversjon: 1,
    prosessdefinisjonsnoekkel: '1',
    prosessinstansnoekkel: '1',
    elementId: type,
    elementinstansnoekkel: '1',
    hoder,
    forsoekIgjen: 3,
    brukeroppgave: null,
  };
}

import { expect } from 'chai';
import { parseUnaryTests } from 'feelin';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { erStegId, STEG_IDER, type StegId } from '../../src/contract/prosess.ts';
import { STEG } from '../../src/contract/steg/index.ts';
import { regnSynlighet } from '../../src/contract/synlighet.ts';
import { BPMN_MAPPE } from './diagrammer.ts';

type Data = Record<string, unknown>;
interface Komponent extends Data {
  readonly type: string;
}
interface Felt {
  readonly nokkel: string;
  readonly type: string;
  readonly kreves: boolean;
  readonly maks: number | undefined;
  /** Faste valg; undefined når feltet ikke har dem. */
  readonly valg: readonly string[] | undefined;
}

/** Felter skjermen krever, men der bare steget vet nok til å kreve dem på serveren. */
const KREVES_AV_STEGET: Readonly<Partial<Record<StegId, readonly string[]>>> = {
  // gjelder barn, og alderen er ikke en del av skjemaet
  'informer-og-avklar': ['barnetHoert'],
};

/** Det betingelsene leser av konteksten: et barn, og en enhet med vilkår, så alle felter kan vises. */
const KONTEKST: Data = { alder: 10, enheterMedVilkaar: ['barnevern'] };

/** En verdi hvert felt godtar, når det ikke er et fast valg. */
const FYLL: Readonly<Record<string, unknown>> = {
  textfield: 'Tekst',
  textarea: 'Tekst',
  datetime: '2026-12-01',
  number: 3,
  checkbox: true,
  select: 'barnevern',
};

for (const id of STEG_IDER) {
  describe(`Skjemaet ${id}`, () => {
    const raatt: unknown = JSON.parse(readFileSync(join(BPMN_MAPPE, `${id}.form`), 'utf8'));
    const skjema = erObjekt(raatt) ? raatt : {};
    const komponenter = under(skjema);
    const felter = komponenter.filter((en) => typeof en['key'] === 'string').map(somFelt);
    const { skjema: zod, knapper, utfallsfelt, kontekstnoekler } = STEG[id];

    /** Gyldige og ugyldige utgaver: alt fylt ut, med hvert valg av hvert felt prøvd etter tur. */
    const utgaver = (): Data[] => {
      const grunn = Object.fromEntries(felter.map((felt) => [felt.nokkel, fyll(felt)]));
      const varianter = felter.flatMap((felt) =>
        felt.type === 'radio' ? (felt.valg ?? []).map((verdi) => ({ ...grunn, [felt.nokkel]: verdi })) : [],
      );
      return [grunn, ...varianter];
    };
    const vist = (data: Data): Data => regnSynlighet(skjema, data, KONTEKST).svar;
    const feltMedFeil = (data: Data): string[] =>
      (zod.safeParse(data).error?.issues ?? []).map((feil) => String(feil.path[0]));

    it('er et skjema for Camunda 8.8 med samme id som filen', () => {
      expect(skjema['id']).to.equal(id);
      expect(skjema['type']).to.equal('default');
      expect(skjema['schemaVersion']).to.equal(18);
      expect(skjema['executionPlatform']).to.equal('Camunda Cloud');
      expect(skjema['executionPlatformVersion']).to.equal('8.8.0');
      const ider = komponenter.map((en) => en['id']);
      expect(new Set(ider).size, 'unike komponent-id-er').to.equal(ider.length);
    });

    it('har de samme feltene som kontrakten', () => {
      expect(felter.map((felt) => felt.nokkel).sort()).to.deep.equal(Object.keys(zod.shape).sort());
    });

    it('har de samme valgene som kontrakten', () => {
      for (const felt of felter) {
        const verdier = enumAv(zod.shape[felt.nokkel]);
        expect(felt.valg && [...felt.valg].sort(), felt.nokkel).to.deep.equal(verdier && [...verdier].sort());
      }
    });

    it('krever det kontrakten krever, verken mer eller mindre, også når felter er skjult', () => {
      const unntak = KREVES_AV_STEGET[id] ?? [];
      for (const utgave of utgaver()) {
        const data = vist(utgave);
        for (const felt of felter) {
          const { [felt.nokkel]: _borte, ...uten } = data;
          const kreves = felt.kreves && felt.nokkel in data && !unntak.includes(felt.nokkel);
          const rest = vist({ ...uten });
          const melding = `${felt.nokkel} ${kreves ? 'skal' : 'skal ikke'} kreves når ${JSON.stringify(data)}`;
          expect(feltMedFeil(rest).includes(felt.nokkel), melding).to.equal(kreves);
        }
      }
    });

    it('godtar tomme verdier slik form-js leverer dem i felter som ikke kreves', () => {
      for (const felt of felter.filter((en) => !en.kreves)) {
        const tom = felt.type === 'checkbox' ? false : felt.type.startsWith('text') ? '' : null;
        const data = { ...vist(utgaver()[0] ?? {}), [felt.nokkel]: tom };
        expect(feltMedFeil(data), felt.nokkel).to.not.include(felt.nokkel);
      }
    });

    it('har samme lengdegrense som kontrakten', () => {
      for (const felt of felter.filter((en) => en.type === 'textfield' || en.type === 'textarea')) {
        const maks = felt.maks ?? 0;
        const utgave = utgaver().find((en) => felt.nokkel in vist(en)) ?? {};
        expect(feltMedFeil({ ...utgave, [felt.nokkel]: 'x'.repeat(maks) }), felt.nokkel).to.not.include(felt.nokkel);
        expect(feltMedFeil({ ...utgave, [felt.nokkel]: 'x'.repeat(maks + 1) }), felt.nokkel).to.include(felt.nokkel);
      }
    });

    it('leser bare felter og det kontrakten sier steget leverer, og bruker alt det', () => {
      const lest = new Set(komponenter.flatMap(lesteNavn));
      const kjente = [...felter.map((felt) => felt.nokkel), ...kontekstnoekler];
      expect([...lest].filter((navn) => !kjente.includes(navn))).to.deep.equal([]);
      expect(kontekstnoekler.filter((navn) => !lest.has(navn))).to.deep.equal([]);
    });

    it('har knappetekst for hvert utfall', () => {
      const utfall = utfallsfelt === undefined ? [] : (felter.find((felt) => felt.nokkel === utfallsfelt)?.valg ?? []);
      expect(Object.keys(knapper).sort()).to.deep.equal([...utfall].sort());
      expect(STEG[id].standardKnapp).to.not.equal('');
    });

    it('har gyldige betingelser', () => {
      for (const komponent of komponenter) {
        const skjul = erObjekt(komponent['conditional']) ? String(komponent['conditional']['hide']) : '';
        if (skjul === '') continue;
        expect(skjul.startsWith('='), skjul).to.equal(true);
        let feil = false;
        parseUnaryTests(skjul.slice(1), {}, undefined).iterate({
          enter: (node) => {
            if (node.type.isError) feil = true;
          },
        });
        expect(feil, skjul).to.equal(false);
      }
    });

    it('har ledetekst på hvert felt, og ingen HTML', () => {
      for (const komponent of komponenter) {
        expect(['html', 'iframe', 'button']).to.not.include(komponent.type);
        const maler = String(komponent['text'] ?? '');
        expect(maler).to.not.match(/<\w/);
        // det folk har skrevet, vises som det står: uten denne ville skjermen svelget alt som ligner HTML
        for (const [mal] of maler.matchAll(/\{\{.+?\}\}/g))
          expect(mal).to.match(/^\{\{replace\(\w+, "<", "&lt;"\)\}\}$/);
        if (typeof komponent['key'] === 'string') {
          expect(String(komponent['label'] ?? komponent['dateLabel'] ?? ''), komponent['key']).to.not.equal('');
        }
      }
    });
  });
}

describe('Skjemaene', () => {
  it('hører til hvert sitt steg', () => {
    const filer = readdirSync(BPMN_MAPPE).filter((navn) => navn.endsWith('.form'));
    expect(filer.map((navn) => navn.replace('.form', '')).filter((navn) => !erStegId(navn))).to.deep.equal([]);
    expect(filer).to.have.lengthOf(STEG_IDER.length);
  });

  it('meldingen på et felt som mangler, er bokmål og slutter med punktum', () => {
    for (const id of STEG_IDER) {
      for (const feil of STEG[id].skjema.safeParse({}).error?.issues ?? []) {
        expect(feil.message, `${id}: ${String(feil.path[0])}`)
          .to.match(/^[A-ZÆØÅ].*\.$/)
          .and.not.match(/expected|invalid/i);
      }
    }
  });
});

function erObjekt(verdi: unknown): verdi is Data {
  return typeof verdi === 'object' && verdi !== null && !Array.isArray(verdi);
}

function under(node: Data): Komponent[] {
  const barn: unknown[] = Array.isArray(node['components']) ? node['components'] : [];
  return barn.filter(erObjekt).flatMap((en) => [{ ...en, type: String(en['type']) }, ...under(en)]);
}

function somFelt(komponent: Komponent): Felt {
  const validering = erObjekt(komponent['validate']) ? komponent['validate'] : {};
  const valg = Array.isArray(komponent['values']) ? komponent['values'].filter(erObjekt) : undefined;
  return {
    nokkel: String(komponent['key']),
    type: komponent.type,
    kreves: validering['required'] === true,
    maks: typeof validering['maxLength'] === 'number' ? validering['maxLength'] : undefined,
    valg: valg?.map((en) => String(en['value'])),
  };
}

function fyll(felt: Felt): unknown {
  if (felt.type === 'checklist') return felt.valg ?? ['pbrl-2-5'];
  return felt.valg ? felt.valg[0] : FYLL[felt.type];
}

/** De faste verdiene et felt i kontrakten kan ha, også bak liste, valgfritt og forbehandling. */
function enumAv(felt: unknown): readonly string[] | undefined {
  if (felt instanceof z.ZodEnum) return felt.options.map(String);
  if (felt instanceof z.ZodArray) return enumAv(felt.element);
  if (felt instanceof z.ZodOptional) return enumAv(felt.unwrap());
  if (felt instanceof z.ZodPipe) return enumAv(felt.out);
  return undefined;
}

/** Navnene en komponent leser: i tekstmaler, betingelser, valglister og tabeller. */
function lesteNavn(komponent: Komponent): string[] {
  const uttrykk = [
    [...String(komponent['text'] ?? '').matchAll(/\{\{(.+?)\}\}/g)].map((treff) => treff[1]).join(' '),
    erObjekt(komponent['conditional']) ? String(komponent['conditional']['hide'] ?? '') : '',
    String(komponent['valuesKey'] ?? ''),
    String(komponent['valuesExpression'] ?? ''),
    String(komponent['dataSource'] ?? ''),
  ];
  const ord =
    uttrykk
      .join(' ')
      .replace(/"[^"]*"/g, '')
      .replaceAll('list contains', '')
      .match(/[a-zA-Z]\w*/g) ?? [];
  return ord.filter((navn) => !['not', 'and', 'or', 'null', 'if', 'then', 'else', 'count', 'replace'].includes(navn));
}

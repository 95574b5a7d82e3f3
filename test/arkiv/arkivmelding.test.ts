import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { validateXML } from 'xmllint-wasm';
import { lagArkivmelding } from '../../src/arkiv/arkivmelding.ts';
import { lagArkivinnhold } from './eksempel.ts';

const SKJEMA = path.join(import.meta.dirname, 'skjema');
/** Filene slik de ble hentet (se README): en endret fil skal ikke kunne gå for å være den publiserte. */
const SJEKKSUM: Record<string, string> = {
  'arkivmelding.xsd': '579ec5d1e1ed650e8bbd9a50efe56c62f687484f4c038f9ecf2e2e49bb0e600b',
  'metadatakatalog.xsd': '29cab7473ed02bb0dc2b1b7ec7573cd60c1c1c2141439af3b4af883f454c86b4',
};

function skjema(fileName: string): { fileName: string; contents: string } {
  const fil = readFileSync(path.join(SKJEMA, fileName));
  const sum = createHash('sha256').update(fil).digest('hex');
  if (sum !== SJEKKSUM[fileName]) throw new Error(`${fileName} er ikke den som ble hentet: sha256 ${sum}`);
  return { fileName, contents: fil.toString('utf8').replace(/^\ufeff/, '') };
}

/** Hvorfor meldingen ikke er gyldig etter skjemaet; tom når den er det. */
async function feil(xml: string): Promise<string[]> {
  const svar = await validateXML({
    xml: [{ fileName: 'arkivmelding.xml', contents: xml }],
    schema: [skjema('arkivmelding.xsd')],
    preload: [skjema('metadatakatalog.xsd')],
  });
  return svar.errors.map((f) => f.message);
}

describe('arkivmelding (Noark 5)', () => {
  it('er gyldig etter skjemaet for inn-, ut- og interne dokumenter', async () => {
    expect(await feil(lagArkivmelding(lagArkivinnhold()))).to.deep.equal([]);
  });

  it('er gyldig når saken er slutt og det ikke er flere dokumenter', async () => {
    const { sak } = lagArkivinnhold();
    const slutt = lagArkivinnhold({ sak: { ...sak, avsluttet: new Date('2026-12-01T08:00:00Z') }, dokumenter: [] });
    const xml = lagArkivmelding(slutt);
    expect(await feil(xml)).to.deep.equal([]);
    expect(xml).to.contain('<saksstatus>Avsluttet</saksstatus>').and.contain('<antallFiler>0</antallFiler>');
  });

  it('skjemaet avviser en melding der rekkefølgen er feil (prøven prøver noe)', async () => {
    const xml = lagArkivmelding(lagArkivinnhold()).replace(
      /(<journalposttype>.*?<\/journalposttype>)\s*(<journalstatus>.*?<\/journalstatus>)/,
      '$2$1',
    );
    expect(await feil(xml)).to.not.deep.equal([]);
  });

  it('koder tegn som betyr noe i XML, og tar bort tegn XML ikke tillater', () => {
    const { sak } = lagArkivinnhold();
    const xml = lagArkivmelding(lagArkivinnhold({ sak: { ...sak, tittel: 'A & B <script>\u0000\u000b' } }));
    expect(xml).to.contain('<tittel>A &amp; B &lt;script&gt;</tittel>');
  });

  it('er lik når den lages på nytt for de samme radene', () => {
    expect(lagArkivmelding(lagArkivinnhold())).to.equal(lagArkivmelding(lagArkivinnhold()));
  });

  it('skjuler navnet i den offentlige tittelen', () => {
    const xml = lagArkivmelding(lagArkivinnhold());
    const offentlige = [...xml.matchAll(/<offentligTittel>(.*?)<\/offentligTittel>/g)].map((m) => m[1]);
    expect(offentlige).to.have.length(4);
    expect(new Set(offentlige)).to.deep.equal(new Set(['Individuell plan']));
  });
});

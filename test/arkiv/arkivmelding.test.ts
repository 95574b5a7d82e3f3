import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { validateXML } from 'xmllint-wasm';
import { lagArkivmelding } from '../../src/arkiv/arkivmelding.ts';
import { lagArkivinnhold } from './eksempel.ts';

const UTDRAG = readFileSync(path.join(import.meta.dirname, 'arkivmelding-utdrag.xsd'), 'utf8');

async function feilMot(
  xml: string,
  skjema: string,
  andre: { fileName: string; contents: string }[] = [],
): Promise<string[]> {
  const svar = await validateXML({
    xml: [{ fileName: 'arkivmelding.xml', contents: xml }],
    schema: [{ fileName: 'arkivmelding.xsd', contents: skjema }],
    preload: andre,
  });
  return svar.errors.map((f) => f.message);
}

describe('arkivmelding (Noark 5)', () => {
  it('følger reglene i utdraget for inn-, ut- og interne dokumenter', async () => {
    expect(await feilMot(lagArkivmelding(lagArkivinnhold()), UTDRAG)).to.deep.equal([]);
  });

  it('følger reglene når saken er slutt og det ikke er flere dokumenter', async () => {
    const { sak } = lagArkivinnhold();
    const slutt = lagArkivinnhold({ sak: { ...sak, avsluttet: new Date('2026-12-01T08:00:00Z') }, dokumenter: [] });
    const xml = lagArkivmelding(slutt);
    expect(await feilMot(xml, UTDRAG)).to.deep.equal([]);
    expect(xml).to.contain('<saksstatus>Avsluttet</saksstatus>').and.contain('<antallFiler>0</antallFiler>');
  });

  it('utdraget avviser en melding der rekkefølgen er feil (prøven prøver noe)', async () => {
    const xml = lagArkivmelding(lagArkivinnhold()).replace(
      /(<journalposttype>.*?<\/journalposttype>)\s*(<journalstatus>.*?<\/journalstatus>)/,
      '$2$1',
    );
    expect(await feilMot(xml, UTDRAG)).to.not.deep.equal([]);
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

  // Det publiserte skjemaet følger ikke med og er ikke i et pakkeregister; den som har det, prøver mot det slik.
  const mappe = process.env['ARKIVMELDING_XSD_DIR'];
  if (mappe) {
    it(`er gyldig etter det publiserte skjemaet i ${mappe}`, async () => {
      const les = (navn: string): string => readFileSync(path.join(mappe, navn), 'utf8').replace(/^\ufeff/, '');
      const sum = createHash('sha256')
        .update(readFileSync(path.join(mappe, 'arkivmelding.xsd')))
        .digest('hex');
      const katalog = [{ fileName: 'metadatakatalog.xsd', contents: les('metadatakatalog.xsd') }];
      expect(await feilMot(lagArkivmelding(lagArkivinnhold()), les('arkivmelding.xsd'), katalog), sum).to.deep.equal(
        [],
      );
      const { sak } = lagArkivinnhold();
      const tom = lagArkivinnhold({ sak: { ...sak, avsluttet: new Date('2026-12-01T08:00:00Z') }, dokumenter: [] });
      expect(await feilMot(lagArkivmelding(tom), les('arkivmelding.xsd'), katalog), sum).to.deep.equal([]);
    });
  }
});

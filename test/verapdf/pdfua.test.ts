import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { lagBrev, lagPdf, lukkPdf, type Brev } from '../../src/brev/index.ts';
import { alleBrev, lagHode, lagVedtaksdata } from '../brev/eksempler.ts';

const kjoer = promisify(execFile);
const HER = import.meta.dirname;

/** Bygger dommeren når kilden er nyere enn det som er bygd. */
async function bygg(java: string): Promise<void> {
  const klasse = path.join(HER, 'target', 'classes', 'verapdf', 'Kontroll.class');
  const kilder = [path.join(HER, 'pom.xml'), path.join(HER, 'src', 'main', 'java', 'verapdf', 'Kontroll.java')];
  const nyest = Math.max(...kilder.map((k) => statSync(k).mtimeMs));
  const lib = path.join(HER, 'target', 'lib');
  if (existsSync(klasse) && statSync(klasse).mtimeMs > nyest && existsSync(lib) && readdirSync(lib).length > 0) return;
  await kjoer('mvn', ['-q', '-B', 'process-classes'], { cwd: HER, env: { ...process.env, JAVA_HOME: java } });
}

/** Linjene veraPDF skriver om filene: «OK …», eller «FEIL …» fulgt av reglene som er brutt. */
async function doem(java: string, filer: string[]): Promise<string> {
  const klassesti = ['target/classes', 'target/lib/*'].join(path.delimiter);
  const svar = await kjoer(path.join(java, 'bin', 'java'), ['-cp', klassesti, 'verapdf.Kontroll', ...filer], {
    cwd: HER,
    maxBuffer: 20_000_000,
  }).catch((feil: { stdout?: string; message: string }) => ({ stdout: feil.stdout ?? feil.message }));
  return svar.stdout;
}

describe('PDF/UA-1 etter veraPDF', function () {
  this.timeout(600_000);
  const java = process.env['JAVA_HOME'] ?? '';
  let mappe: string;
  before(async () => {
    await bygg(java);
    mappe = mkdtempSync(path.join(process.env['TEST_TMP'] ?? tmpdir(), 'pdfua-'));
  });
  after(async () => {
    await lukkPdf();
    rmSync(mappe, { recursive: true, force: true });
  });

  async function dommen(brev: Record<string, Brev>): Promise<string[]> {
    const filer: string[] = [];
    for (const [navn, b] of Object.entries(brev)) {
      const fil = path.join(mappe, `${navn}.pdf`);
      writeFileSync(fil, await lagPdf(b));
      filer.push(fil);
    }
    return (await doem(java, filer)).split('\n').filter((l) => l !== '');
  }

  it('hvert brev i hver variant består', async () => {
    const brev = alleBrev();
    const linjer = await dommen(brev);
    expect(linjer.filter((l) => !l.startsWith('OK '))).to.deep.equal([]);
    expect(linjer).to.have.length(Object.keys(brev).length);
  });

  it('et langt brev over flere sider med lister, fremmede tegn, tegn uten form, egen tekst og HTML består', async () => {
    const lang = Array.from(
      { length: 40 },
      (_, i) =>
        `Avsnitt ${i}: Đoŋŋá, Łukasz, Ελένη og Виктор møtte 😀 <b>og</b> 中文 & «alle» → ✓ ☐ ≥ ⅔ │ o\u0308\u0331 \uf0fc.\n\n\uf0b7\tlimt inn\n\n- ett\n- to\n\n## Del ${i}`,
    ).join('\n\n');
    const tittelnavn = 'Ola <Nordmann> & "sønn"';
    const linjer = await dommen({
      langt: lagBrev(
        'vedtak',
        lagHode({ gjelder: tittelnavn }),
        lagVedtaksdata({ begrunnelse: lang }),
        '## Egen overskrift ☐\n\n- ett ✓\n- to\n\nHilsen oss.',
      ),
      tegnITittel: lagBrev('oppnevning', lagHode(), {
        planeier: 'Kari',
        tilPlaneier: true,
        rolle: 'koordinator',
        koordinator: tittelnavn,
        koordinatorEnhet: 'PPT',
        fra: '2026-11-23',
        enhet: 'HSK Madla',
      }),
    });
    expect(linjer.filter((l) => !l.startsWith('OK '))).to.deep.equal([]);
  });

  it('dommeren feller en PDF uten merking (prøven prøver noe)', async () => {
    const { default: PDFDocument } = await import('pdfkit');
    const doc = new PDFDocument();
    const biter: Buffer[] = [];
    doc.on('data', (b: Buffer) => biter.push(b));
    const ferdig = new Promise((ok) => doc.on('end', ok));
    doc.text('Ikke merket.');
    doc.end();
    await ferdig;
    const fil = path.join(mappe, 'umerket.pdf');
    writeFileSync(fil, Buffer.concat(biter));
    expect(await doem(java, [fil])).to.match(/^FEIL /);
  });
});

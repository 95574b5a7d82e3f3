import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { lagFilkanal, skrivMappeEnGang, tryggFilnavn, type Forsendelse } from '../../src/utsending/index.ts';

const ROT = path.resolve(import.meta.dirname, '..', '..');

function lagForsendelse(endringer: Partial<Forsendelse> = {}): Forsendelse {
  return {
    id: randomUUID(),
    tittel: 'Vedtak om individuell plan: innvilget',
    saksnummer: '2026/41',
    kommune: 'Sandvik kommune',
    mottaker: {
      slag: 'planeier',
      navn: 'Kari Nordmann',
      adresselinjer: ['Storgata 1', '4013 Sandvik'],
      fodselsnummer: '17858012345',
    },
    dokumenter: [{ filnavn: 'vedtak-2026-41.pdf', mediatype: 'application/pdf', innhold: Buffer.from('%PDF-1.7') }],
    ...endringer,
  };
}

describe('den innebygde utsendingskanalen', function () {
  this.timeout(120_000);
  let mappe: string;
  beforeEach(() => (mappe = mkdtempSync(path.join(process.env['TEST_TMP'] ?? tmpdir(), 'utsending-'))));
  afterEach(() => rmSync(mappe, { recursive: true, force: true }));

  it('legger forsendelsen og fila i en mappe med id-en som navn', async () => {
    const f = lagForsendelse();
    expect(await lagFilkanal(mappe).send(f)).to.deep.equal({ referanse: `filmappe:${f.id}` });
    expect(readdirSync(path.join(mappe, 'utsending'))).to.deep.equal([f.id]);
    expect(readdirSync(path.join(mappe, 'utsending', f.id)).sort()).to.deep.equal([
      'forsendelse.json',
      'vedtak-2026-41.pdf',
    ]);
    const json = JSON.parse(readFileSync(path.join(mappe, 'utsending', f.id, 'forsendelse.json'), 'utf8'));
    expect(json.mottaker).to.deep.equal({
      postAdresse: {
        navn: 'Kari Nordmann',
        adresse1: 'Storgata 1',
        postNummer: '4013',
        postSted: 'Sandvik',
        land: 'Norge',
      },
      digitalAdresse: { fodselsNummer: '17858012345' },
    });
    expect(json.metadataFraAvleverendeSystem).to.include({ saksAar: 2026, saksSekvensNummer: 41 });
    expect(json.dokumenter).to.deep.equal([
      {
        filnavn: 'vedtak-2026-41.pdf',
        mimeType: 'application/pdf',
        skalSigneres: false,
        ekskluderesFraUtskrift: false,
      },
    ]);
  });

  it('den samme id-en en gang til er en suksess og endrer ingenting', async () => {
    const f = lagForsendelse();
    const kanal = lagFilkanal(mappe);
    await kanal.send(f);
    await kanal.send({ ...f, tittel: 'Noe annet' });
    const json = readFileSync(path.join(mappe, 'utsending', f.id, 'forsendelse.json'), 'utf8');
    expect(json).not.to.contain('Noe annet');
  });

  it('tjue samtidige med samme id gir én forsendelse og ingen rester', async () => {
    const f = lagForsendelse();
    await Promise.all(Array.from({ length: 20 }, () => lagFilkanal(mappe).send(f)));
    expect(readdirSync(path.join(mappe, 'utsending'))).to.deep.equal([f.id]);
  });

  it('filnavn og id kan ikke føre ut av mappa', async () => {
    expect(tryggFilnavn('../../x')).to.equal('__.._x');
    expect(tryggFilnavn('')).to.equal('fil');
    const feil = await skrivMappeEnGang(mappe, '../ute', new Map()).catch((e: unknown) => e);
    expect(String(feil)).to.contain('ikke en UUID');
  });

  it('drept med SIGKILL på tilfeldige tidspunkter: mappa finnes hel eller ikke i det hele tatt', async () => {
    const id = randomUUID();
    const stor = 200_000;
    const kilde = `
      import { skrivMappeEnGang } from ${JSON.stringify(pathToFileURL(path.join(ROT, 'src/utsending/filmappe.ts')).href)};
      const filer = new Map(Array.from({ length: 20 }, (_, i) => ['f' + i, Buffer.alloc(${stor}, i)]));
      process.stdout.write('klar');
      await skrivMappeEnGang(${JSON.stringify(mappe)}, ${JSON.stringify(id)}, filer);
      process.stdout.write('ferdig');`;
    let drept = 0;
    for (let forsoek = 0; forsoek < 12 && !existsSync(path.join(mappe, id)); forsoek++) {
      await new Promise<void>((ok) => {
        const barn = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', kilde], { cwd: ROT });
        barn.stdout.once('data', () => setTimeout(() => barn.kill('SIGKILL'), forsoek * 8));
        barn.once('exit', (_kode, signal) => {
          if (signal === 'SIGKILL') drept++;
          ok();
        });
      });
      if (!existsSync(path.join(mappe, id))) continue;
      const filer = readdirSync(path.join(mappe, id));
      expect(filer).to.have.length(20);
      for (const fil of filer) expect(readFileSync(path.join(mappe, id, fil)).length).to.equal(stor);
    }
    await skrivMappeEnGang(mappe, id, new Map([['f0', 'siste utvei']]));
    expect(drept).to.be.greaterThan(0);
    expect(readdirSync(mappe)).to.deep.equal([id]);
    expect(readdirSync(`${mappe}.tmp`)).to.deep.equal([]);
    rmSync(`${mappe}.tmp`, { recursive: true });
  });
});

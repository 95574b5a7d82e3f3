import { inflateSync } from 'node:zlib';

/** Tegnene en ToUnicode-tabell (PDF 32000-1, 9.10.3) gir hver kode. */
function lesTegntabell(cmap: string): Map<number, string> {
  const tegn = new Map<number, string>();
  const utf16 = (hex: string): string => Buffer.from(hex, 'hex').swap16().toString('utf16le');
  for (const [, fra = '', , liste = ''] of cmap.matchAll(/<([0-9a-f]+)>\s*<([0-9a-f]+)>\s*\[([^\]]*)\]/gi)) {
    // Et tegn utenfor det grunnleggende planet, og en form for to tegn, er flere tall med mellomrom.
    [...liste.matchAll(/<([0-9a-f ]+)>/gi)].forEach(([, hex = ''], i) =>
      tegn.set(parseInt(fra, 16) + i, utf16(hex.replaceAll(' ', ''))),
    );
  }
  return tegn;
}

/** Teksten i en PDF vi selv har laget (PDFKit med innebygde skrifter), i den rekkefølgen den er tegnet. */
export function pdfTekst(pdf: Buffer): string {
  const raa = pdf.toString('latin1');
  const objekter = new Map<string, { hode: string; innhold: string }>();
  for (const [, id = '', kropp = ''] of raa.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [hode = ''] = kropp.split(/stream\r?\n/, 1);
    // Lengden står i hodet; innholdet er bytes og kan slutte med hva som helst.
    const start = hode.length + (/^stream(\r?\n)/.exec(kropp.slice(hode.length))?.[0].length ?? 0);
    const lengde = Number(/\/Length (\d+)/.exec(hode)?.[1] ?? 0);
    const data = Buffer.from(kropp.slice(start, start + lengde), 'latin1');
    const innhold = data.length > 0 && /FlateDecode/.test(hode) ? inflateSync(data).toString('latin1') : '';
    objekter.set(id, { hode, innhold });
  }
  const skrifter = new Map<string, Map<number, string>>();
  for (const { hode } of objekter.values()) {
    for (const [, navn = '', id = ''] of hode.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const tabell = /\/ToUnicode (\d+) 0 R/.exec(objekter.get(id)?.hode ?? '')?.[1];
      if (tabell) skrifter.set(navn, lesTegntabell(objekter.get(tabell)?.innhold ?? ''));
    }
  }
  let tekst = '';
  for (const { innhold } of objekter.values()) {
    if (!/\bBT\b/.test(innhold)) continue;
    let skrift = new Map<number, string>();
    for (const [, navn, linje = ''] of innhold.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
      if (navn) skrift = skrifter.get(navn) ?? skrift;
      for (const [, hex = ''] of linje.matchAll(/<([0-9a-f]*)>/gi)) {
        for (let i = 0; i + 4 <= hex.length; i += 4) tekst += skrift.get(parseInt(hex.slice(i, i + 4), 16)) ?? '';
      }
      if (linje) tekst += ' ';
    }
  }
  return tekst.replace(/\s+/g, ' ');
}

/** En del av brevteksten: et avsnitt, en mellomtittel eller en punktliste. */
export type Blokk =
  { slag: 'avsnitt'; tekst: string } | { slag: 'tittel'; tekst: string } | { slag: 'liste'; punkter: string[] };

/**
 * Deler brevteksten i blokker. «## » først på en linje er en mellomtittel, «- » et punkt, blank linje skiller avsnitt.
 * Et linjeskift inne i et avsnitt beholdes, så adresser og oppstillinger blir som de ble skrevet. Alt annet er vanlig
 * tekst; ingenting tolkes som HTML.
 */
export function blokker(tekst: string): Blokk[] {
  const ut: Blokk[] = [];
  let aapent: string[] = [];
  const lukk = (): void => {
    if (aapent.length > 0) ut.push({ slag: 'avsnitt', tekst: aapent.join('\n') });
    aapent = [];
  };
  for (const raa of tekst.replace(/\r\n?/g, '\n').split('\n')) {
    const linje = raa.trim();
    const sist = ut.at(-1);
    if (linje === '') {
      lukk();
    } else if (linje.startsWith('## ')) {
      lukk();
      ut.push({ slag: 'tittel', tekst: linje.slice(3).trim() });
    } else if (/^[-•] /.test(linje)) {
      const fortsetter = aapent.length === 0 && sist?.slag === 'liste';
      lukk();
      const punkt = linje.slice(2).trim();
      if (fortsetter) sist.punkter.push(punkt);
      else ut.push({ slag: 'liste', punkter: [punkt] });
    } else {
      aapent.push(linje);
    }
  }
  lukk();
  return ut;
}

/** Blokkene som tekst igjen; det motsatte av `blokker`. */
export function tilTekst(blokkene: readonly Blokk[]): string {
  return blokkene
    .map((b) => {
      if (b.slag === 'tittel') return `## ${b.tekst}`;
      return b.slag === 'liste' ? b.punkter.map((p) => `- ${p}`).join('\n') : b.tekst;
    })
    .join('\n\n');
}

import rens from 'escape-html';
import type { Response } from 'express';

export interface Sideinnhold {
  tittel: string;
  /** ett avsnitt per ledd */
  tekst: readonly string[];
  /** det en kan gjøre; det første er det vi anbefaler */
  lenker: readonly { tekst: string; til: string }[];
}

const STIL = `
*{box-sizing:border-box}
body{margin:0;background:#f4f5f6;color:#1e2b3c;font:1rem/1.5 Inter,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:34rem;margin:12vh auto 2rem;padding:2rem;background:#fff;border:1px solid #d2d5d8;border-radius:.5rem}
p.navn{margin:0 0 1.5rem;font-weight:600}
h1{margin:0 0 .75rem;font-size:1.375rem;line-height:1.3;font-weight:600}
p{margin:0 0 1rem}
.lenker{display:flex;flex-wrap:wrap;gap:.75rem 1.25rem;align-items:center;margin:1.5rem 0 0}
a{color:#0a5cad}
a.foerst{display:inline-block;padding:.625rem 1.125rem;border-radius:.25rem;background:#0062ba;color:#fff;font-weight:500;text-decoration:none}
a.foerst:hover{background:#004e95}
a:focus-visible{outline:3px solid #1e2b3c;outline-offset:2px}
@media (max-width:38rem){main{margin:0;min-height:100vh;border:0;border-radius:0;padding:1.5rem}}
`;

/**
 * Sender en liten side i ord, for det som åpnes uten skjermene: innlogging som ikke gikk, og lenker som ikke kan vises.
 * Siden har ingen skript og henter ingenting.
 */
export function sendSide(res: Response, status: number, side: Sideinnhold): void {
  const lenker = side.lenker
    .map((l, i) => `<a href="${rens(l.til)}"${i === 0 ? ' class="foerst"' : ''}>${rens(l.tekst)}</a>`)
    .join('\n');
  res.setHeader('Cache-Control', 'no-store');
  res
    .status(status)
    .type('html')
    .send(
      `<!doctype html>
<html lang="nb">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/ikon.svg" type="image/svg+xml">
<title>${rens(side.tittel)} – Individuell plan</title>
<style>${STIL}</style>
</head>
<body>
<main>
<p class="navn">Individuell plan</p>
<h1>${rens(side.tittel)}</h1>
${side.tekst.map((t) => `<p>${rens(t)}</p>`).join('\n')}
<p class="lenker">${lenker}</p>
</main>
</body>
</html>
`,
    );
}

import { Fragment, type ReactNode } from 'react';

/** Setning der *ord* er uthevet, slik serveren skriver navn på oppgaver. */
export function Setning({ tekst }: { tekst: string }) {
  return tekst
    .split(/\*([^*]+)\*/)
    .map((del, i) => (i % 2 === 1 ? <em key={i}>{del}</em> : <Fragment key={i}>{del}</Fragment>));
}

/** Tekst som er skrevet i vanlige linjer: "- " er et punkt, "## " en mellomtittel, ellers er hver linje et avsnitt. */
export function Rutinetekst({ tekst }: { tekst: string }) {
  const ut: ReactNode[] = [];
  let punkter: string[] = [];
  const toem = (): void => {
    if (punkter.length > 0) {
      ut.push(
        <ul key={ut.length}>
          {punkter.map((p) => (
            <li key={p}>
              <Setning tekst={p} />
            </li>
          ))}
        </ul>,
      );
      punkter = [];
    }
  };
  for (const linje of tekst.split('\n').map((l) => l.trim())) {
    if (linje.startsWith('- ')) punkter.push(linje.slice(2));
    else if (linje !== '') {
      toem();
      ut.push(
        <p key={ut.length}>
          {linje.startsWith('## ') ? <strong>{linje.slice(3)}</strong> : <Setning tekst={linje} />}
        </p>,
      );
    }
  }
  toem();
  return <div className="rutinetekst">{ut}</div>;
}

const LOVLIG: Record<string, keyof React.JSX.IntrinsicElements> = {
  p: 'p',
  ul: 'ul',
  ol: 'ol',
  li: 'li',
  strong: 'strong',
  b: 'strong',
  em: 'em',
  i: 'em',
  blockquote: 'blockquote',
  table: 'table',
  thead: 'thead',
  tbody: 'tbody',
  tr: 'tr',
  th: 'th',
  td: 'td',
  dl: 'dl',
  dt: 'dt',
  dd: 'dd',
  address: 'address',
  div: 'div',
  section: 'div',
  article: 'div',
  header: 'div',
  footer: 'div',
  main: 'div',
  body: 'div',
  span: 'span',
};
const UTEN_INNHOLD = new Set(['script', 'style', 'title', 'head', 'iframe', 'object', 'svg', 'template']);

const OVERSKRIFT = /^h([1-6])$/;
const NIVAAER = ['h3', 'h4', 'h5', 'h6'] as const;

function tilElementer(node: Node, noekkel: number, oeverst: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const navn = node.tagName.toLowerCase();
  if (UTEN_INNHOLD.has(navn)) return null;
  if (navn === 'br') return <br key={noekkel} />;
  if (navn === 'hr') return <hr key={noekkel} />;
  const barn = [...node.childNodes].map((n, i) => tilElementer(n, i, oeverst));
  const nivaa = Number(OVERSKRIFT.exec(navn)?.[1] ?? 0);
  const El = nivaa > 0 ? (NIVAAER[nivaa - oeverst] ?? 'h6') : LOVLIG[navn];
  return El ? <El key={noekkel}>{barn}</El> : <Fragment key={noekkel}>{barn}</Fragment>;
}

/**
 * Brevet som elementer i siden. Bare kjente elementer slipper gjennom, og ingen attributter: det noen har skrevet i
 * et felt, blir aldri annet enn tekst. Overskriftene flyttes inn under sidens egne.
 */
export function Brevtekst({ html }: { html: string }) {
  const dok = new DOMParser().parseFromString(html, 'text/html');
  const nivaaer = [...dok.body.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((h) => Number(h.tagName[1]));
  const oeverst = Math.min(6, ...nivaaer);
  return <div className="brev">{[...dok.body.childNodes].map((n, i) => tilElementer(n, i, oeverst))}</div>;
}

/*
 * Strektegninger, 24 × 24. De står alltid ved siden av tekst eller i en knapp med navn, og er derfor skjult for
 * skjermleser.
 */
export const BANER = {
  oppgaver: 'M4 6h2M4 12h2M4 18h2M9 6h11M9 12h11M9 18h11',
  saker: 'M3 7h6l2 2h10v10H3z',
  ny: 'M12 5v14M5 12h14',
  rutiner: 'M4 4h6v5H4zM14 15h6v5h-6zM7 9v8h7',
  drift: 'M3 12h4l3-7 4 14 3-7h4',
  hjelp: 'M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.5',
  kompetanse: 'M3 9l9-4 9 4-9 4zM7 11v4c2 2 8 2 10 0v-4',
  soek: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 20 20',
  meny: 'M4 6h16M4 12h16M4 18h16',
  lukk: 'M6 6l12 12M18 6 6 18',
  hake: 'M5 12.5 10 17.5 19 7',
  kalender: 'M4 6h16v14H4zM4 10.5h16M8 3v5M16 3v5',
  klokke: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2',
  dokument: 'M6 3h8l4 4v14H6zM14 3v4h4',
  tilbake: 'M15 5 8 12l7 7',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20c1-4 4-6 8-6s7 2 8 6',
} as const;
export type Ikonnavn = keyof typeof BANER;

export function Ikon({ navn }: { navn: Ikonnavn }) {
  return (
    <svg viewBox="0 0 24 24" className="ikon" aria-hidden="true" focusable="false">
      <path d={BANER[navn]} />
    </svg>
  );
}

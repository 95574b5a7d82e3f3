import { dag, erForfalt, fristTekst } from './format.ts';

/** "2 dager igjen", med den nøyaktige datoen ved peking og for skjermleser. Forfalt sies med ord, ikke bare farge. */
export function Frist({ frist, medDato = false }: { frist: string | null; medDato?: boolean }) {
  if (frist === null) return <span className="dempet">Uten frist</span>;
  const forfalt = erForfalt(frist);
  return (
    <time dateTime={frist} title={dag(frist)} className={forfalt ? 'frist frist--forfalt' : 'frist'}>
      {fristTekst(frist)}
      {medDato ? <span className="dempet"> · {dag(frist)}</span> : <span className="kun-lest">, {dag(frist)}</span>}
    </time>
  );
}

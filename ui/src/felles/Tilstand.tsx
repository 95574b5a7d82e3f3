import { Alert, Button, Heading, Paragraph, Skeleton } from '@digdir/designsystemet-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Link } from 'react-router';
import { ApiFeil, NettFeil } from '../api/klient.ts';
import { Side } from './Side.tsx';
import { IkkeLagret } from '../utkast/skriver.ts';

/** Sann når noe har vart i `ms`: raske svar skal ikke blinke med skjelett. */
function useSen(venter: boolean, ms = 300): boolean {
  const [sen, settSen] = useState(false);
  useEffect(() => {
    if (!venter) return;
    const t = setTimeout(() => settSen(true), ms);
    return () => {
      clearTimeout(t);
      settSen(false);
    };
  }, [venter, ms]);
  return venter && sen;
}

export function Skjelett({ rader = 6 }: { rader?: number }) {
  const vis = useSen(true);
  if (!vis) return <div className="skjelett" aria-hidden="true" />;
  return (
    <div className="skjelett" role="status">
      <span className="kun-lest">Henter …</span>
      {Array.from({ length: rader }, (_, i) => (
        <Skeleton key={i} variant="rectangle" height={36} aria-hidden="true" />
      ))}
    </div>
  );
}

/** Tomt: sier hva som ville stått her, og hva en kan gjøre. */
export function Tom({ tittel, children, handling }: { tittel: string; children?: ReactNode; handling?: ReactNode }) {
  return (
    <div className="tom">
      <Heading level={2} data-size="2xs">
        {tittel}
      </Heading>
      {children ? <Paragraph data-size="sm">{children}</Paragraph> : null}
      {handling}
    </div>
  );
}

/** De samme ordene enten noe ikke finnes eller ikke er ditt: svaret skal ikke røpe hva som finnes. */
export function FinnesIkke() {
  return (
    <Tom
      tittel="Vi finner ikke det du leter etter"
      handling={
        <Link className="ds-link" to="/oppgaver">
          Gå til oppgavene
        </Link>
      }
    >
      Det finnes ikke, eller du har ikke tilgang til det. Sjekk adressen, eller spør lederen din om tilgang.
    </Tom>
  );
}

/** Hva som skjedde, hva som er trygt, og hva en kan gjøre. */
export function Feilvisning({ feil, paaNytt }: { feil: unknown; paaNytt?: () => void }) {
  if (feil instanceof ApiFeil && (feil.status === 404 || feil.status === 403)) return <FinnesIkke />;
  const nett = feil instanceof NettFeil;
  return (
    <Alert data-color={nett ? 'warning' : 'danger'} role="alert">
      <Heading level={2} data-size="2xs">
        {nett ? 'Får ikke kontakt med serveren' : feil instanceof ApiFeil ? feil.problem.title : 'Noe gikk galt'}
      </Heading>
      <Paragraph data-size="sm">
        {nett
          ? 'Arbeidet som er lagret, er trygt. Siden prøver igjen av seg selv når forbindelsen er tilbake.'
          : feil instanceof ApiFeil
            ? (feil.problem.detail ?? 'Ingenting ble endret. Prøv igjen.')
            : 'Siden kunne ikke vises. Arbeidet som er lagret, er trygt. Last siden på nytt.'}
      </Paragraph>
      {paaNytt ? (
        <Button variant="secondary" data-size="sm" onClick={paaNytt}>
          Prøv igjen
        </Button>
      ) : null}
    </Alert>
  );
}

/** Feilen som én setning, til plassen ved siden av det som feilet. */
export function feilsetning(feil: unknown): string {
  if (feil instanceof NettFeil) return 'Får ikke kontakt med serveren. Prøv igjen om litt.';
  if (feil instanceof IkkeLagret) return feil.message;
  if (feil instanceof ApiFeil) return feil.problem.detail ?? feil.problem.title;
  return 'Noe gikk galt. Prøv igjen.';
}

/** Viser det som er hentet. Gammelt innhold blir stående mens nytt hentes; uten innhold vises skjelett eller feil. */
export function Visning<T>({
  svar,
  skjelett,
  side,
  children,
}: {
  svar: UseQueryResult<T>;
  skjelett?: ReactNode;
  /** Tittelen mens en hel side hentes; innholdet kommer med sin egen */
  side?: string;
  children: (data: T) => ReactNode;
}) {
  // 404 også når noe gammelt finnes: tilgangen kan være tatt bort.
  const borte = svar.error instanceof ApiFeil && (svar.error.status === 404 || svar.error.status === 403);
  if (svar.data !== undefined && !borte) return children(svar.data);
  const innhold = svar.error ? (
    <Feilvisning feil={svar.error} paaNytt={() => void svar.refetch()} />
  ) : (
    (skjelett ?? <Skjelett />)
  );
  return side ? <Side tittel={borte ? 'Finnes ikke' : side}>{innhold}</Side> : innhold;
}

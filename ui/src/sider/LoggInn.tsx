import { Alert, Button, Card, Heading, Paragraph } from '@digdir/designsystemet-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { tryggSti } from '../../../src/contract/adresse.ts';
import { identitet } from '../api/identitet.ts';
import { demobrukereSpoerring, loggInnDemo, megSpoerring } from '../api/spoerringer.ts';
import { kvitter, oppgaveliste } from '../felles/kvittering.ts';
import { rollenavn } from '../felles/roller.ts';
import { Feilvisning, feilsetning, Visning } from '../felles/Tilstand.tsx';

export default function LoggInn() {
  const [p] = useSearchParams();
  const til = tryggSti(p.get('til'));
  const klient = useQueryClient();
  const naviger = useNavigate();
  const meg = useQuery(megSpoerring);
  const demo = useQuery({ ...demobrukereSpoerring, enabled: meg.data?.demo ?? false });
  // Denne siden viser ingen: den som er logget inn her fra før, skal ikke hindre at en annen logger inn.
  useEffect(() => identitet.glem(), []);
  const inn = useMutation({
    mutationFn: loggInnDemo,
    onSuccess: async () => {
      kvitter(null);
      oppgaveliste.husk('/oppgaver');
      identitet.glem();
      klient.removeQueries();
      await klient.fetchQuery(megSpoerring);
      await naviger(til, { replace: true });
    },
  });
  return (
    <main className="logginn" id="innhold">
      <title>Logg inn – Individuell plan</title>
      <Heading level={1} data-size="md">
        Individuell plan
      </Heading>
      {meg.error && !meg.data ? <Feilvisning feil={meg.error} paaNytt={() => void meg.refetch()} /> : null}
      {meg.data && !meg.data.demo ? (
        <>
          <Paragraph>Logg inn med brukeren du har i {meg.data.kommune}.</Paragraph>
          {meg.data.loggInnAdresse ? (
            <Button asChild>
              <a href={`${meg.data.loggInnAdresse}?tilbake=${encodeURIComponent(til)}`}>Logg inn</a>
            </Button>
          ) : (
            <Alert data-color="warning">Innlogging er ikke satt opp. Si fra til systemansvarlig.</Alert>
          )}
        </>
      ) : null}
      {meg.data?.demo ? (
        <>
          <Alert data-color="info" data-size="sm">
            Dette er demo-innlogging. {meg.data.kommune} og alle personer er oppdiktet, og det er ikke noe passord. Velg
            hvem du vil være. Du kan logge ut og bytte når du vil.
          </Alert>
          {inn.error ? (
            <Alert data-color="danger" data-size="sm" role="alert">
              {feilsetning(inn.error)}
            </Alert>
          ) : null}
          <Visning svar={demo}>
            {(brukere) => (
              <ul className="demobrukere">
                {brukere.map((b) => (
                  <li key={b.id}>
                    <Card asChild data-color="neutral">
                      <button
                        type="button"
                        className="demobruker"
                        disabled={inn.isPending}
                        onClick={() => inn.mutate(b.id)}
                      >
                        <span className="demobruker__navn">{b.navn}</span>
                        <span className="demobruker__rolle">
                          {rollenavn(b.roller)}
                          <span className="dempet"> · {[...new Set(b.roller.map((r) => r.enhetNavn))].join(', ')}</span>
                        </span>
                        <span className="demobruker__proev">
                          <span className="dempet">Prøv først:</span> {b.proevFoerst}
                        </span>
                      </button>
                    </Card>
                  </li>
                ))}
              </ul>
            )}
          </Visning>
        </>
      ) : null}
    </main>
  );
}

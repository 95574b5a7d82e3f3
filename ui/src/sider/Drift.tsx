import { Alert, Button, Heading, Table, Tag } from '@digdir/designsystemet-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { OppgaveRad } from '../../../src/contract/api.ts';
import { ROLLENAVN, ROLLER } from '../../../src/contract/tilgang.ts';
import { driftSpoerring, proevIgjen } from '../api/spoerringer.ts';
import { dagOgTid, siden, tall } from '../felles/format.ts';
import { kvitter } from '../felles/kvittering.ts';
import { Side } from '../felles/Side.tsx';
import { feilsetning, Visning } from '../felles/Tilstand.tsx';

/** Rollens navn midt i en setning. */
function rolle(id: string): string {
  const kjent = ROLLER.find((r) => r === id);
  return kjent ? ROLLENAVN[kjent].toLowerCase() : id;
}

function Teknisk({ o }: { o: OppgaveRad }) {
  const klient = useQueryClient();
  const igjen = useMutation({
    mutationFn: () => proevIgjen(o.id),
    onSuccess: () => {
      kvitter({ slag: 'success', tekst: `Prøver «${o.tittel}» igjen. Går det bra, forsvinner den av seg selv.` });
      return klient.invalidateQueries({ queryKey: ['drift'] });
    },
    onError: (e) => kvitter({ slag: 'danger', tekst: feilsetning(e) }),
  });
  return (
    <li className="naa__oppgave">
      <Link className="rad__lenke" to={`/oppgaver/${o.id}`}>
        {o.tittel}
      </Link>
      <span>{o.saksnummer ? `Sak ${o.saksnummer}` : ''}</span>
      <span className="dempet">{siden(o.opprettet)}</span>
      <Button
        variant="secondary"
        data-size="sm"
        disabled={igjen.isPending}
        onClick={() => igjen.mutate()}
        aria-label={`Prøv igjen: ${o.tittel}${o.saksnummer ? `, sak ${o.saksnummer}` : ''}`}
      >
        {igjen.isPending ? 'Prøver …' : 'Prøv igjen'}
      </Button>
    </li>
  );
}

export default function Drift() {
  const svar = useQuery(driftSpoerring);
  return (
    <Side tittel="Drift">
      <Visning svar={svar}>
        {(d) => (
          <>
            <Alert data-color={d.motor.oppe ? 'success' : 'danger'} data-size="sm">
              <strong>
                {d.motor.navn}: {d.motor.oppe ? 'i drift' : 'svarer ikke'}
              </strong>
              {d.motor.detalj ? `. ${d.motor.detalj}` : ''}
              {d.motor.oppe ? '' : ' Arbeid som fullføres, lagres og går videre når motoren er tilbake.'}
            </Alert>
            <section className="driftdel">
              <Heading level={2} data-size="2xs">
                Tekniske oppgaver
              </Heading>
              {d.tekniskeOppgaver.length === 0 ? (
                <p className="dempet">Ingen. En jobb som feiler til siste forsøk, blir en oppgave her.</p>
              ) : (
                <ul className="naa__liste">
                  {d.tekniskeOppgaver.map((o) => (
                    <Teknisk key={o.id} o={o} />
                  ))}
                </ul>
              )}
            </section>
            <section className="driftdel">
              <Heading level={2} data-size="2xs">
                Saker som kan ha stoppet
              </Heading>
              {d.mistenkte.length === 0 ? (
                <p className="dempet">Ingen. Hver åpen sak har en oppgave, en jobb eller noe den venter på.</p>
              ) : (
                <ul>
                  {d.mistenkte.map((m) => (
                    <li key={m.sakId}>
                      Sak {m.saksnummer}
                      <span className="dempet">, uten noe å vente på siden {dagOgTid(m.siden)}</span>
                    </li>
                  ))}
                </ul>
              )}
            </section>
            <section className="driftdel">
              <Heading level={2} data-size="2xs">
                Oppgaver som ingen har fått
              </Heading>
              {d.utenPlass.length === 0 ? (
                <p className="dempet">Ingen. Hver oppgave i motoren ligger hos en gruppe eller en person.</p>
              ) : (
                <ul>
                  {d.utenPlass.map((o) => (
                    <li key={o.noekkel}>
                      {o.grunn} Rutinen er <code>{o.prosessId}</code>.
                      {o.saksnummer ? ` Sak ${o.saksnummer} venter.` : ''}
                      <span className="dempet">
                        {' '}
                        Siden {dagOgTid(o.siden)}. Rett diagrammet, eller gi oppgaven til noen i motoren.
                      </span>
                    </li>
                  ))}
                </ul>
              )}
            </section>
            <section className="driftdel">
              <Heading level={2} data-size="2xs">
                Oppgaver ingen kan ta
              </Heading>
              {d.utenKandidat.length === 0 ? (
                <p className="dempet">Ingen. Hver ledig oppgave har minst én som kan ta den.</p>
              ) : (
                <ul>
                  {d.utenKandidat.map((u) => (
                    <li key={u.rolle + u.enhetNavn}>
                      {u.antall === 1 ? '1 oppgave' : `${tall(u.antall)} oppgaver`} til {rolle(u.rolle)} ved{' '}
                      {u.enhetNavn}
                      <span className="dempet">: ingen i bruk har rollen, eller de som har den, er utelukket</span>
                    </li>
                  ))}
                </ul>
              )}
            </section>
            <section className="driftdel">
              <Heading level={2} data-size="2xs">
                Utboks
              </Heading>
              <p>
                {d.utboks.venter === 0
                  ? 'Tom: alt er levert.'
                  : `${tall(d.utboks.venter)} venter på levering${d.utboks.eldste ? `, den eldste fra ${dagOgTid(d.utboks.eldste)}` : ''}.`}{' '}
                {d.utboks.feilet > 0 ? (
                  <Tag data-color="danger" data-size="sm">
                    {tall(d.utboks.feilet)} feilet
                  </Tag>
                ) : null}
              </p>
            </section>
            <section className="driftdel">
              <Heading level={2} data-size="2xs">
                Arbeidere
              </Heading>
              <Table className="tabell tabell--smal" data-size="sm" data-color="neutral">
                <caption className="kun-lest">Arbeidere</caption>
                <Table.Head>
                  <Table.Row>
                    <Table.HeaderCell>Type</Table.HeaderCell>
                    <Table.HeaderCell className="tall">Utført</Table.HeaderCell>
                    <Table.HeaderCell className="tall">Feilet</Table.HeaderCell>
                  </Table.Row>
                </Table.Head>
                <Table.Body>
                  {d.arbeidere.map((a) => (
                    <Table.Row key={a.type}>
                      <Table.Cell>
                        <code>{a.type}</code>
                      </Table.Cell>
                      <Table.Cell className="tall" data-navn="Utført">
                        {tall(a.utfoert)}
                      </Table.Cell>
                      <Table.Cell className="tall" data-navn="Feilet">
                        {a.feilet > 0 ? <strong className="frist--forfalt">{tall(a.feilet)}</strong> : '0'}
                      </Table.Cell>
                    </Table.Row>
                  ))}
                </Table.Body>
              </Table>
            </section>
          </>
        )}
      </Visning>
    </Side>
  );
}

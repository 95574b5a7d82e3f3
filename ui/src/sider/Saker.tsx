import { Button, Field, Label, Search, Select, Table, Tag } from '@digdir/designsystemet-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { hentSaker, type SakFilter } from '../api/spoerringer.ts';
import { dag, dato, tall } from '../felles/format.ts';
import { Side } from '../felles/Side.tsx';
import { Feilvisning, Skjelett, Tom } from '../felles/Tilstand.tsx';
import { useMeg } from '../ramme/meg.ts';
import { useStille } from '../ramme/Soek.tsx';

const STATUS = [
  ['aapen', 'Åpne'],
  ['avsluttet', 'Avsluttede'],
  ['alle', 'Alle'],
] as const;

export default function Saker() {
  const meg = useMeg();
  const [p, settP] = useSearchParams();
  const status = STATUS.find(([v]) => v === p.get('status'))?.[0] ?? 'aapen';
  const filter: SakFilter = { sok: p.get('sok') ?? '', status, fase: p.get('fase') ?? '' };
  const endre = (e: Partial<SakFilter>): void => {
    const neste = { ...filter, ...e };
    settP(
      new URLSearchParams(Object.entries(neste).filter(([k, v]) => v !== '' && !(k === 'status' && v === 'aapen'))),
      { replace: 'sok' in e, preventScrollReset: true },
    );
  };
  const [sok, settSok] = useState(filter.sok);
  const stille = useStille(sok, 250);
  const sistSendt = useRef(filter.sok);
  useEffect(() => {
    if (stille === sistSendt.current) return;
    sistSendt.current = stille;
    endre({ sok: stille });
    // Bare det som er skrevet, skal sette i gang søket.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [stille]);
  useEffect(() => {
    if (filter.sok !== sistSendt.current) {
      sistSendt.current = filter.sok;
      settSok(filter.sok);
    }
  }, [filter.sok]);

  const svar = useInfiniteQuery({
    queryKey: ['saker', filter],
    queryFn: ({ pageParam, signal }) => hentSaker(filter, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (siste, alle) => {
      const antall = alle.reduce((n, s) => n + s.rader.length, 0);
      return antall < siste.totalt ? antall : undefined;
    },
    placeholderData: keepPreviousData,
  });
  const rader = svar.data?.pages.flatMap((s) => s.rader) ?? [];
  const hode = svar.data?.pages[0];
  const filtrert = filter.sok !== '' || filter.fase !== '' || filter.status !== 'aapen';
  const nullstill = (): void => {
    settSok('');
    sistSendt.current = '';
    settP(new URLSearchParams());
  };
  return (
    <Side
      tittel="Saker"
      ved={
        meg.meny.includes('ny-anmodning') ? (
          <Button asChild data-size="sm">
            <Link to="/ny-anmodning">Ny anmodning</Link>
          </Button>
        ) : null
      }
    >
      <div className="filtre" role="search" aria-label="Filtrer sakene">
        <Field data-size="sm" className="filtre__sok">
          <Label>Finn i lista</Label>
          <Search>
            <Search.Input
              aria-label="Finn i lista"
              placeholder="Navn eller saksnummer"
              value={sok}
              onChange={(e) => settSok(e.target.value)}
            />
            <Search.Clear aria-label="Tøm" onClick={() => settSok('')} />
          </Search>
        </Field>
        <Field data-size="sm">
          <Label>Status</Label>
          <Select value={filter.status} onChange={(e) => endre({ status: e.target.value })}>
            {STATUS.map(([v, t]) => (
              <Select.Option key={v} value={v}>
                {t}
              </Select.Option>
            ))}
          </Select>
        </Field>
        {hode && (hode.faser.length > 1 || filter.fase !== '') ? (
          <Field data-size="sm">
            <Label>Fase</Label>
            <Select value={filter.fase} onChange={(e) => endre({ fase: e.target.value })}>
              <Select.Option value="">Alle faser</Select.Option>
              {hode.faser.map((f) => (
                <Select.Option key={f} value={f}>
                  {f}
                </Select.Option>
              ))}
            </Select>
          </Field>
        ) : null}
      </div>
      {!hode ? (
        svar.error ? (
          <Feilvisning feil={svar.error} paaNytt={() => void svar.refetch()} />
        ) : (
          <Skjelett rader={8} />
        )
      ) : rader.length === 0 ? (
        filtrert ? (
          <Tom
            tittel="Ingen saker passer med filtrene"
            handling={
              <Button variant="secondary" data-size="sm" onClick={nullstill}>
                Nullstill filtrene
              </Button>
            }
          />
        ) : (
          <Tom tittel="Ingen åpne saker">
            Sakene i enheten din står her. En sak begynner med en anmodning, som registreres under «Ny anmodning».
          </Tom>
        )
      ) : (
        <>
          <p className="treff liten" role="status">
            {tall(hode.totalt)} {hode.totalt === 1 ? 'sak' : 'saker'}
            {filtrert ? (
              <>
                .{' '}
                <button type="button" className="ds-link lenkeknapp" onClick={nullstill}>
                  Nullstill filtrene
                </button>
              </>
            ) : null}
          </p>
          <Table className="tabell" data-size="sm" data-color="neutral" aria-busy={svar.isPlaceholderData}>
            <caption className="kun-lest">Saker</caption>
            <Table.Head>
              <Table.Row>
                <Table.HeaderCell>Gjelder</Table.HeaderCell>
                <Table.HeaderCell>Fase</Table.HeaderCell>
                <Table.HeaderCell>Enhet</Table.HeaderCell>
                <Table.HeaderCell>Mottatt</Table.HeaderCell>
                <Table.HeaderCell>Venter på</Table.HeaderCell>
              </Table.Row>
            </Table.Head>
            <Table.Body>
              {rader.map((s) => (
                <Table.Row key={s.id}>
                  <Table.Cell>
                    <Link className="rad__lenke" to={`/saker/${s.id}`}>
                      {s.personNavn}
                    </Link>
                    <span className="dempet">
                      {' '}
                      <span className="ubrutt">· sak {s.saksnummer}</span>
                    </span>
                  </Table.Cell>
                  <Table.Cell data-navn="Fase">
                    <Tag data-size="sm" data-color="neutral">
                      {s.fase}
                    </Tag>
                  </Table.Cell>
                  <Table.Cell data-navn="Enhet" className="samlet">
                    {s.enhetNavn}
                  </Table.Cell>
                  <Table.Cell data-navn="Mottatt" className="samlet">
                    <time dateTime={s.mottatt} title={dag(s.mottatt)}>
                      {dato(s.mottatt)}
                    </time>
                  </Table.Cell>
                  <Table.Cell data-navn="Venter på">
                    {s.venterPaa ?? <span className="dempet">Ingen</span>}
                    {s.venterSiden ? <span className="dempet">, siden {dato(s.venterSiden)}</span> : null}
                  </Table.Cell>
                </Table.Row>
              ))}
            </Table.Body>
          </Table>
          {svar.hasNextPage ? (
            <Button
              variant="secondary"
              data-size="sm"
              className="vis-flere"
              onClick={() => void svar.fetchNextPage()}
              disabled={svar.isFetchingNextPage}
            >
              {svar.isFetchingNextPage ? 'Henter …' : `Vis flere (${tall(rader.length)} av ${tall(hode.totalt)})`}
            </Button>
          ) : null}
        </>
      )}
    </Side>
  );
}

import { Alert, Button, Field, Heading, Label, Select, Table, Tag } from '@digdir/designsystemet-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { ApiFeil } from '../api/klient.ts';
import { type KompetanseOversikt, kompetanseSpoerring, registrerKompetanse } from '../api/spoerringer.ts';
import { Datofelt, datofeil } from '../felles/Datofelt.tsx';
import { Feilliste } from '../felles/Feilliste.tsx';
import { dato, iDag } from '../felles/format.ts';
import { nyId } from '../felles/id.ts';
import { kvitter } from '../felles/kvittering.ts';
import { Side } from '../felles/Side.tsx';
import { feilsetning, Tom, Visning } from '../felles/Tilstand.tsx';

type Ansatt = KompetanseOversikt['ansatte'][number];

function Registrer({ k }: { k: KompetanseOversikt }) {
  const klient = useQueryClient();
  const [brukerId, settBruker] = useState('');
  const [kursId, settKurs] = useState('');
  const [dag, settDag] = useState(iDag());
  const [feil, settFeil] = useState<Record<string, string>>({});
  const [forsoek, settForsoek] = useState(0);
  const innsending = useRef(nyId());
  const lagre = useMutation({
    mutationFn: () => registrerKompetanse({ innsendingId: innsending.current, brukerId, kursId, dato: dag }),
    onSuccess: async () => {
      const navn = k.ansatte.find((a) => a.id === brukerId)?.navn ?? '';
      const kurs = k.kurs.find((c) => c.id === kursId)?.navn ?? '';
      kvitter({
        slag: 'success',
        tekst: `${navn} er registrert med «${kurs}» ${dato(dag)}. Saker som ventet på kurset, går videre.`,
      });
      innsending.current = nyId();
      settBruker('');
      settKurs('');
      await klient.invalidateQueries({ queryKey: ['kompetanse'] });
    },
    onError: (e) => {
      if (e instanceof ApiFeil) {
        innsending.current = nyId();
        settFeil(Object.fromEntries(e.feil.map((f) => [f.felt, f.melding])));
        settForsoek((n) => n + 1);
      }
    },
  });
  const rader = useMemo(
    () => Object.entries(feil).map(([felt, tekst]) => ({ elementId: `kompetanse-${felt}`, tekst })),
    [feil],
  );
  return (
    <form
      className="registrer"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        const f: Record<string, string> = {};
        if (brukerId === '') f['brukerId'] = 'Velg den ansatte.';
        if (kursId === '') f['kursId'] = 'Velg kurset.';
        if (dag === '') f['dato'] = 'Skriv datoen kurset ble holdt.';
        else if (datofeil(dag) !== '') f['dato'] = datofeil(dag);
        else if (dag > iDag()) f['dato'] = 'Datoen kan ikke være fram i tid: kompetanse kommer av oppmøte.';
        settFeil(f);
        settForsoek((n) => n + 1);
        if (Object.keys(f).length === 0 && !lagre.isPending) lagre.mutate();
      }}
    >
      <Heading level={2} data-size="2xs">
        Registrer gjennomført kurs
      </Heading>
      <Feilliste feil={rader} forsoek={forsoek} />
      {lagre.error && rader.length === 0 ? (
        <Alert data-color="danger" data-size="sm" role="alert">
          {feilsetning(lagre.error)}
        </Alert>
      ) : null}
      <div className="rekke">
        <Field data-size="sm">
          <Label>Ansatt</Label>
          <Select
            id="kompetanse-brukerId"
            value={brukerId}
            aria-invalid={feil['brukerId'] !== undefined}
            onChange={(e) => settBruker(e.target.value)}
          >
            <Select.Option value="">Velg</Select.Option>
            {k.ansatte.map((a) => (
              <Select.Option key={a.id} value={a.id}>
                {a.navn}, {a.enhetNavn}
              </Select.Option>
            ))}
          </Select>
        </Field>
        <Field data-size="sm">
          <Label>Kurs</Label>
          <Select
            id="kompetanse-kursId"
            value={kursId}
            aria-invalid={feil['kursId'] !== undefined}
            onChange={(e) => settKurs(e.target.value)}
          >
            <Select.Option value="">Velg</Select.Option>
            {k.kurs.map((c) => (
              <Select.Option key={c.id} value={c.id}>
                {c.navn}
              </Select.Option>
            ))}
          </Select>
        </Field>
        <Datofelt
          id="kompetanse-dato"
          ledetekst="Dato for oppmøte"
          verdi={dag}
          feil={feil['dato']}
          maks={iDag()}
          endre={settDag}
        />
        <Button type="submit" data-size="sm" disabled={lagre.isPending}>
          {lagre.isPending ? 'Lagrer …' : 'Registrer'}
        </Button>
      </div>
    </form>
  );
}

function Krav({ a, kurs }: { a: Ansatt; kurs: ReadonlyMap<string, string> }) {
  const aapne = a.krav.filter((x) => !a.gjennomfoert.some((g) => g.kursId === x.kursId));
  if (aapne.length === 0) return <span className="dempet">Ingen krav</span>;
  return aapne.map((x) => (
    <span key={x.kursId} className="krav">
      {kurs.get(x.kursId) ?? x.kursId}{' '}
      <Tag data-size="sm" data-color={x.venter ? 'warning' : 'neutral'}>
        {x.venter ? 'En sak venter' : x.frist ? `Frist ${dato(x.frist)}` : 'Uten frist'}
      </Tag>
    </span>
  ));
}

export default function Kompetanse() {
  const svar = useQuery(kompetanseSpoerring);
  return (
    <Side tittel="Kompetanse">
      <p>Plankoordinatorer skal ha opplæring. Kompetanse kommer av oppmøte på et kurs, med dato.</p>
      <Visning svar={svar}>
        {(k) => {
          const kurs = new Map(k.kurs.map((c) => [c.id, c.navn]));
          return (
            <>
              <Registrer k={k} />
              {k.ansatte.length === 0 ? (
                <Tom tittel="Ingen ansatte å vise">Ansatte i enheten din står her, med kurs og krav.</Tom>
              ) : (
                <Table className="tabell" data-size="sm" data-color="neutral">
                  <caption className="kun-lest">Ansatte, kurs og krav</caption>
                  <Table.Head>
                    <Table.Row>
                      <Table.HeaderCell>Ansatt</Table.HeaderCell>
                      <Table.HeaderCell>Gjennomført</Table.HeaderCell>
                      <Table.HeaderCell>Krav fra en sak</Table.HeaderCell>
                    </Table.Row>
                  </Table.Head>
                  <Table.Body>
                    {k.ansatte.map((a) => (
                      <Table.Row key={a.id}>
                        <Table.Cell>
                          <strong>{a.navn}</strong>
                          <span className="dempet"> · {a.enhetNavn}</span>
                        </Table.Cell>
                        <Table.Cell data-navn="Gjennomført">
                          {a.gjennomfoert.length === 0 ? (
                            <span className="dempet">Ingen kurs</span>
                          ) : (
                            a.gjennomfoert.map((g) => (
                              <span key={g.kursId + g.dato} className="krav">
                                {kurs.get(g.kursId) ?? g.kursId} <span className="dempet liten">{dato(g.dato)}</span>
                              </span>
                            ))
                          )}
                        </Table.Cell>
                        <Table.Cell data-navn="Krav fra en sak">
                          <Krav a={a} kurs={kurs} />
                        </Table.Cell>
                      </Table.Row>
                    ))}
                  </Table.Body>
                </Table>
              )}
            </>
          );
        }}
      </Visning>
    </Side>
  );
}

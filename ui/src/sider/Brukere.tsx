import { Alert, Button, Field, Label, Search, Select, Table, Tag, Textfield } from '@digdir/designsystemet-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { BrukerRad } from '../../../src/contract/api.ts';
import { erBlank } from '../../../src/contract/tekst.ts';
import { ROLLENAVN } from '../../../src/contract/tilgang.ts';
import { ApiFeil } from '../api/klient.ts';
import { brukereSpoerring, endreBruker } from '../api/spoerringer.ts';
import { Datofelt, datofeil } from '../felles/Datofelt.tsx';
import { dato, iDag, siden, tall } from '../felles/format.ts';
import { kvitter } from '../felles/kvittering.ts';
import { Side } from '../felles/Side.tsx';
import { feilsetning, Tom, Visning } from '../felles/Tilstand.tsx';
import { useStille } from '../ramme/Soek.tsx';

type Rolle = BrukerRad['roller'][number];

/** En endring som kan gjøres med brukeren: teksten i lista, hva som sendes, og hva som skjer. */
interface Valg {
  id: string;
  tekst: string;
  hva: Parameters<typeof endreBruker>[1];
  felter: Record<string, string>;
  /** Datofeltet: navnet i kallet og ledeteksten; null når endringen gjelder nå. */
  dag: { felt: string; ledetekst: string; hint: string } | null;
  virkning: string;
}

const rolletekst = (r: Rolle): string => `${ROLLENAVN[r.rolle].toLowerCase()} ved ${r.enhetNavn}`;
const oppgavetekst = (n: number): string => (n === 1 ? 'Den ene oppgaven' : `De ${tall(n)} oppgavene`);

function personligTekst(b: BrukerRad): string {
  if (b.personlige === 0) return '';
  return ` ${b.personlige === 1 ? 'Én oppgave er gitt' : `${tall(b.personlige)} oppgaver er gitt`} personlig, og merkes for lederen.`;
}

function valgFor(b: BrukerRad): Valg[] {
  const valg: Valg[] = [];
  if (b.kanFrigjoere > 0) {
    valg.push({
      id: 'frigjoer',
      tekst: 'Gjør oppgavene ledige',
      hva: 'frigjoer',
      felter: {},
      dag: null,
      virkning: `${oppgavetekst(b.kanFrigjoere)} blir ledig${b.kanFrigjoere === 1 ? '' : 'e'} for enheten. Utkast følger med.`,
    });
  }
  for (const r of b.roller) {
    const felter = { rolle: r.rolle, enhetId: r.enhetId };
    if (r.kanAvsluttes && r.til === null) {
      valg.push({
        id: `slutt:${r.rolle}:${r.enhetId}`,
        tekst: `Avslutt rollen ${rolletekst(r)}`,
        hva: 'roller/avslutt',
        felter,
        dag: { felt: 'til', ledetekst: 'Siste dag', hint: 'En dag som er over, virker med en gang.' },
        virkning: 'Etter siste dag blir oppgavene rollen ga, ledige for enheten.',
      });
    }
    if (r.kanAapnes) {
      valg.push({
        id: `aapne:${r.rolle}:${r.enhetId}`,
        tekst: `La rollen ${rolletekst(r)} gjelde igjen`,
        hva: 'roller/aapne',
        felter,
        dag: null,
        virkning: 'Oppgaver som er gitt fra seg, kommer ikke tilbake av seg selv.',
      });
    }
  }
  if (b.kanSperres && !b.sperret) {
    valg.push({
      id: 'sperr',
      tekst: 'Sperr brukeren',
      hva: 'sperr',
      felter: {},
      dag: { felt: 'fra', ledetekst: 'Sperret fra', hint: 'I dag virker med en gang.' },
      virkning: `${b.navn} logges ut og kommer ikke inn.${b.oppgaver > b.personlige ? ` ${oppgavetekst(b.oppgaver - b.personlige)} blir ledig${b.oppgaver - b.personlige === 1 ? '' : 'e'}.` : ''}${personligTekst(b)}`,
    });
  }
  if (b.kanSperres && b.sperretFra !== null) {
    valg.push({
      id: 'aapne',
      tekst: b.sperret ? 'Åpne igjen' : 'Opphev sperringen',
      hva: 'aapne',
      felter: {},
      dag: null,
      virkning: `${b.navn} kan logge inn${b.sperret ? ' igjen' : ' også etter datoen'}. Oppgaver som er gitt fra seg, kommer ikke tilbake av seg selv.`,
    });
  }
  return valg;
}

function Endre({ b, lukk }: { b: BrukerRad; lukk: () => void }) {
  const klient = useQueryClient();
  const id = useId();
  const mulige = valgFor(b);
  const [valgt, settValgt] = useState('');
  const [dag, settDag] = useState(iDag());
  const [grunn, settGrunn] = useState('');
  const [feil, settFeil] = useState<Record<string, string>>({});
  const valg = mulige.find((v) => v.id === valgt);
  const send = useMutation({
    mutationFn: (v: Valg) => endreBruker(b.id, v.hva, { ...v.felter, ...(v.dag ? { [v.dag.felt]: dag } : {}), grunn }),
    onSuccess: async ({ melding }) => {
      kvitter({ slag: 'success', tekst: melding, vises: 'flytende' });
      lukk();
      await Promise.all(['brukere', 'oppgaver', 'oppgave'].map((n) => klient.invalidateQueries({ queryKey: [n] })));
    },
    onError: (e) => {
      if (e instanceof ApiFeil) {
        settFeil(
          Object.fromEntries(e.feil.map((f) => [f.felt === 'fra' || f.felt === 'til' ? 'dag' : f.felt, f.melding])),
        );
      }
    },
  });
  return (
    <form
      className="fordel endre"
      data-color="accent"
      aria-label={`Endre ${b.navn}`}
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        const f: Record<string, string> = {};
        if (!valg) f['valg'] = 'Velg hva som skal skje.';
        if (valg?.dag && dag === '') f['dag'] = 'Velg en dag.';
        else if (valg?.dag && datofeil(dag) !== '') f['dag'] = datofeil(dag);
        if (erBlank(grunn)) f['grunn'] = 'Skriv en grunn.';
        settFeil(f);
        const foerste = ['valg', 'dag', 'grunn'].find((felt) => felt in f);
        if (foerste) document.getElementById(`${id}-${foerste}`)?.focus();
        else if (valg && !send.isPending) send.mutate(valg);
      }}
    >
      {send.error && Object.keys(feil).length === 0 ? (
        <Alert data-color="danger" data-size="sm" role="alert">
          {feilsetning(send.error)}
        </Alert>
      ) : null}
      <div className="fordel__felter">
        <Field data-size="sm">
          <Label>Hva skal skje?</Label>
          <Select
            id={`${id}-valg`}
            value={valgt}
            aria-invalid={feil['valg'] !== undefined}
            aria-describedby={feil['valg'] ? `${id}-valg-feil` : undefined}
            onChange={(e) => settValgt(e.target.value)}
          >
            <Select.Option value="">Velg</Select.Option>
            {mulige.map((v) => (
              <Select.Option key={v.id} value={v.id}>
                {v.tekst}
              </Select.Option>
            ))}
          </Select>
          {feil['valg'] ? (
            <span className="feiltekst" id={`${id}-valg-feil`}>
              {feil['valg']}
            </span>
          ) : null}
        </Field>
        {valg?.dag ? (
          <Datofelt
            id={`${id}-dag`}
            ledetekst={valg.dag.ledetekst}
            hint={valg.dag.hint}
            verdi={dag}
            feil={feil['dag']}
            endre={settDag}
          />
        ) : null}
        <Textfield
          data-size="sm"
          id={`${id}-grunn`}
          label="Grunn"
          description="Loggføres. Skriv ikke om sykdom."
          value={grunn}
          maxLength={500}
          error={feil['grunn']}
          onChange={(e) => settGrunn(e.target.value)}
        />
        <div className="knapperad">
          <Button type="submit" data-size="sm" disabled={send.isPending}>
            {send.isPending ? 'Lagrer …' : (valg?.tekst ?? 'Lagre')}
          </Button>
          <Button type="button" variant="tertiary" data-size="sm" onClick={lukk}>
            Avbryt
          </Button>
        </div>
      </div>
      <p className="liten" aria-live="polite">
        {valg?.virkning ?? ''}
      </p>
    </form>
  );
}

function Roller({ roller }: { roller: BrukerRad['roller'] }) {
  if (roller.length === 0) return <span className="dempet">Ingen roller</span>;
  return roller.map((r) => (
    <span key={r.rolle + r.enhetId + r.fra} className={r.gjelder ? 'krav' : 'krav dempet'}>
      {ROLLENAVN[r.rolle]} <span className="dempet">· {r.enhetNavn}</span>
      {r.til ? (
        <span className="dempet liten">
          , {r.gjelder ? 'til og med' : 'sluttet'} {dato(r.til)}
        </span>
      ) : null}
    </span>
  ));
}

function Tilstand({ b }: { b: BrukerRad }) {
  return (
    <>
      {b.sperretFra ? (
        <Tag data-size="sm" data-color={b.sperret ? 'danger' : 'warning'}>
          {b.sperret ? `Sperret siden ${dato(b.sperretFra)}` : `Sperres ${dato(b.sperretFra)}`}
        </Tag>
      ) : (
        <span className="dempet">I bruk</span>
      )}
      {b.siste ? (
        <span className="krav liten dempet">
          {b.siste.tekst} av {b.siste.av} {siden(b.siste.tid)}: {b.siste.grunn}
        </span>
      ) : null}
    </>
  );
}

function Rad({ b }: { b: BrukerRad }) {
  const [aapen, settAapen] = useState(false);
  const kanEndres = valgFor(b).length > 0;
  return (
    <>
      <Table.Row>
        <Table.Cell>
          <strong>{b.navn}</strong>
        </Table.Cell>
        <Table.Cell data-navn="Roller">
          <Roller roller={b.roller} />
        </Table.Cell>
        <Table.Cell className="tall" data-navn="Åpne oppgaver">
          {tall(b.oppgaver)}
          {b.personlige > 0 ? <span className="krav liten dempet">{tall(b.personlige)} personlig</span> : null}
        </Table.Cell>
        <Table.Cell data-navn="Tilstand">
          <Tilstand b={b} />
        </Table.Cell>
        <Table.Cell>
          {kanEndres ? (
            <Button
              variant="secondary"
              data-size="sm"
              aria-expanded={aapen}
              aria-label={`Endre ${b.navn}`}
              onClick={() => settAapen(!aapen)}
            >
              Endre
            </Button>
          ) : null}
        </Table.Cell>
      </Table.Row>
      {aapen ? (
        <Table.Row>
          <Table.Cell colSpan={5}>
            <Endre b={b} lukk={() => settAapen(false)} />
          </Table.Cell>
        </Table.Row>
      ) : null}
    </>
  );
}

/** Folk med roller og oppgaver: den som slutter, sperres eller er borte, gir fra seg det han har. */
export default function Brukere() {
  const [sok, settSok] = useState('');
  const svar = useQuery({ ...brukereSpoerring(useStille(sok, 250)), placeholderData: (forrige) => forrige });
  return (
    <Side tittel="Brukere">
      <p>
        Den som slutter eller sperres, gir fra seg oppgavene sine med en gang. Den som er borte en stund, kan gi dem fra
        seg uten å sperres.
      </p>
      <Field data-size="sm" className="brukersok">
        <Label>Finn en bruker</Label>
        <Search>
          <Search.Input aria-label="Finn en bruker" value={sok} onChange={(e) => settSok(e.target.value)} />
          <Search.Clear aria-label="Tøm" onClick={() => settSok('')} />
        </Search>
      </Field>
      <Visning svar={svar}>
        {({ rader, totalt }) =>
          rader.length === 0 ? (
            <Tom tittel={sok ? 'Ingen brukere passer med søket' : 'Ingen brukere å vise'}>
              Folk med roller i enheten din står her, med oppgavene de har.
            </Tom>
          ) : (
            <>
              {totalt > rader.length ? (
                <p className="liten">
                  Viser {tall(rader.length)} av {tall(totalt)}. Søk for å finne flere.
                </p>
              ) : null}
              <Table className="tabell" data-size="sm" data-color="neutral">
                <caption className="kun-lest">Brukere, roller og oppgaver</caption>
                <Table.Head>
                  <Table.Row>
                    <Table.HeaderCell>Navn</Table.HeaderCell>
                    <Table.HeaderCell>Roller</Table.HeaderCell>
                    <Table.HeaderCell className="tall">Åpne oppgaver</Table.HeaderCell>
                    <Table.HeaderCell>Tilstand</Table.HeaderCell>
                    <Table.HeaderCell>
                      <span className="kun-lest">Endre</span>
                    </Table.HeaderCell>
                  </Table.Row>
                </Table.Head>
                <Table.Body>
                  {rader.map((b) => (
                    <Rad key={b.id} b={b} />
                  ))}
                </Table.Body>
              </Table>
            </>
          )
        }
      </Visning>
    </Side>
  );
}

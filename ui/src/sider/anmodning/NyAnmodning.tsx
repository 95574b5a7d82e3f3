import {
  Alert,
  Button,
  Checkbox,
  Field,
  Fieldset,
  Heading,
  Label,
  Radio,
  Select,
  Textarea,
  Textfield,
  ValidationMessage,
} from '@digdir/designsystemet-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { NyAnmodning as Anmodning } from '../../../../src/contract/api.ts';
import { erBlank } from '../../../../src/contract/tekst.ts';
import { ApiFeil } from '../../api/klient.ts';
import { mottaksenheterSpoerring, personStatusSpoerring, sendAnmodning } from '../../api/spoerringer.ts';
import { Feilliste } from '../../felles/Feilliste.tsx';
import { Filvalg } from '../../felles/Filvalg.tsx';
import { dag, dato, iDag } from '../../felles/format.ts';
import { nyId } from '../../felles/id.ts';
import { kvitter } from '../../felles/kvittering.ts';
import { Side } from '../../felles/Side.tsx';
import { useSnarveier } from '../../felles/tastatur.ts';
import { feilsetning, Skjelett, Visning } from '../../felles/Tilstand.tsx';
import { Personvalg } from './Personvalg.tsx';

const HVEM: Record<Anmodning['hvemSpoer'], string> = {
  planeier: 'Personen selv',
  paaroerende: 'Pårørende',
  tjenesteyter: 'Tjenesteyter',
  verge: 'Verge',
  likemann: 'Likemann',
  kommunen: 'Kommunen selv',
};
const OENSKE: Record<Anmodning['oenske'], string> = {
  ip: 'Individuell plan',
  koordinator: 'Koordinator, uten plan',
  barnekoordinator: 'Barnekoordinator',
};
const MAATE: Record<Anmodning['maate'], string> = {
  skriftlig: 'Skriftlig',
  muntlig: 'Muntlig',
};

function noekler<K extends string>(tabell: Record<K, string>): K[] {
  // Object.keys mister nøkkeltypen; tabellen er uttømmende.
  return Object.keys(tabell) as K[];
}

interface Utkast extends Omit<Anmodning, 'hvemSpoer' | 'maate' | 'oenske' | 'innsendingId' | 'personId'> {
  hvemSpoer: Anmodning['hvemSpoer'] | '';
  maate: Anmodning['maate'] | '';
  oenske: Anmodning['oenske'] | '';
}

export default function NyAnmodning() {
  const naviger = useNavigate();
  const klient = useQueryClient();
  const [p, settP] = useSearchParams();
  const personId = p.get('person') ?? '';
  const { data: enheter, error: enhetsfeil, refetch: hentEnheter } = useQuery(mottaksenheterSpoerring);
  const [a, settA] = useState<Utkast>({
    enhetId: '',
    mottatt: iDag(),
    hvemSpoer: '',
    hvemSpoerNavn: '',
    maate: '',
    oenske: '',
    egenSak: false,
    notat: '',
  });
  const [filer, settFiler] = useState<File[]>([]);
  const [feil, settFeil] = useState<Record<string, string>>({});
  const [forsoek, settForsoek] = useState(0);
  const innsending = useRef(nyId());
  const status = useQuery({ ...personStatusSpoerring(personId), enabled: personId !== '' });

  const sett = <K extends keyof Utkast>(felt: K, verdi: Utkast[K]): void => {
    settA({ ...a, [felt]: verdi });
    settFeil(({ [felt]: _, ...resten }) => resten);
  };
  const velgPerson = (id: string): void => {
    settP(id === '' ? {} : { person: id }, { replace: true });
    settFeil(({ personId: _, ...resten }) => resten);
  };

  const enhet = enheter?.find((e) => e.id === a.enhetId) ?? enheter?.[0];
  /** Saken som alt er åpen: opplysningene hører hjemme der, og en ny kan ikke åpnes. */
  const aapenSak = status.data?.aapenSak?.id ? status.data.aapenSak : null;

  const send = useMutation({
    mutationFn: (kropp: Anmodning) => sendAnmodning(kropp, filer),
    onSuccess: async (svar) => {
      kvitter({
        slag: 'success',
        tekst: `Anmodningen er registrert som sak ${svar.saksnummer}. Den som spurte, får en kvittering.`,
      });
      void klient.invalidateQueries({ queryKey: ['oppgaver'] });
      void klient.invalidateQueries({ queryKey: ['saker'] });
      await naviger(`/saker/${svar.sakId}`);
    },
    onError: (e) => {
      if (e instanceof ApiFeil) {
        innsending.current = nyId();
        settFeil(Object.fromEntries(e.feil.map((f) => [f.felt, f.melding])));
        settForsoek((n) => n + 1);
      }
      window.scrollTo({ top: 0 });
    },
  });
  const sendInn = (): void => {
    if (aapenSak) return;
    const f: Record<string, string> = {};
    if (personId === '') f['personId'] = 'Velg hvem anmodningen gjelder.';
    if (!enhet)
      f['enhetId'] = enheter ? 'Velg enheten som tar imot.' : 'Enhetene dine er ikke hentet ennå. Prøv igjen.';
    if (!/^\d{4}-\d{2}-\d{2}$/.test(a.mottatt)) f['mottatt'] = 'Skriv datoen anmodningen ble mottatt.';
    else if (a.mottatt > iDag()) f['mottatt'] = 'Datoen kan ikke være fram i tid.';
    if (a.hvemSpoer === '') f['hvemSpoer'] = 'Velg hvem som spør.';
    if (a.maate === '') f['maate'] = 'Velg skriftlig eller muntlig.';
    if (a.maate === 'muntlig' && erBlank(a.notat))
      f['notat'] = 'Skriv ned det som ble sagt. En muntlig anmodning skal alltid skrives ned.';
    if (a.oenske === '') f['oenske'] = 'Velg hva som ønskes.';
    settFeil(f);
    if (Object.keys(f).length > 0 || !enhet || a.hvemSpoer === '' || a.maate === '' || a.oenske === '') {
      settForsoek((n) => n + 1);
      window.scrollTo({ top: 0 });
      return;
    }
    if (!send.isPending) {
      send.mutate({
        ...a,
        enhetId: enhet.id,
        egenSak: a.egenSak && enhet.egneSaker,
        hvemSpoer: a.hvemSpoer,
        maate: a.maate,
        oenske: a.oenske,
        personId,
        innsendingId: innsending.current,
      });
    }
  };
  useSnarveier({ 'ctrl+enter': sendInn });

  const rekkefoelge = ['personId', 'enhetId', 'mottatt', 'hvemSpoer', 'hvemSpoerNavn', 'maate', 'oenske', 'notat'];
  const rader = useMemo(
    () =>
      Object.entries(feil)
        .sort(([x], [y]) => rekkefoelge.indexOf(x) - rekkefoelge.indexOf(y))
        .map(([felt, tekst]) => ({ elementId: `felt-${felt}`, tekst })),
    // Rekkefølgen er den samme hver gang.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [feil],
  );
  const valg = <K extends 'hvemSpoer' | 'maate' | 'oenske'>(
    felt: K,
    ledetekst: string,
    tabell: Record<Exclude<Utkast[K], ''>, string>,
  ) => (
    <Fieldset data-size="sm">
      <Fieldset.Legend>{ledetekst}</Fieldset.Legend>
      <div className="valgrad">
        {noekler(tabell).map((v, i) => (
          <Radio
            key={v}
            id={i === 0 ? `felt-${felt}` : `felt-${felt}-${v}`}
            name={felt}
            value={v}
            label={tabell[v]}
            checked={a[felt] === v}
            aria-invalid={feil[felt] !== undefined}
            onChange={() => sett(felt, v as Utkast[K])}
          />
        ))}
      </div>
      {feil[felt] ? <ValidationMessage>{feil[felt]}</ValidationMessage> : null}
    </Fieldset>
  );
  const barnFor = status.data && status.data.person.alder >= 18 && a.oenske === 'barnekoordinator';

  return (
    <Side tittel="Ny anmodning" bredde="lesbar">
      <Feilliste feil={rader} forsoek={forsoek} />
      {send.error && rader.length === 0 ? (
        <Alert data-color="danger" role="alert">
          {feilsetning(send.error)} Det du har skrevet, står her fortsatt.
        </Alert>
      ) : null}
      <form
        className="anmodning"
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          sendInn();
        }}
      >
        <section aria-labelledby="om-hvem">
          <Heading level={2} data-size="xs" id="om-hvem">
            Hvem gjelder det?
          </Heading>
          {personId === '' ? (
            <Personvalg feil={feil['personId']} paaValgt={(t) => velgPerson(t.id)} />
          ) : (
            <Visning svar={status} skjelett={<Skjelett rader={2} />}>
              {(s) => (
                <div className="valgtperson">
                  <p>
                    <strong>{s.person.navn}</strong>, {s.person.alder} år, født {dato(s.person.fodselsdato)}
                    {s.person.beskyttetAdresse ? ' · beskyttet adresse' : ''}{' '}
                    <Button variant="tertiary" data-size="sm" onClick={() => velgPerson('')}>
                      Bytt person
                    </Button>
                  </p>
                  <Alert data-size="sm" data-color={s.harPlan || s.aapenSak ? 'warning' : 'info'} role="status">
                    {s.hvaSaa}{' '}
                    {s.aapenSak?.id ? (
                      <Link className="ds-link" to={`/saker/${s.aapenSak.id}`}>
                        Åpne sak {s.aapenSak.saksnummer}
                      </Link>
                    ) : null}
                  </Alert>
                </div>
              )}
            </Visning>
          )}
        </section>
        {aapenSak ? null : (
          <>
            <section aria-labelledby="om-hvordan">
              <Heading level={2} data-size="xs" id="om-hvordan">
                Hvem spør, og hvordan?
              </Heading>
              {valg('hvemSpoer', 'Hvem spør?', HVEM)}
              {a.hvemSpoer !== '' && a.hvemSpoer !== 'planeier' ? (
                <Textfield
                  data-size="sm"
                  id="felt-hvemSpoerNavn"
                  label="Navnet på den som spør (valgfritt)"
                  value={a.hvemSpoerNavn}
                  error={feil['hvemSpoerNavn']}
                  autoComplete="off"
                  onChange={(e) => sett('hvemSpoerNavn', e.target.value)}
                />
              ) : null}
              {valg('maate', 'Hvordan kom anmodningen?', MAATE)}
              <div className="rekke">
                <Textfield
                  data-size="sm"
                  id="felt-mottatt"
                  type="date"
                  label="Mottatt"
                  description={/^\d{4}-\d{2}-\d{2}$/.test(a.mottatt) ? dag(a.mottatt) : 'Dag, måned og år'}
                  max={iDag()}
                  value={a.mottatt}
                  error={feil['mottatt']}
                  onChange={(e) => sett('mottatt', e.target.value)}
                />
                {enheter && enheter.length > 1 ? (
                  <Field data-size="sm">
                    <Label>Enheten som tar imot</Label>
                    <Select id="felt-enhetId" value={enhet?.id} onChange={(e) => sett('enhetId', e.target.value)}>
                      {enheter.map((e) => (
                        <Select.Option key={e.id} value={e.id}>
                          {e.navn}
                        </Select.Option>
                      ))}
                    </Select>
                    {feil['enhetId'] ? <ValidationMessage>{feil['enhetId']}</ValidationMessage> : null}
                  </Field>
                ) : (
                  <p className="fast">
                    <span>Enheten som tar imot</span>
                    <strong>{enheter && !enhet ? 'Du er ikke saksbehandler i noen enhet' : enhet?.navn}</strong>
                    {feil['enhetId'] ? <ValidationMessage>{feil['enhetId']}</ValidationMessage> : null}
                    {enhetsfeil && !enheter ? (
                      <Button variant="secondary" data-size="sm" onClick={() => void hentEnheter()}>
                        Hent enhetene på nytt
                      </Button>
                    ) : null}
                  </p>
                )}
              </div>
            </section>
            <section aria-labelledby="om-hva">
              <Heading level={2} data-size="xs" id="om-hva">
                Hva ønskes?
              </Heading>
              {valg('oenske', 'Det gjelder', OENSKE)}
              {barnFor ? (
                <Alert data-color="warning" data-size="sm">
                  Barnekoordinator er for familier med barn under 18 år (pbrl § 2-5c). Personen er{' '}
                  {status.data?.person.alder} år.
                </Alert>
              ) : null}
              <Field data-size="sm">
                <Label>{a.maate === 'muntlig' ? 'Det som ble sagt, skrevet ned' : 'Notat (valgfritt)'}</Label>
                {a.maate === 'muntlig' ? (
                  <Field.Description>En muntlig anmodning skal alltid skrives ned.</Field.Description>
                ) : null}
                <Textarea
                  id="felt-notat"
                  rows={4}
                  maxLength={10000}
                  value={a.notat}
                  aria-invalid={feil['notat'] !== undefined}
                  onChange={(e) => sett('notat', e.target.value)}
                />
                {feil['notat'] ? <ValidationMessage>{feil['notat']}</ValidationMessage> : null}
              </Field>
              {enhet?.egneSaker ? (
                <Checkbox
                  data-size="sm"
                  label={`Egen sak: ${enhet.navn} avgjør selv`}
                  description="Kryss av når det ikke er aktuelt å koble inn koordinerende enhet."
                  checked={a.egenSak}
                  onChange={(e) => sett('egenSak', e.target.checked)}
                />
              ) : null}
            </section>
            <section aria-labelledby="om-filer">
              <Heading level={2} data-size="xs" id="om-filer">
                Filer
              </Heading>
              <Filvalg
                filer={filer}
                feil={feil['filer']}
                beskrivelse="Legg ved anmodningen og andre dokumenter (valgfritt)."
                endre={(nye, melding) => {
                  settFiler(nye);
                  settFeil(({ filer: _, ...resten }) => (melding ? { ...resten, filer: melding } : resten));
                }}
              />
            </section>
            <div className="bunn">
              <Button type="submit" className="bunn__knapp" disabled={send.isPending}>
                {send.isPending ? 'Lagrer …' : 'Registrer anmodningen'}
              </Button>
              <p className="bunn__tekst">
                <span className="bunn__etikett">Da skjer dette:</span> Saken opprettes, og den som spurte, får en
                kvittering. Første oppgave legges til enheten.
              </p>
            </div>
          </>
        )}
      </form>
    </Side>
  );
}

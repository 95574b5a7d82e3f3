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
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { NyAnmodning as Anmodning, Utkast as LagretUtkast } from '../../../../src/contract/api.ts';
import { UTKAST_ENDRET } from '../../../../src/contract/utkast.ts';
import { visDato } from '../../../../src/contract/dato.ts';
import { erBlank } from '../../../../src/contract/tekst.ts';
import { ApiFeil } from '../../api/klient.ts';
import {
  ANMODNINGSUTKAST,
  anmodningsutkastSpoerring,
  lagreAnmodningsutkast,
  mottaksenheterSpoerring,
  personStatusSpoerring,
  sendAnmodning,
  slettAnmodningsutkast,
} from '../../api/spoerringer.ts';
import { Datofelt, datofeil } from '../../felles/Datofelt.tsx';
import { Feilliste } from '../../felles/Feilliste.tsx';
import { Filvalg } from '../../felles/Filvalg.tsx';
import { dato, iDag } from '../../felles/format.ts';
import { nyId } from '../../felles/id.ts';
import { kvitter, ulagretTekst, useUlagret } from '../../felles/kvittering.ts';
import { Side } from '../../felles/Side.tsx';
import { useSnarveier } from '../../felles/tastatur.ts';
import { feilsetning, Skjelett, Visning } from '../../felles/Tilstand.tsx';
import { ulike } from '../../utkast/skriver.ts';
import { Utkastkonflikt, type Konfliktfelt } from '../../utkast/Utkastkonflikt.tsx';
import { Utkastlinje } from '../../utkast/Utkastlinje.tsx';
import { useUtkast } from '../../utkast/useUtkast.ts';
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

const tomt = (): Utkast => ({
  enhetId: '',
  mottatt: iDag(),
  hvemSpoer: '',
  hvemSpoerNavn: '',
  maate: '',
  oenske: '',
  egenSak: false,
  notat: '',
});

/** Skjemaet slik utkastet har det; det utkastet ikke har, eller har av feil slag, er tomt. */
function fraUtkast(data: Record<string, unknown>): Utkast {
  const start = tomt();
  const t = (v: unknown, ellers = ''): string => (typeof v === 'string' ? v : ellers);
  const ett = <K extends string>(v: unknown, tabell: Record<K, string>): K | '' =>
    noekler(tabell).find((k) => k === v) ?? '';
  return {
    enhetId: t(data['enhetId']),
    mottatt: t(data['mottatt'], start.mottatt),
    hvemSpoer: ett(data['hvemSpoer'], HVEM),
    hvemSpoerNavn: t(data['hvemSpoerNavn']),
    maate: ett(data['maate'], MAATE),
    oenske: ett(data['oenske'], OENSKE),
    egenSak: data['egenSak'] === true,
    notat: t(data['notat']),
  };
}

/** Utkastet gjelder en annen enn den siden ble åpnet for: det ene skal ikke havne på den andre. */
function AnnenPerson({ personId, fortsett, forkast }: { personId: string; fortsett: () => void; forkast: () => void }) {
  const status = useQuery(personStatusSpoerring(personId));
  const slett = useMutation({ mutationFn: slettAnmodningsutkast, onSuccess: forkast });
  return (
    <Side tittel="Ny anmodning" bredde="lesbar">
      <Alert data-color="info">
        <Heading level={2} data-size="2xs">
          Du har en påbegynt anmodning
        </Heading>
        <p>
          Den gjelder {status.data?.person.navn ?? 'en annen person'} og er ikke sendt. Gjør den ferdig, eller forkast
          den for å begynne på en ny.
        </p>
        {slett.error ? <ValidationMessage>{feilsetning(slett.error)}</ValidationMessage> : null}
        <p className="knapperad">
          <Button data-size="sm" onClick={fortsett}>
            Fortsett på den
          </Button>
          <Button data-size="sm" variant="tertiary" disabled={slett.isPending} onClick={() => slett.mutate()}>
            Forkast den
          </Button>
        </p>
      </Alert>
    </Side>
  );
}

export default function NyAnmodning() {
  const svar = useQuery(anmodningsutkastSpoerring);
  const [p, settP] = useSearchParams();
  const person = p.get('person') ?? '';
  const [forkastet, settForkastet] = useState(0);
  const [startet, settStartet] = useState(false);
  return (
    <Visning svar={svar} side="Ny anmodning" skjelett={<Skjelett rader={6} />}>
      {({ utkast }) => {
        const i = forkastet > 0 ? null : utkast;
        const utkastperson = typeof i?.data['personId'] === 'string' ? i.data['personId'] : '';
        if (!startet && person !== '' && utkastperson !== '' && person !== utkastperson) {
          return (
            <AnnenPerson
              personId={utkastperson}
              fortsett={() => settP({ person: utkastperson }, { replace: true })}
              forkast={() => settForkastet((n) => n + 1)}
            />
          );
        }
        return (
          <Skjema
            key={forkastet}
            utkast={i}
            person={person || utkastperson}
            paaStart={() => settStartet(true)}
            forkast={() => {
              settP({}, { replace: true });
              settForkastet((n) => n + 1);
            }}
          />
        );
      }}
    </Visning>
  );
}

function Skjema({
  utkast,
  person,
  paaStart,
  forkast,
}: {
  utkast: LagretUtkast | null;
  /** den anmodningen gjelder når siden åpnes */
  person: string;
  paaStart: () => void;
  forkast: () => void;
}) {
  const naviger = useNavigate();
  const klient = useQueryClient();
  const [p, settP] = useSearchParams();
  const personId = p.get('person') ?? '';
  useEffect(() => {
    if (person !== '') settP({ person }, { replace: true });
    paaStart();
    // Bare når skjemaet åpnes; etterpå er det adressen som sier hvem det gjelder.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const { data: enheter, error: enhetsfeil, refetch: hentEnheter } = useQuery(mottaksenheterSpoerring);
  const [start] = useState(() => ({
    data: utkast?.data ?? { ...tomt(), personId: '' },
    versjon: utkast?.versjon ?? 0,
  }));
  const { skriver, endret } = useUtkast(ANMODNINGSUTKAST, start, lagreAnmodningsutkast, '/ny-anmodning');
  const [a, settA] = useState<Utkast>(() => fraUtkast(skriver.ulagret ?? start.data));
  const skrevet = useMemo(() => ({ ...a, personId }), [a, personId]);
  const sist = useRef<typeof skrevet | null>(null);
  useEffect(() => {
    const foer = sist.current;
    sist.current = skrevet;
    if (foer && foer !== skrevet && (skriver.ulagret || ulike(skrevet, skriver.grunnlag).length > 0)) endret(skrevet);
  }, [skrevet, endret, skriver]);
  const [filer, settFiler] = useState<File[]>([]);
  useUlagret('anmodning-filer', filer.length > 0);
  const kast = useMutation({
    mutationFn: slettAnmodningsutkast,
    onMutate: () => skriver.ferdig(),
    onSuccess: forkast,
    onError: () => skriver.pause(false),
  });
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
    mutationFn: async (kropp: Anmodning) => {
      try {
        await skriver.lagreAlt();
      } catch (feil) {
        if (skriver.tilstand().slag === 'konflikt') throw feil;
      }
      skriver.pause(true);
      return sendAnmodning({ ...kropp, utkastversjon: skriver.versjon }, filer);
    },
    onSuccess: async (svar) => {
      skriver.ferdig();
      ulagretTekst.sett('anmodning-filer', false);
      kvitter({
        slag: 'success',
        tekst: `Anmodningen er registrert som sak ${svar.saksnummer}. Den som spurte, får en kvittering.`,
      });
      void klient.invalidateQueries({ queryKey: ['oppgaver'] });
      void klient.invalidateQueries({ queryKey: ['saker'] });
      await naviger(`/saker/${svar.sakId}`);
    },
    onError: (e) => {
      skriver.pause(false);
      if (e instanceof ApiFeil && e.problem.type === UTKAST_ENDRET) {
        skriver.konflikt(e.problem.utkast ?? null, skrevet);
      } else if (e instanceof ApiFeil) {
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
    if (a.mottatt === '') f['mottatt'] = 'Skriv datoen anmodningen ble mottatt.';
    else if (datofeil(a.mottatt) !== '') f['mottatt'] = datofeil(a.mottatt);
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

  const iOrd = useCallback(
    (tabell: Record<string, string>) =>
      (v: unknown): string =>
        typeof v === 'string' ? (tabell[v] ?? v) : '',
    [],
  );
  const felter: Konfliktfelt[] = [
    {
      key: 'personId',
      ledetekst: 'Hvem gjelder det?',
      vis: (v) =>
        v === '' || v == null
          ? ''
          : v === personId
            ? (status.data?.person.navn ?? 'Personen valgt her')
            : 'En annen person',
      tekst: false,
    },
    { key: 'hvemSpoer', ledetekst: 'Hvem spør?', vis: iOrd(HVEM), tekst: false },
    { key: 'hvemSpoerNavn', ledetekst: 'Navnet på den som spør', vis: iOrd({}), tekst: false },
    { key: 'maate', ledetekst: 'Hvordan kom anmodningen?', vis: iOrd(MAATE), tekst: false },
    { key: 'mottatt', ledetekst: 'Mottatt', vis: (v) => visDato(String(v ?? '')), tekst: false },
    {
      key: 'enhetId',
      ledetekst: 'Enheten som tar imot',
      vis: (v) => enheter?.find((e) => e.id === v)?.navn ?? '',
      tekst: false,
    },
    { key: 'oenske', ledetekst: 'Det gjelder', vis: iOrd(OENSKE), tekst: false },
    { key: 'egenSak', ledetekst: 'Egen sak', vis: (v) => (v === true ? 'Ja' : 'Nei'), tekst: false },
    { key: 'notat', ledetekst: 'Notat', vis: iOrd({}), tekst: true },
  ];
  const harUtkast = utkast !== null || skriver.versjon > 0;

  return (
    <Side tittel="Ny anmodning" bredde="lesbar">
      <div className="utkastlinje">
        <Utkastlinje skriver={skriver} hentet={utkast?.lagret ?? null} />
        {harUtkast ? (
          <Button variant="tertiary" data-size="sm" disabled={kast.isPending} onClick={() => kast.mutate()}>
            Forkast utkastet
          </Button>
        ) : null}
      </div>
      {kast.error ? <ValidationMessage>{feilsetning(kast.error)}</ValidationMessage> : null}
      <Utkastkonflikt
        skriver={skriver}
        skrevet={skrevet}
        felter={felter}
        velg={(valgt) => {
          settA(fraUtkast(valgt));
          if (typeof valgt['personId'] === 'string' && valgt['personId'] !== personId) velgPerson(valgt['personId']);
        }}
      />
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
                <Datofelt
                  id="felt-mottatt"
                  ledetekst="Mottatt"
                  verdi={a.mottatt}
                  feil={feil['mottatt']}
                  maks={iDag()}
                  endre={(v) => sett('mottatt', v)}
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
                beskrivelse="Legg ved anmodningen og andre dokumenter (valgfritt). Filer blir ikke med i utkastet; velg dem like før du registrerer."
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

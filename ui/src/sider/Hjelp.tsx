import { Heading } from '@digdir/designsystemet-react';
import { Link } from 'react-router';
import { Side } from '../felles/Side.tsx';
import { Snarveiliste } from '../ramme/Tastaturhjelp.tsx';

const HVA: readonly (readonly [string, string])[] = [
  [
    'Oppgaver',
    'Det som skal gjøres. «Mine» er det du har tatt eller fått. «Ledige» er det rollene dine kan ta. «Hele enheten» er for ledere.',
  ],
  [
    'Sak',
    'Alt om én anmodning: hva som gjenstår, hva som har skjedd, dokumenter, det som er registrert, og hvor i rutinen saken står.',
  ],
  [
    'Ny anmodning',
    'Her registreres en skriftlig eller muntlig anmodning om individuell plan, koordinator eller barnekoordinator.',
  ],
  ['Rutiner', 'Kommunens egne rutiner, med tegning og tekst for hvert steg. Saken følger rutinen.'],
  ['Frist', 'Kommer fra rutinen eller loven. Faller den på en helg eller helligdag, flyttes den til neste virkedag.'],
  [
    'Utkast',
    'Det du skriver i en oppgave, lagres av seg selv. Du kan gå fra den og fortsette senere, også på en annen maskin.',
  ],
  ['Legg tilbake', 'Oppgaven blir ledig for enheten igjen. Utkastet blir med.'],
  [
    'Fordele (ledere)',
    'I «Hele enheten» krysser du av oppgaver og gjør dem ledige, eller gir dem til en som kan gjøre dem. Grunnen ser bare ledere; i saken står det hvem som flyttet oppgaven.',
  ],
  ['Kommet tilbake', 'Noe du hadde gjort ferdig, må gjøres om. Det står først i lista, med hvem det kommer fra.'],
  ['Teknisk oppgave', 'Noe systemet ikke klarte selv. Den går til systemansvarlig, som kan prøve igjen.'],
];

export default function Hjelp() {
  return (
    <Side tittel="Hjelp" bredde="lesbar">
      <section className="hjelpdel">
        <Heading level={2} data-size="xs">
          Hva er hva
        </Heading>
        <dl className="ordliste">
          {HVA.map(([ord, forklaring]) => (
            <div key={ord}>
              <dt>{ord}</dt>
              <dd>{forklaring}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section className="hjelpdel">
        <Heading level={2} data-size="xs">
          Tastaturet
        </Heading>
        <Snarveiliste />
      </section>
      <section className="hjelpdel">
        <Heading level={2} data-size="xs">
          Tilgjengelighet
        </Heading>
        <p>
          <Link className="ds-link" to="/tilgjengelighet">
            Les tilgjengelighetserklæringen
          </Link>
        </p>
      </section>
    </Side>
  );
}

export function Tilgjengelighet() {
  return (
    <Side tittel="Tilgjengelighetserklæring" bredde="lesbar">
      <p>
        Løsningen er laget for å følge WCAG 2.2 på nivå AA. Alle sider kan brukes med tastatur og skjermleser, på en
        skjerm som er 320 piksler bred, og med 200 % tekst.
      </p>
      <Heading level={2} data-size="xs">
        Det vi vet ikke er godt nok
      </Heading>
      <ul>
        <li>Tegningen av en rutine kan ikke leses av en skjermleser. Det samme står alltid som liste ved siden av.</li>
        <li>Dokumenter som andre har sendt inn, er slik de ble sendt, og er ikke alltid tilgjengelige.</li>
      </ul>
      <Heading level={2} data-size="xs">
        Si fra
      </Heading>
      <p>
        Er det noe du ikke får til? Si fra til systemansvarlig i kommunen. Kommunen publiserer sin egen erklæring hos
        uutilsynet.no.
      </p>
      <p>
        <Link className="ds-link" to="/hjelp">
          Tilbake til hjelp
        </Link>
      </p>
    </Side>
  );
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { dag, dagOgTid, fristTekst, ramse, siden } from '../../ui/src/felles/format.ts';
import { hendelsesslag } from '../../ui/src/sider/sak/slag.ts';
import { oversett } from '../../ui/src/skjema/oversettelse.ts';
import { felter, utenKnapper } from '../../ui/src/skjema/struktur.ts';

const om = (dager: number): string => new Date(Date.now() + dager * 86_400_000).toISOString();

describe('Datoer og frister på skjermen', () => {
  it('skriver dagen kort på norsk, og klokka med 24 timer', () => {
    expect(dag('2026-12-04')).to.equal('fre. 4. des. 2026');
    expect(dagOgTid('2026-12-04T13:05:00Z')).to.equal('fre. 4. des. 2026 kl. 14.05');
  });

  it('regner dagen i Oslo, også over midnatt i UTC', () => {
    expect(dag('2026-12-03T23:30:00Z')).to.equal('fre. 4. des. 2026');
  });

  it('sier hvor mange dager som er igjen eller over', () => {
    expect(fristTekst(om(3))).to.equal('3 dager igjen');
    expect(fristTekst(om(1))).to.equal('I morgen');
    expect(fristTekst(om(-1))).to.equal('1 dag over');
    expect(fristTekst(om(-12))).to.equal('12 dager over');
  });

  it('sier hvor lenge siden noe skjedde', () => {
    expect(siden(new Date(Date.now() - 120_000).toISOString())).to.equal('for 2 minutter siden');
    expect(siden(new Date(Date.now() - 10_000).toISOString())).to.equal('nå nettopp');
    expect(siden(om(-5))).to.equal('for 5 dager siden');
  });

  it('ramser opp med og', () => {
    expect(ramse(['Saksbehandler', 'beslutter'])).to.equal('Saksbehandler og beslutter');
  });
});

describe('Skjemaene på norsk', () => {
  it('oversetter feilene, med verdien satt inn', () => {
    expect(oversett('Field is required.')).to.equal('Fyll ut dette feltet.');
    expect(oversett('Field must have minimum length of {value}.', { value: '3' })).to.equal('Skriv minst 3 tegn.');
    expect(oversett('Field must have minimum value of {value}.', { value: 0 })).to.equal(
      'Tallet må være 0 eller høyere.',
    );
  });

  it('har en norsk tekst for hver tekst form-js kan vise', () => {
    const kilde = readFileSync(createRequire(import.meta.url).resolve('@bpmn-io/form-js-viewer'), 'utf8');
    const maler = [...kilde.matchAll(/(?<![.\w])(?:this\._)?translate\((?:'([^']+)'|"([^"]+)")/g)].map(
      (m) => m[1] ?? m[2] ?? '',
    );
    // Skjult for brukeren: feil i selve skjemaet, og css-uttrykk.
    const visbare = maler.filter((m) => /^[A-Z{]/.test(m) && !m.startsWith('HELLO'));
    expect(visbare).to.have.length.greaterThan(30);
    expect(visbare.filter((m) => oversett(m) === m)).to.deep.equal([]);
  });

  const skjema = {
    components: [
      { id: 'g', type: 'group', components: [{ id: 'a', key: 'utfall', label: 'Utfall', type: 'radio' }] },
      { id: 't', type: 'text', text: 'Til lesing' },
      { id: 'b', key: 'begrunnelse', label: 'Begrunnelse', type: 'textarea' },
      { id: 'k', type: 'button', label: 'Send', action: 'submit' },
    ],
  };

  it('finner feltene i rekkefølge, også inne i grupper', () => {
    expect(felter(skjema).map((f) => f.key)).to.deep.equal(['utfall', 'begrunnelse']);
  });

  it('tar bort skjemaets egne knapper, og bare dem', () => {
    expect(JSON.stringify(utenKnapper(skjema)))
      .to.include('Til lesing')
      .and.not.include('submit');
  });

  it('tåler at det ikke er noe skjema', () => {
    expect(felter(null)).to.deep.equal([]);
  });
});

describe('Historikken', () => {
  it('sorterer hendelsene i slag en kan filtrere på', () => {
    expect(hendelsesslag('vedtak-fattet')).to.equal('vedtak');
    expect(hendelsesslag('brev-sendt')).to.equal('brev');
    expect(hendelsesslag('oppdrag-bekreftet')).to.equal('oppnevning');
    expect(hendelsesslag('gikk-videre')).to.equal('oppgave');
    expect(hendelsesslag('anmodning-mottatt')).to.equal('sak');
  });
});

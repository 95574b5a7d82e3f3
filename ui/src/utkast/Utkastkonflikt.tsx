import { Alert, Button, Heading, Paragraph } from '@digdir/designsystemet-react';
import { useEffect, useId, useRef, useState } from 'react';
import { klokkeslett } from '../felles/format.ts';
import { likt, ulike, type Utkastdata, type Utkastskriver } from './skriver.ts';

/** Et felt slik valget viser det. */
export interface Konfliktfelt {
  key: string;
  ledetekst: string;
  /** verdien i ord; tom når feltet er tomt */
  vis: (verdi: unknown) => string;
  /** fritekst, der begge kan tas med */
  tekst: boolean;
}

type Valg = 'mitt' | 'lagret' | 'begge';

function begge(mitt: unknown, lagret: unknown): string {
  return [mitt, lagret].filter((v) => typeof v === 'string' && v !== '').join('\n\n');
}

function Side({
  hva,
  tekst,
  navn,
  valgt,
  velg,
}: {
  hva: string;
  tekst: string;
  navn: string;
  valgt: boolean;
  velg: () => void;
}) {
  return (
    <label className={`konflikt__side${valgt ? ' konflikt__side--valgt' : ''}`}>
      <span className="konflikt__valg">
        <input type="radio" className="ds-input" name={navn} checked={valgt} onChange={velg} />
        <span>{hva}</span>
      </span>
      <span className="konflikt__tekst">{tekst === '' ? <span className="dempet">(tomt)</span> : tekst}</span>
    </label>
  );
}

/**
 * To vinduer har skrevet i det samme utkastet: begge vises felt for felt, og den som skriver, velger. Ingenting lagres før
 * det er valgt, og det som står i skjemaet, blir stående.
 */
export function Utkastkonflikt({
  skriver,
  skrevet,
  felter,
  velg,
}: {
  skriver: Utkastskriver;
  /** det som står i skjemaet nå */
  skrevet: Utkastdata;
  felter: readonly Konfliktfelt[];
  /** setter inn det som er valgt, i skjemaet */
  velg: (data: Utkastdata) => void;
}) {
  const tilstand = skriver.tilstand();
  const id = useId();
  const [valgte, settValgte] = useState<Record<string, Valg>>({});
  const ramme = useRef<HTMLElement>(null);
  const iKonflikt = tilstand.slag === 'konflikt';
  useEffect(() => {
    if (iKonflikt) ramme.current?.scrollIntoView({ block: 'nearest' });
  }, [iKonflikt]);
  if (tilstand.slag !== 'konflikt') return null;
  const { lagret } = tilstand;
  const bruk = (data: Utkastdata): void => {
    velg(data);
    skriver.loes(data);
    settValgte({});
  };
  if (!lagret) {
    return (
      <Alert data-color="warning" className="konflikt" role="alert">
        <Heading level={2} data-size="2xs">
          Utkastet er sendt eller slettet i et annet vindu
        </Heading>
        <Paragraph data-size="sm">
          Det som står her, er ikke lagret. Er det sendt derfra, trenger du ikke dette.
        </Paragraph>
        <p className="knapperad">
          <Button data-size="sm" onClick={() => bruk(skrevet)}>
            Behold det som står her, som nytt utkast
          </Button>
        </p>
      </Alert>
    );
  }
  const ulikt = ulike(skrevet, lagret.data);
  /** Det bare ett av vinduene har endret, foreslås; har begge endret, må noen velge. */
  const forslag = (felt: string): Valg | undefined => {
    const foer = skriver.grunnlag[felt];
    if (likt(skrevet[felt], foer)) return 'lagret';
    return likt(lagret.data[felt], foer) ? 'mitt' : undefined;
  };
  const valgFor = (felt: string): Valg | undefined => valgte[felt] ?? forslag(felt);
  const mangler = ulikt.filter((felt) => valgFor(felt) === undefined).length;
  const ferdig = (): void => {
    const valgt = (felt: string): unknown => {
      const v = valgFor(felt);
      if (v === 'begge') return begge(skrevet[felt], lagret.data[felt]);
      return v === 'lagret' ? lagret.data[felt] : skrevet[felt];
    };
    bruk({ ...skrevet, ...Object.fromEntries(ulikt.map((felt) => [felt, valgt(felt)])) });
  };
  const alle = (v: Valg): void => settValgte(Object.fromEntries(ulikt.map((felt) => [felt, v])));
  return (
    <section className="konflikt" aria-labelledby={`${id}-tittel`} ref={ramme} role="alert">
      <Heading level={2} data-size="2xs" id={`${id}-tittel`}>
        Utkastet er endret i et annet vindu
      </Heading>
      <p>
        {lagret.av ?? 'Noen'} lagret kl. {klokkeslett(lagret.lagret)}, etter at du åpnet det her. Ingenting er gått
        tapt: velg for hvert felt hva som skal gjelde.
      </p>
      {ulikt.length > 1 ? (
        <p className="knapperad">
          <Button variant="tertiary" data-size="sm" onClick={() => alle('mitt')}>
            Velg det som står her, i alle
          </Button>
          <Button variant="tertiary" data-size="sm" onClick={() => alle('lagret')}>
            Velg det som er lagret, i alle
          </Button>
        </p>
      ) : null}
      {ulikt.map((key) => {
        const felt = felter.find((f) => f.key === key);
        const vis = felt?.vis ?? ((v: unknown) => (v == null ? '' : String(v)));
        const sett = (v: Valg): void => settValgte({ ...valgte, [key]: v });
        const kanBegge = felt?.tekst === true && vis(skrevet[key]) !== '' && vis(lagret.data[key]) !== '';
        return (
          <fieldset key={key} className="konflikt__felt">
            <legend>{felt?.ledetekst ?? key}</legend>
            <div className="konflikt__sider">
              <Side
                hva="Det som står her"
                tekst={vis(skrevet[key])}
                navn={`${id}-${key}`}
                valgt={valgFor(key) === 'mitt'}
                velg={() => sett('mitt')}
              />
              <Side
                hva="Det som er lagret"
                tekst={vis(lagret.data[key])}
                navn={`${id}-${key}`}
                valgt={valgFor(key) === 'lagret'}
                velg={() => sett('lagret')}
              />
            </div>
            {kanBegge ? (
              <label className="konflikt__valg">
                <input
                  type="radio"
                  className="ds-input"
                  name={`${id}-${key}`}
                  checked={valgFor(key) === 'begge'}
                  onChange={() => sett('begge')}
                />
                <span>Ta med begge, etter hverandre</span>
              </label>
            ) : null}
          </fieldset>
        );
      })}
      <p className="knapperad">
        <Button data-size="sm" disabled={mangler > 0} onClick={ferdig}>
          Bruk dette
        </Button>
        {mangler > 0 ? (
          <span className="dempet liten">
            {mangler === 1 ? 'Velg i ett felt til.' : `Velg i ${mangler} felter til.`}
          </span>
        ) : null}
      </p>
    </section>
  );
}

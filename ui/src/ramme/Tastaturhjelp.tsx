import { Button, Dialog, Heading } from '@digdir/designsystemet-react';
import { useEffect, useRef } from 'react';

const SNARVEIER: readonly { hvor: string; taster: readonly (readonly [string, string])[] }[] = [
  {
    hvor: 'Overalt',
    taster: [
      ['/ eller Ctrl K', 'Søk etter person, sak eller oppgave'],
      ['?', 'Vis denne hjelpen'],
      ['Esc', 'Lukk søket eller hjelpen'],
    ],
  },
  {
    hvor: 'I oppgavelista',
    taster: [
      ['↑ ↓', 'Gå fra rad til rad'],
      ['Home End', 'Første og siste rad'],
      ['Enter', 'Åpne oppgaven'],
      ['t', 'Ta oppgaven'],
      ['l', 'Legg oppgaven tilbake'],
      ['x', 'Velg oppgaven (ledere, i «Hele enheten»)'],
    ],
  },
  {
    hvor: 'I en oppgave',
    taster: [
      ['Ctrl Enter', 'Fullfør oppgaven'],
      ['Tab', 'Neste felt'],
    ],
  },
  {
    hvor: 'I prosessen',
    taster: [
      ['+ −', 'Større og mindre (knappene ved tegningen)'],
      ['Tab', 'Gjennom lista ved siden av, som sier det samme som tegningen'],
    ],
  },
];

export function Snarveiliste() {
  return (
    <>
      {SNARVEIER.map(({ hvor, taster }) => (
        <section key={hvor} className="snarveier">
          <Heading level={3} data-size="2xs">
            {hvor}
          </Heading>
          <dl>
            {taster.map(([tast, hva]) => (
              <div key={hva}>
                <dt>
                  <kbd>{tast}</kbd>
                </dt>
                <dd>{hva}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </>
  );
}

export function Tastaturhjelp({ aapen, lukk }: { aapen: boolean; lukk: () => void }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const d = ref.current;
    if (aapen && d && !d.open) d.showModal();
    if (!aapen && d?.open) d.close();
  }, [aapen]);
  return (
    <Dialog ref={ref} closedby="any" closeButton="Lukk" onClose={lukk} aria-labelledby="tastatur-tittel">
      <Heading level={2} data-size="xs" id="tastatur-tittel">
        Tastaturet
      </Heading>
      <Snarveiliste />
      <Button variant="secondary" data-size="sm" onClick={lukk}>
        Lukk
      </Button>
    </Dialog>
  );
}

import { Button } from '@digdir/designsystemet-react';
import type { ReactNode } from 'react';
import { klokkeslett, siden } from '../felles/format.ts';
import type { Utkastskriver } from './skriver.ts';

/** Linja som alltid sier hvordan det står til med det som er skrevet: lagret, lagrer, venter, eller hvorfor ikke. */
export function Utkastlinje({ skriver, hentet }: { skriver: Utkastskriver; hentet: string | null }) {
  const tilstand = skriver.tilstand();
  const tekst = ((): ReactNode => {
    switch (tilstand.slag) {
      case 'uendret':
        return hentet
          ? `Utkastet som ble lagret ${siden(hentet)}, er hentet fram.`
          : 'Det du skriver, lagres av seg selv.';
      case 'lagrer':
        return 'Lagrer …';
      case 'lagret':
        return `Utkastet er lagret kl. ${klokkeslett(tilstand.tid)}.`;
      case 'venter':
        return 'Utkastet er ikke lagret ennå. Vi prøver igjen av oss selv; la siden stå åpen.';
      case 'utlogget':
        return 'Ikke lagret. Det du har skrevet, står her, og lagres når du er logget inn igjen som deg selv.';
      case 'stoppet':
        return (
          <>
            Ikke lagret. {tilstand.hvorfor} Det du har skrevet, står her.{' '}
            <Button variant="tertiary" data-size="sm" onClick={() => skriver.proevIgjen()}>
              Prøv igjen
            </Button>
          </>
        );
      case 'konflikt':
        return 'Ikke lagret: utkastet er endret i et annet vindu. Velg under hva som skal gjelde.';
    }
  })();
  const obs = ['venter', 'utlogget', 'stoppet', 'konflikt'].includes(tilstand.slag);
  return (
    <p className={`utkast liten${obs ? ' utkast--obs' : ''}`} role="status">
      {tekst}
    </p>
  );
}

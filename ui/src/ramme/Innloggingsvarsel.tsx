import { Alert, Button, Heading, Paragraph } from '@digdir/designsystemet-react';
import { useState } from 'react';
import { useIdentitet } from '../api/identitet.ts';
import { skrevetTekst } from './skrevet.ts';

function Kopier() {
  const [svar, settSvar] = useState('');
  const kopier = async (): Promise<void> => {
    const tekst = skrevetTekst();
    if (tekst === '') return settSvar('Det står ingen tekst i feltene.');
    try {
      await navigator.clipboard.writeText(tekst);
      settSvar('Teksten er kopiert.');
    } catch {
      settSvar('Nettleseren lot oss ikke kopiere. Merk teksten i feltene og kopier den selv.');
    }
  };
  return (
    <>
      <Button variant="secondary" data-size="sm" onClick={() => void kopier()}>
        Kopier det du har skrevet
      </Button>
      <span role="status">{svar}</span>
    </>
  );
}

/** Sier fra når den siden viser, ikke lenger er den som er logget inn. Teksten står; ingenting sendes. */
export function Innloggingsvarsel() {
  const hvem = useIdentitet();
  if (hvem.slag === 'byttet') {
    return (
      <Alert data-color="warning" role="alert" className="innloggingsvarsel">
        <Heading level={2} data-size="2xs">
          Du er nå logget inn som {hvem.naa.navn} i en annen fane
        </Heading>
        <Paragraph data-size="sm">
          Denne siden viser fortsatt det {hvem.vist.navn} hadde åpent. Det som er skrevet her, er ikke sendt, og kan
          ikke sendes i navnet til {hvem.naa.navn}. Logg inn som {hvem.vist.navn} igjen for å fortsette, eller kopier
          teksten før du laster siden på nytt.
        </Paragraph>
        <p className="knapperad">
          <Button data-size="sm" onClick={() => window.location.reload()}>
            Last siden på nytt som {hvem.naa.navn}
          </Button>
          <Kopier />
        </p>
      </Alert>
    );
  }
  if (hvem.slag === 'ute') {
    return (
      <Alert data-color="warning" role="alert" className="innloggingsvarsel">
        <Heading level={2} data-size="2xs">
          Du er ikke logget inn lenger
        </Heading>
        <Paragraph data-size="sm">
          Det du har skrevet, står her, men er ikke sendt. Logg inn som {hvem.vist.navn} i en ny fane, så kan du
          fortsette i denne.
        </Paragraph>
        <p className="knapperad">
          <Button asChild data-size="sm">
            <a href="/logg-inn" target="_blank" rel="noreferrer">
              Logg inn i en ny fane
            </a>
          </Button>
          <Kopier />
        </p>
      </Alert>
    );
  }
  return null;
}

export { skrivUtboks, UTBOKSKANAL, type Utboksmelding } from './skriv.ts';
export { startUtsender, type Tilbakemelding, type Utboksrad, type Utsender, type Utsendervalg } from './dispatcher.ts';
export { proevUtboksIgjen, utboksstatus, type Utboksstatus } from './status.ts';

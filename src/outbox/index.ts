export { skrivUtboks, UTBOKSKANAL, type Utboksmelding } from './skriv.ts';
export { startUtsender, type Tilbakemelding, type Utboksrad, type Utsender } from './dispatcher.ts';
export { proevUtboksIgjen, utboksstatus } from './status.ts';

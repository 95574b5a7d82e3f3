import { Systemfeil } from '../logg/index.ts';

/** Noe som hindrer at systemet kommer opp, sagt slik at den som drifter det kan rette det. Meldingen vises som den er. */
export class Startfeil extends Systemfeil {
  override name = 'Startfeil';
}

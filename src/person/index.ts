export { adresselinjer, type Adresse } from './adresse.ts';
export { lagSyntetiskFodselsnummer, lesFodselsnummer, type LestFodselsnummer } from './fodselsnummer.ts';

export { lagPersonRuter } from './ruter.ts';
export { adresseITekst, type Adresse } from './adresse.ts';
export { lagSyntetiskFodselsnummer, lesFodselsnummer, type LestFodselsnummer } from './fodselsnummer.ts';
export {
  hentPerson,
  hentRepresentanter,
  opprettPerson,
  opprettRepresentant,
  soekPersonerPaaNavn,
  soekPersonPaaNummer,
  somTreff,
  type NyRepresentant,
  type Person,
} from './person.ts';

export { lagPersonRuter } from './ruter.ts';
export { adresseITekst, type Adresse } from './adresse.ts';
export { lagSyntetiskFodselsnummer, lesFodselsnummer } from './fodselsnummer.ts';
export {
  hentPerson,
  hentRepresentanter,
  opprettPerson,
  opprettRepresentant,
  soekPersonerPaaNavn,
  soekPersonPaaNummer,
  somTreff,
  type NyRepresentant,
} from './person.ts';

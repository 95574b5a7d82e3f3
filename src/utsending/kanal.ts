/** Den en forsendelse skal til. */
interface Forsendelsesmottaker {
  slag: 'planeier' | 'representant' | 'ansatt' | 'enhet';
  navn: string;
  /** tom når adressen er beskyttet eller ukjent */
  adresselinjer: string[];
  /** bare for personer med digital postkasse; aldri i filnavn, adresse eller logg */
  fodselsnummer: string | null;
}

/** Ett brev til én mottaker, slik en kanal får det. */
export interface Forsendelse {
  /** Nøkkelen som gjør gjentakelsen virkningsløs: kanalen sender den samme id-en høyst én gang. */
  id: string;
  tittel: string;
  saksnummer: string;
  kommune: string;
  mottaker: Forsendelsesmottaker;
  dokumenter: { filnavn: string; mediatype: string; innhold: Buffer }[];
}

/**
 * En kanal som tar imot brev og sørger for at de kommer fram (KS Fiks SvarUt, eFormidling …). `send` kan bli kalt flere
 * ganger med samme id, også etter at appen ble drept midt i; den som alt er tatt imot, er en suksess og sendes ikke igjen.
 */
export interface Utsendingskanal {
  navn: string;
  /** @returns kanalens egen referanse */
  send(forsendelse: Forsendelse): Promise<{ referanse: string }>;
}

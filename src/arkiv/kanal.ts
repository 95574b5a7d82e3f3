/** Det arkivet får: arkivmeldingen og filene den viser til. */
interface Arkivpakke {
  /** Nøkkelen som gjør gjentakelsen virkningsløs. */
  id: string;
  arkivmelding: string;
  filer: { filnavn: string; innhold: Buffer }[];
}

/**
 * Et arkiv som tar imot Noark 5-arkivmeldinger (sak-/arkivsystem, KS Fiks Arkiv, eFormidling …). Kan bli kalt flere ganger
 * med samme id; den som alt er arkivert, er en suksess og arkiveres ikke igjen.
 */
export interface Arkivkanal {
  navn: string;
  /** @returns arkivets egen referanse */
  arkiver(pakke: Arkivpakke): Promise<{ referanse: string }>;
}

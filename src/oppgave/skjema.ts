function erObjekt(verdi: unknown): verdi is Record<string, unknown> {
  return typeof verdi === 'object' && verdi !== null && !Array.isArray(verdi);
}
function tekst(verdi: unknown): string {
  return typeof verdi === 'string' ? verdi : '';
}

/** Ledeteksten og eventuelle valg til hvert felt, i skjemaets rekkefølge; til å vise svar med ord. */
export interface Feltbeskrivelse {
  nokkel: string;
  ledetekst: string;
  type: string;
  valg: ReadonlyMap<string, string>;
}

/** Feltene i skjemaet med ledetekst, i rekkefølge. */
export function beskrivFelter(skjema: unknown): Feltbeskrivelse[] {
  const besoek = (raa: unknown): Feltbeskrivelse[] => {
    if (!erObjekt(raa)) return [];
    const barn = Array.isArray(raa['components']) ? raa['components'].flatMap(besoek) : [];
    if (typeof raa['key'] !== 'string' || raa['key'] === '') return barn;
    const valg = Array.isArray(raa['values']) ? raa['values'].filter(erObjekt) : [];
    return [
      {
        nokkel: raa['key'],
        ledetekst: tekst(raa['label']) || tekst(raa['dateLabel']) || raa['key'],
        type: tekst(raa['type']),
        valg: new Map(valg.map((v) => [String(v['value']), tekst(v['label'])])),
      },
      ...barn,
    ];
  };
  return besoek(skjema);
}

import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { faktum } from '../contract/api.ts';
import { datoITekst } from '../contract/tid.ts';
import { hentSkjema } from '../rutine/index.ts';
import { beskrivFelter, type Feltbeskrivelse } from './skjema.ts';

interface Svarrad {
  tittel: string;
  skjemanoekkel: string | null;
  data: Record<string, unknown>;
  bruker_navn: string;
  tid: Date;
}

const DATO = /^\d{4}-\d{2}-\d{2}$/;

function somTekst(felt: Feltbeskrivelse, verdi: unknown): string {
  if (Array.isArray(verdi)) return verdi.map((v) => somTekst(felt, v)).join(', ');
  if (typeof verdi === 'boolean') return felt.valg.get(String(verdi)) ?? (verdi ? 'Ja' : 'Nei');
  if (typeof verdi === 'string') return felt.valg.get(verdi) ?? (DATO.test(verdi) ? datoITekst(verdi) : verdi);
  return typeof verdi === 'number' ? (felt.valg.get(String(verdi)) ?? String(verdi)) : JSON.stringify(verdi);
}

/**
 * Det som er registrert i saken, steg for steg, med ledetekstene fra skjemaet slik det var da. Tilgangen til saken må være avgjort
 * av den som spør.
 * @param navnPaaId slår opp id-er som skjemaet bare hadde som valgliste fra steget (enheter, ansatte)
 */
export async function hentFakta(
  m: EntityManager,
  sakId: string,
  navnPaaId: ReadonlyMap<string, string> = new Map(),
): Promise<z.infer<typeof faktum>[]> {
  const rader: Svarrad[] = await m.query(
    `select tittel, skjemanoekkel, data, bruker_navn, tid from steg_svar where sak_id = $1 order by tid, id`,
    [sakId],
  );
  const fakta: z.infer<typeof faktum>[] = [];
  for (const rad of rader) {
    const skjema = await hentSkjema(m, rad.skjemanoekkel);
    const felter = skjema
      ? beskrivFelter(skjema)
      : Object.keys(rad.data).map((nokkel) => ({
          nokkel,
          ledetekst: nokkel,
          type: '',
          valg: new Map<string, string>(),
        }));
    fakta.push({
      stegTittel: rad.tittel,
      tid: rad.tid.toISOString(),
      av: rad.bruker_navn,
      felter: felter.flatMap((felt) => {
        const verdi = rad.data[felt.nokkel];
        if (verdi === undefined || verdi === null || verdi === '' || (Array.isArray(verdi) && verdi.length === 0))
          return [];
        const tekst = somTekst(felt, verdi);
        return [{ ledetekst: felt.ledetekst, verdi: navnPaaId.get(tekst) ?? tekst }];
      }),
    });
  }
  return fakta;
}

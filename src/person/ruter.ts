import { Router } from 'express';
import type { DataSource, EntityManager } from 'typeorm';
import { nyPerson, personSoek, type PersonTreff } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { loggSoek } from '../dokument/index.ts';
import { innlogget } from '../http/innlogget.ts';
import { ikkeFunnet, Problemfeil, ugyldigeFelter } from '../http/problem.ts';
import { tolk } from '../http/tolk.ts';
import { kan, type Innlogget } from '../tilgang/index.ts';
import { opprettPerson, soekPersonerPaaNavn, soekPersonPaaNummer } from './person.ts';

/** Seks sifre på rad er en fødselsdato eller mer: det skal ikke stå i en adresse, som havner i logger og historikk. */
const NUMMER = /\d{6}/;
const ELLEVE_SIFRE = /^\d{11}$/;

const ider = (rader: readonly PersonTreff[]): string[] => rader.map((r) => r.id);

/** Rutene for å finne og registrere personer. Fødselsnummer går bare i kroppen. Hvem et søk viste, står i innsynsloggen. */
export function lagPersonRuter({ ds, klokke }: { ds: DataSource; klokke: Klokke }): Router {
  const ruter = Router();
  const loggfoert = (bruker: Innlogget, soek: (tx: EntityManager) => Promise<PersonTreff[]>): Promise<PersonTreff[]> =>
    iTransaksjon(ds, async (tx) => {
      const treff = await soek(tx);
      await loggSoek(tx, { naa: klokke.naa(), brukerId: bruker.id, handling: 'person:soek', personer: ider(treff) });
      return treff;
    });

  ruter.get('/personer', async (req, res) => {
    const bruker = innlogget(req);
    if (!kan(bruker, 'person:soek')) throw ikkeFunnet();
    const { sok } = tolk(personSoek, req.query);
    if (NUMMER.test(sok.replace(/\s/g, ''))) {
      throw ugyldigeFelter([{ felt: 'sok', melding: 'Skriv et navn, eller alle elleve sifrene i fødselsnummeret.' }]);
    }
    res.json(await loggfoert(bruker, (tx) => soekPersonerPaaNavn(tx, klokke, bruker, sok)));
  });

  ruter.post('/personer/soek', async (req, res) => {
    const bruker = innlogget(req);
    if (!kan(bruker, 'person:soek')) throw ikkeFunnet();
    const { sok } = tolk(personSoek, req.body);
    const nummer = sok.replace(/\s/g, '');
    res.json(
      await loggfoert(bruker, (tx) =>
        ELLEVE_SIFRE.test(nummer)
          ? soekPersonPaaNummer(tx, klokke, bruker, nummer)
          : soekPersonerPaaNavn(tx, klokke, bruker, sok),
      ),
    );
  });

  ruter.post('/personer', async (req, res) => {
    const bruker = innlogget(req);
    if (!kan(bruker, 'person:opprett')) throw ikkeFunnet();
    const ny = tolk(nyPerson, req.body);
    const person = await iTransaksjon(ds, (tx) => opprettPerson(tx, klokke, bruker, ny)).catch(
      async (feil: unknown) => {
        // At nummeret er registrert fra før, er også noe å få vite om en person: raden skrives før svaret gis.
        if (feil instanceof Problemfeil && feil.status === 409) {
          await loggfoert(bruker, (tx) => soekPersonPaaNummer(tx, klokke, bruker, ny.fodselsnummer));
        }
        throw feil;
      },
    );
    res.status(201).json(person);
  });

  return ruter;
}

import { Router } from 'express';
import type { DataSource } from 'typeorm';
import { nyPerson, personSoek } from '../contract/api.ts';
import type { Klokke } from '../contract/klokke.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { innlogget } from '../http/innlogget.ts';
import { ikkeFunnet, ugyldigeFelter } from '../http/problem.ts';
import { tolk } from '../http/tolk.ts';
import { kan } from '../tilgang/index.ts';
import { opprettPerson, soekPersonerPaaNavn, soekPersonPaaNummer } from './person.ts';

/** Seks sifre på rad er en fødselsdato eller mer: det skal ikke stå i en adresse, som havner i logger og historikk. */
const NUMMER = /\d{6}/;
const ELLEVE_SIFRE = /^\d{11}$/;

/** Rutene for å finne og registrere personer. Fødselsnummer går bare i kroppen. */
export function lagPersonRuter({ ds, klokke }: { ds: DataSource; klokke: Klokke }): Router {
  const ruter = Router();

  ruter.get('/personer', async (req, res) => {
    const bruker = innlogget(req);
    if (!kan(bruker, 'person:soek')) throw ikkeFunnet();
    const { sok } = tolk(personSoek, req.query);
    if (NUMMER.test(sok.replace(/\s/g, ''))) {
      throw ugyldigeFelter([{ felt: 'sok', melding: 'Skriv et navn, eller alle elleve sifrene i fødselsnummeret.' }]);
    }
    res.json(await soekPersonerPaaNavn(ds.manager, klokke, bruker, sok));
  });

  ruter.post('/personer/soek', async (req, res) => {
    const bruker = innlogget(req);
    if (!kan(bruker, 'person:soek')) throw ikkeFunnet();
    const { sok } = tolk(personSoek, req.body);
    const nummer = sok.replace(/\s/g, '');
    res.json(
      ELLEVE_SIFRE.test(nummer)
        ? await soekPersonPaaNummer(ds.manager, klokke, bruker, nummer)
        : await soekPersonerPaaNavn(ds.manager, klokke, bruker, sok),
    );
  });

  ruter.post('/personer', async (req, res) => {
    const bruker = innlogget(req);
    if (!kan(bruker, 'person:opprett')) throw ikkeFunnet();
    const ny = tolk(nyPerson, req.body);
    res.status(201).json(await iTransaksjon(ds, (tx) => opprettPerson(tx, klokke, bruker, ny)));
  });

  return ruter;
}

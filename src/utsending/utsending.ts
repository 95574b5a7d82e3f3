import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Brevmottaker } from '../brev/index.ts';
import { skrivHendelse } from '../hendelse/skriv.ts';
import { hentKommune } from '../tilgang/index.ts';
import type { Utsendingskanal } from './kanal.ts';

/**
 * Bestemmer hvem dokumentet skal sendes til, i transaksjonen som lager det. Én rad per mottaker; raden er nøkkelen som gjør
 * at brevet sendes én gang. Gjentatt kall legger ikke til noen.
 */
export async function planleggUtsending(
  tx: EntityManager,
  u: { sakId: string; dokumentId: string; gjelder: string; mottakere: readonly Brevmottaker[]; naa: Date },
): Promise<void> {
  for (const m of u.mottakere) {
    await tx.query(
      `insert into utsending (id, sak_id, dokument_id, gjelder, mottaker_slag, mottaker_id, mottaker_navn, adresselinjer, kopi, opprettet)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (dokument_id, mottaker_slag, mottaker_id) do nothing`,
      [randomUUID(), u.sakId, u.dokumentId, u.gjelder, m.slag, m.id, m.navn, m.adresselinjer, m.kopi, u.naa],
    );
  }
}

/** En forsendelse kanalen har tatt imot, men som ikke er merket sendt ennå. */
interface Sending {
  id: string;
  referanse: string;
}

interface Usendt {
  id: string;
  tittel: string;
  saksnummer: string;
  slag: Brevmottaker['slag'];
  navn: string;
  adresselinjer: string[];
  fodselsnummer: string | null;
  filnavn: string;
  mediatype: string;
  innhold: Buffer;
}

/**
 * Gir kanalen alt i saken som er planlagt og ikke sendt. Kjøres utenfor transaksjon. Dør appen etterpå, gis det samme på
 * nytt med de samme id-ene, og kanalen sender det ikke igjen.
 * @param gjelder bare utsendinger av dette slaget; uten det: alle i saken
 */
export async function sendUsendte(
  m: EntityManager,
  kanal: Utsendingskanal,
  sakId: string,
  gjelder?: string,
): Promise<Sending[]> {
  const usendte: Usendt[] = await m.query(
    `select u.id, d.tittel, s.saksnummer, u.mottaker_slag as slag, u.mottaker_navn as navn, u.adresselinjer,
            p.fodselsnummer, d.filnavn, d.mediatype, d.innhold
       from utsending u
       join dokument d on d.id = u.dokument_id
       join sak s on s.id = u.sak_id
       left join person p on u.mottaker_slag = 'planeier' and p.id::text = u.mottaker_id
      where u.sak_id = $1 and u.sendt is null and ($2::text is null or u.gjelder = $2)
      order by u.kopi, u.id`,
    [sakId, gjelder ?? null],
  );
  if (usendte.length === 0) return [];
  const { navn: kommune } = await hentKommune(m);
  const sendt: Sending[] = [];
  for (const u of usendte) {
    const { referanse } = await kanal.send({
      id: u.id,
      tittel: u.tittel,
      saksnummer: u.saksnummer,
      kommune,
      mottaker: { slag: u.slag, navn: u.navn, adresselinjer: u.adresselinjer, fodselsnummer: u.fodselsnummer },
      dokumenter: [{ filnavn: u.filnavn, mediatype: u.mediatype, innhold: u.innhold }],
    });
    sendt.push({ id: u.id, referanse });
  }
  return sendt;
}

/** Merker forsendelsene sendt og skriver det i sakens historikk. En som er merket før, gir ingen ny hendelse. */
export async function merkSendt(tx: EntityManager, sendinger: readonly Sending[], naa: Date): Promise<void> {
  for (const s of sendinger) {
    // TypeORM svarer `[rader, antall]` på update … returning.
    const [rader]: [{ sak_id: string; navn: string; kopi: boolean; dokument_id: string }[], number] = await tx.query(
      `update utsending set sendt = $2, referanse = $3 where id = $1 and sendt is null
       returning sak_id, mottaker_navn as navn, kopi, dokument_id`,
      [s.id, naa, s.referanse],
    );
    const rad = rader[0];
    if (!rad) continue;
    const dokument: { tittel: string }[] = await tx.query(`select tittel from dokument where id = $1`, [
      rad.dokument_id,
    ]);
    await skrivHendelse(tx, {
      naa,
      sakId: rad.sak_id,
      av: null,
      type: 'brev-sendt',
      tekst: `${rad.kopi ? 'Kopi av brevet' : 'Brevet'} «${dokument[0]?.tittel ?? ''}» ble sendt til ${rad.navn}.`,
      data: { utsendingId: s.id, dokumentId: rad.dokument_id },
    });
  }
}

import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { Klokke } from '../contract/klokke.ts';
import { iTransaksjon } from '../db/transaksjon.ts';
import { skrivHendelse } from '../hendelse/skriv.ts';
import { Systemfeil } from '../logg/index.ts';
import { tryggFilnavn } from '../utsending/index.ts';
import { lagArkivmelding, type Arkivdokument, type Arkivpart, type Arkivsak } from './arkivmelding.ts';
import type { Arkivkanal } from './kanal.ts';

/** En pakke arkivet har tatt imot, men som ikke er merket arkivert ennå. */
interface Arkivert {
  id: string;
  referanse: string;
}

/** Arkiveringen som forteller arkivet at saken er slutt. Den lages også når ingen dokumenter står igjen. */
export const AVSLUTNING = 'avslutning';

/**
 * Samler sakens dokumenter som ikke er arkivert, i én ny arkivering. Saken låses, så to jobber ikke deler de samme
 * dokumentene. Gjentatt kall finner ingen nye og gjør ingenting.
 */
async function samleTilArkiv(tx: EntityManager, sakId: string, gjelder: string, naa: Date): Promise<void> {
  await tx.query(`select 1 from sak where id = $1 for update`, [sakId]);
  const nye: { id: string }[] = await tx.query(`select id from dokument where sak_id = $1 and arkivering_id is null`, [
    sakId,
  ]);
  const meldt: unknown[] = await tx.query(`select 1 from arkivering where sak_id = $1 and gjelder = $2`, [
    sakId,
    gjelder,
  ]);
  if (nye.length === 0 && (gjelder !== AVSLUTNING || meldt.length > 0)) return;
  const id = randomUUID();
  await tx.query(`insert into arkivering (id, sak_id, gjelder, opprettet) values ($1, $2, $3, $4)`, [
    id,
    sakId,
    gjelder,
    naa,
  ]);
  await tx.query(`update dokument set arkivering_id = $1 where id = any($2)`, [id, nye.map((d) => d.id)]);
}

/**
 * Låser saken og krever at hvert dokument er gitt til arkivet.
 * @throws Error når et dokument kom inn etter at saken ble arkivert; jobben prøves igjen og tar det med
 */
export async function krevAltArkivert(tx: EntityManager, sakId: string): Promise<void> {
  await tx.query(`select 1 from sak where id = $1 for update`, [sakId]);
  const igjen: unknown[] = await tx.query(
    `select 1 from dokument where sak_id = $1 and arkivering_id is null limit 1`,
    [sakId],
  );
  if (igjen.length > 0)
    throw new Systemfeil('Et dokument kom inn mens saken ble avsluttet. Det arkiveres ved neste forsøk.');
}

interface Sakrad extends Omit<Arkivsak, 'tittel' | 'offentligTittel'> {
  oenske: 'ip' | 'koordinator' | 'barnekoordinator' | 'ingen';
  avsender: string;
}
interface Dokumentrad extends Omit<Arkivdokument, 'parter' | 'filnavn'> {
  filnavn: string;
  innhold: Buffer;
  avsender: string | null;
  parter: { slag: string; navn: string; adresselinjer: string[]; kopi: boolean }[];
}

const SAKSTITTEL: Record<Sakrad['oenske'], string> = {
  ip: 'Individuell plan',
  koordinator: 'Koordinator',
  barnekoordinator: 'Barnekoordinator',
  ingen: 'Individuell plan og koordinator',
};

/** Filnavn er unike i pakken og røper ikke hva brevet handler om eller hvem. */
function pakkefilnavn(nummer: number, filnavn: string): string {
  const endelse = /\.([a-z0-9]{1,5})$/i.exec(tryggFilnavn(filnavn))?.[1]?.toLowerCase() ?? 'bin';
  return `dokument-${String(nummer).padStart(3, '0')}.${endelse}`;
}

function parter(d: Dokumentrad, sak: Sakrad): Arkivpart[] {
  if (d.retning === 'inn') return [{ type: 'Avsender', navn: d.avsender ?? sak.avsender, adresselinjer: [] }];
  return d.parter.map((p) => ({
    type: p.slag === 'enhet' ? 'Intern mottaker' : p.kopi ? 'Kopimottaker' : 'Mottaker',
    navn: p.navn,
    adresselinjer: p.adresselinjer,
  }));
}

/**
 * Gir arkivet de arkiveringene i saken som ikke er ferdige. Kjøres utenfor transaksjon; dør appen etterpå, gis de samme
 * pakkene på nytt med de samme id-ene.
 */
async function arkiverUferdige(m: EntityManager, arkiv: Arkivkanal, sakId: string, naa: Date): Promise<Arkivert[]> {
  const arkiveringer: { id: string; gjelder: string; opprettet: Date }[] = await m.query(
    `select id, gjelder, opprettet from arkivering where sak_id = $1 and arkivert is null order by opprettet, id`,
    [sakId],
  );
  if (arkiveringer.length === 0) return [];
  const saker: Sakrad[] = await m.query(
    `select s.id, s.saksnummer, s.oenske, s.opprettet, b.navn as "opprettetAv", s.avsluttet, s.mottatt::text as mottatt,
            e.navn as "administrativEnhet", p.navn as part, coalesce(nullif(a.hvem_spoer_navn, ''), p.navn) as avsender
       from sak s join person p on p.id = s.person_id join enhet e on e.id = s.vedtaksinstans
       join anmodning a on a.sak_id = s.id join bruker b on b.id = a.registrert_av
      where s.id = $1`,
    [sakId],
  );
  const sak = saker[0];
  if (!sak) throw new Systemfeil(`Saken ${sakId} finnes ikke.`);
  const ferdige: Arkivert[] = [];
  for (const { id, gjelder, opprettet } of arkiveringer) {
    const rader: Dokumentrad[] = await m.query(
      `select d.id, d.tittel, d.retning, d.opprettet, coalesce(b.navn, 'Individuell plan') as "opprettetAv", d.filnavn, d.innhold, d.avsender,
              (select max(u.sendt) from utsending u where u.dokument_id = d.id) as sendt,
              coalesce((select json_agg(json_build_object('slag', u.mottaker_slag, 'navn', u.mottaker_navn,
                          'adresselinjer', u.adresselinjer, 'kopi', u.kopi) order by u.kopi, u.id)
                          from utsending u where u.dokument_id = d.id), '[]') as parter
         from dokument d left join bruker b on b.id = d.av
        where d.arkivering_id = $1 order by d.opprettet, d.id`,
      [id],
    );
    const dokumenter = rader.map((d, i) => ({ ...d, filnavn: pakkefilnavn(i + 1, d.filnavn) }));
    const offentligTittel = SAKSTITTEL[sak.oenske];
    const arkivmelding = lagArkivmelding({
      meldingId: id,
      tidspunkt: naa,
      sak: {
        ...sak,
        avsluttet: sak.avsluttet ?? (gjelder === AVSLUTNING ? opprettet : null),
        offentligTittel,
        tittel: `${offentligTittel} – ${sak.part}`,
      },
      dokumenter: dokumenter.map((d) => ({ ...d, parter: parter(d, sak) })),
    });
    const { referanse } = await arkiv.arkiver({
      id,
      arkivmelding,
      filer: dokumenter.map(({ filnavn, innhold }) => ({ filnavn, innhold })),
    });
    ferdige.push({ id, referanse });
  }
  return ferdige;
}

/** Merker pakkene arkivert og skriver det i historikken. En som er merket før, gir ingen ny hendelse. */
async function merkArkivert(tx: EntityManager, ferdige: readonly Arkivert[], naa: Date): Promise<void> {
  for (const a of ferdige) {
    // TypeORM svarer `[rader, antall]` på update … returning.
    const [rader]: [{ sak_id: string }[], number] = await tx.query(
      `update arkivering set arkivert = $2, referanse = $3 where id = $1 and arkivert is null returning sak_id`,
      [a.id, naa, a.referanse],
    );
    const rad = rader[0];
    if (!rad) continue;
    const antall: { n: number }[] = await tx.query(`select count(*)::int as n from dokument where arkivering_id = $1`, [
      a.id,
    ]);
    const n = antall[0]?.n ?? 0;
    await skrivHendelse(tx, {
      naa,
      sakId: rad.sak_id,
      av: null,
      type: 'arkivert',
      tekst:
        n === 0
          ? 'Arkivet fikk beskjed om at saken er avsluttet.'
          : n === 1
            ? 'Ett dokument ble arkivert.'
            : `${n} dokumenter ble arkivert.`,
      data: { arkiveringId: a.id },
    });
  }
}

/** Arkiverer alt i saken som ikke er arkivert, og merker det så snart arkivet har tatt det imot. */
export async function arkiverSaken(
  ds: DataSource,
  klokke: Klokke,
  arkiv: Arkivkanal,
  sakId: string,
  gjelder: string,
): Promise<void> {
  await iTransaksjon(ds, (tx) => samleTilArkiv(tx, sakId, gjelder, klokke.naa()));
  const ferdige = await arkiverUferdige(ds.manager, arkiv, sakId, klokke.naa());
  if (ferdige.length > 0) await iTransaksjon(ds, (tx) => merkArkivert(tx, ferdige, klokke.naa()));
}

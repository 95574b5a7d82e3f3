import type { EntityManager } from 'typeorm';
import type { HVEM_SPOER } from '../contract/api.ts';
import type { Regime } from '../contract/hjemmel.ts';
import type { Oenske, Utfall } from '../contract/prosess.ts';
import { alderPaa } from '../contract/tid.ts';
import { Systemfeil } from '../logg/index.ts';
import type { Adresse } from '../person/index.ts';

/** Fra denne alderen samtykker man selv i helsespørsmål (pbrl § 4-3). */
export const HELSERETTSLIG_MYNDIG = 16;

/** En part et brev skal til. Adressen er tom når den er beskyttet eller ukjent; da må brevet hentes eller leveres. */
export interface Brevpart extends Adresse {
  navn: string;
  rolle: 'planeier' | 'forelder' | 'verge' | 'fullmektig' | 'barnevern';
  beskyttetAdresse: boolean;
}
/** Det gjeldende vedtaket (fattet), eller det som venter på godkjenning. */
interface VedtakForBrev {
  id: string;
  status: 'til-godkjenning' | 'fattet';
  utfall: Utfall;
  hjemmel: string;
  begrunnelse: string;
  tilDato: string | null;
  /** det som er skrevet til mottakeren ved siden av vedtaket; i eldre rader hele den gamle brevteksten */
  brevtekst: string | null;
  fattet: Date | null;
  fattetAv: string;
  godkjentAv: string | null;
}
/** Det pågående koordinatoroppdraget i saken. */
interface OppdragForBrev {
  id: string;
  rolle: 'plankoordinator' | 'koordinator' | 'barnekoordinator';
  status: 'foreslaatt' | 'bekreftet' | 'aktiv';
  enhetId: string;
  enhetNavn: string;
  utenforEnheten: boolean;
  brukerId: string | null;
  brukerNavn: string | null;
  /** bakgrunn og begrunnelse i henvendelsen til enheten */
  bakgrunn: string;
  begrunnelse: string;
  fra: string | null;
}
/** Alt en brevmal, en utsending eller en arkivmelding trenger om saken. Inneholder aldri fødselsnummer. */
export interface SakForBrev {
  sakId: string;
  saksnummer: string;
  mottatt: string;
  oenske: Oenske;
  regime: Regime;
  egenSak: boolean;
  fase: string;
  status: 'aapen' | 'avsluttet';
  avslutning: string | null;
  person: { id: string; navn: string; fodselsdato: string; alder: number; beskyttetAdresse: boolean; tolk: string };
  /**
   * true når brevene snakker til personen selv: fra seksten år er man helserettslig myndig (pbrl § 4-3). For yngre
   * snakker de til foreldrene eller den som er i deres sted.
   */
  tilPlaneier: boolean;
  /** planeier først; så representanter som gjelder i dag */
  mottakere: Brevpart[];
  anmodning: {
    /** det som ble bedt om; `oenske` på saken er det som er avklart etterpå */
    oenske: Exclude<Oenske, 'ingen'>;
    hvemSpoer: (typeof HVEM_SPOER)[number];
    hvemSpoerNavn: string;
    maate: 'skriftlig' | 'muntlig';
    notat: string;
  };
  mottaksenhet: { id: string; navn: string };
  vedtaksinstans: { id: string; navn: string };
  vedtak: VedtakForBrev | null;
  oppdrag: OppdragForBrev | null;
  trekk: { begrunnelse: string; registrert: Date } | null;
}

interface Hovedrad {
  sakId: string;
  saksnummer: string;
  mottatt: string;
  oenske: SakForBrev['oenske'];
  regime: SakForBrev['regime'];
  egenSak: boolean;
  fase: string;
  status: SakForBrev['status'];
  avslutning: string | null;
  personId: string;
  personNavn: string;
  fodselsdato: string;
  beskyttetAdresse: boolean;
  tolk: string;
  adresse: string;
  postnummer: string;
  poststed: string;
  anmodetOm: SakForBrev['anmodning']['oenske'];
  hvemSpoer: SakForBrev['anmodning']['hvemSpoer'];
  hvemSpoerNavn: string;
  maate: 'skriftlig' | 'muntlig';
  notat: string;
  mottaksenhetId: string;
  mottaksenhetNavn: string;
  vedtaksinstansId: string;
  vedtaksinstansNavn: string;
  trekkBegrunnelse: string | null;
  trekkRegistrert: Date | null;
}
interface Representantrad extends Adresse {
  navn: string;
  slag: Exclude<Brevpart['rolle'], 'planeier'>;
}

/** Bor representanten sammen med en som har beskyttet adresse, røper hans adresse hennes: derfor tømmes alle. */
function mottaker(part: Adresse & Pick<Brevpart, 'navn' | 'rolle'>, beskyttet: boolean): Brevpart {
  return {
    navn: part.navn,
    rolle: part.rolle,
    adresse: beskyttet ? '' : part.adresse,
    postnummer: beskyttet ? '' : part.postnummer,
    poststed: beskyttet ? '' : part.poststed,
    beskyttetAdresse: beskyttet,
  };
}

/**
 * Grunnlaget for sakens brev, slik det står nå. Kalles av arbeiderne (kvittering, vedtak, henvendelse, oppnevning)
 * og av forhåndsvisningen.
 * @param dag datoen ('åååå-mm-dd') som avgjør hvilke representanter som gjelder
 * @throws Error når saken ikke finnes (en feil hos oss: arbeideren har fått id-en fra prosessen)
 */
export async function hentSakForBrev(tx: EntityManager, sakId: string, dag: string): Promise<SakForBrev> {
  const rader: Hovedrad[] = await tx.query(
    `select s.id as "sakId", s.saksnummer, s.mottatt::text as mottatt, s.oenske, s.regime, s.egen_sak as "egenSak",
            s.fase, s.status, s.avslutning, p.id as "personId", p.navn as "personNavn", p.fodselsdato::text as fodselsdato,
            p.beskyttet_adresse as "beskyttetAdresse", p.tolk, p.adresse, p.postnummer, p.poststed,
            a.oenske as "anmodetOm", a.hvem_spoer as "hvemSpoer", a.hvem_spoer_navn as "hvemSpoerNavn", a.maate, a.notat,
            me.id as "mottaksenhetId", me.navn as "mottaksenhetNavn", vi.id as "vedtaksinstansId", vi.navn as "vedtaksinstansNavn",
            t.begrunnelse as "trekkBegrunnelse", t.registrert as "trekkRegistrert"
       from sak s
       join person p on p.id = s.person_id
       join anmodning a on a.sak_id = s.id
       join enhet me on me.id = s.mottaksenhet
       join enhet vi on vi.id = s.vedtaksinstans
       left join trekk t on t.sak_id = s.id
      where s.id = $1`,
    [sakId],
  );
  const r = rader[0];
  if (!r) throw new Systemfeil(`Saken ${sakId} finnes ikke.`);
  const representanter: Representantrad[] = await tx.query(
    `select navn, slag, adresse, postnummer, poststed from representasjon
      where person_id = $1 and fra <= $2 and (til is null or til >= $2) order by navn collate "nb-NO-x-icu"`,
    [r.personId, dag],
  );
  const vedtak: VedtakForBrev[] = await tx.query(
    `select v.id, v.status, v.utfall, v.hjemmel, v.begrunnelse, v.til_dato::text as "tilDato", v.brevtekst, v.fattet,
            f.navn as "fattetAv", g.navn as "godkjentAv"
       from vedtak v join bruker f on f.id = v.foreslaatt_av left join bruker g on g.id = v.godkjent_av
      where v.sak_id = $1 and v.status in ('fattet','til-godkjenning')`,
    [sakId],
  );
  const oppdrag: OppdragForBrev[] = await tx.query(
    `select o.id, o.rolle, o.status, o.enhet_id as "enhetId", e.navn as "enhetNavn", o.utenfor_enheten as "utenforEnheten",
            o.bruker_id as "brukerId", b.navn as "brukerNavn", o.bakgrunn, o.begrunnelse, o.fra::text as fra
       from koordinatoroppdrag o join enhet e on e.id = o.enhet_id left join bruker b on b.id = o.bruker_id
      where o.sak_id = $1 and o.status in ('foreslaatt','bekreftet','aktiv')`,
    [sakId],
  );
  const alder = alderPaa(r.fodselsdato, dag);
  return {
    sakId: r.sakId,
    saksnummer: r.saksnummer,
    mottatt: r.mottatt,
    oenske: r.oenske,
    regime: r.regime,
    egenSak: r.egenSak,
    fase: r.fase,
    status: r.status,
    avslutning: r.avslutning,
    person: {
      id: r.personId,
      navn: r.personNavn,
      fodselsdato: r.fodselsdato,
      alder,
      beskyttetAdresse: r.beskyttetAdresse,
      tolk: r.tolk,
    },
    tilPlaneier: alder >= HELSERETTSLIG_MYNDIG,
    mottakere: [
      { navn: r.personNavn, rolle: 'planeier' as const, ...r },
      ...representanter.map((rep) => ({ ...rep, rolle: rep.slag })),
    ].map((part) => mottaker(part, r.beskyttetAdresse)),
    anmodning: {
      oenske: r.anmodetOm,
      hvemSpoer: r.hvemSpoer,
      hvemSpoerNavn: r.hvemSpoerNavn,
      maate: r.maate,
      notat: r.notat,
    },
    mottaksenhet: { id: r.mottaksenhetId, navn: r.mottaksenhetNavn },
    vedtaksinstans: { id: r.vedtaksinstansId, navn: r.vedtaksinstansNavn },
    vedtak: vedtak[0] ?? null,
    oppdrag: oppdrag[0] ?? null,
    trekk:
      r.trekkBegrunnelse && r.trekkRegistrert
        ? { begrunnelse: r.trekkBegrunnelse, registrert: r.trekkRegistrert }
        : null,
  };
}

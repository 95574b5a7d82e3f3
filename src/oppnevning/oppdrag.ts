import type { EntityManager } from 'typeorm';
import type { Klokke } from '../contract/klokke.ts';
import { dagIOslo } from '../contract/tid.ts';
import { skrivHendelse } from '../hendelse/skriv.ts';
import { Systemfeil } from '../logg/index.ts';
import type { Retur } from '../oppgave/steg.ts';

export type Koordinatorrolle = 'plankoordinator' | 'koordinator' | 'barnekoordinator';

/** Et oppdrag som er foreslått, bekreftet eller i gang. */
export interface Oppdrag {
  id: string;
  sakId: string;
  rolle: Koordinatorrolle;
  status: 'foreslaatt' | 'bekreftet' | 'aktiv';
  enhetId: string;
  enhetNavn: string;
  utenforEnheten: boolean;
  brukerId: string | null;
  brukerNavn: string | null;
  bakgrunn: string;
  begrunnelse: string;
  oenske: string;
  henvendelseSendt: Date | null;
}

/** Sakens pågående oppdrag (det finnes høyst ett), eller null. */
export async function hentPaagaaendeOppdrag(tx: EntityManager, sakId: string): Promise<Oppdrag | null> {
  const rader: Oppdrag[] = await tx.query(
    `select o.id, o.sak_id as "sakId", o.rolle, o.status, o.enhet_id as "enhetId", e.navn as "enhetNavn",
            o.utenfor_enheten as "utenforEnheten", o.bruker_id as "brukerId", b.navn as "brukerNavn", o.bakgrunn,
            o.begrunnelse, o.oenske, o.henvendelse_sendt as "henvendelseSendt"
       from koordinatoroppdrag o join enhet e on e.id = o.enhet_id left join bruker b on b.id = o.bruker_id
      where o.sak_id = $1 and o.status in ('foreslaatt','bekreftet','aktiv')`,
    [sakId],
  );
  return rader[0] ?? null;
}

/**
 * Den skriftlige henvendelsen til enheten er sendt. Kalles av arbeideren send-henvendelse i samme transaksjon som
 * dokumentet lages.
 * @returns false når den alt er sendt for dette oppdraget (jobben prøves på nytt)
 */
export async function merkHenvendelseSendt(tx: EntityManager, klokke: Klokke, oppdragId: string): Promise<boolean> {
  const [rader]: [{ id: string }[], number] = await tx.query(
    `update koordinatoroppdrag set henvendelse_sendt = $2 where id = $1 and henvendelse_sendt is null returning id`,
    [oppdragId, klokke.naa()],
  );
  return rader.length > 0;
}

const ROLLETEKST: Record<Koordinatorrolle, string> = {
  plankoordinator: 'plankoordinator',
  koordinator: 'koordinator',
  barnekoordinator: 'barnekoordinator',
};

/**
 * Registrerer oppdraget som aktivt fra i dag, knyttet til sakens plan når den har en (regel 2: høyst én aktiv
 * koordinator). KE har til enhver tid oversikt over planer og koordinatorer (Folldal). Kalles av arbeideren
 * registrer-oppdrag; gjentatt kall gjør ingenting.
 * @throws Error når oppdraget ikke er bekreftet
 */
export async function registrerOppdrag(tx: EntityManager, klokke: Klokke, oppdragId: string): Promise<void> {
  const rader: { sak_id: string; status: string; rolle: Koordinatorrolle; bruker_id: string; navn: string }[] =
    await tx.query(
      `select o.sak_id, o.status, o.rolle, o.bruker_id, b.navn
         from koordinatoroppdrag o join bruker b on b.id = o.bruker_id where o.id = $1 for update of o`,
      [oppdragId],
    );
  const oppdrag = rader[0];
  if (oppdrag?.status === 'aktiv') return;
  if (!oppdrag || oppdrag.status !== 'bekreftet') throw new Systemfeil(`Oppdraget ${oppdragId} er ikke bekreftet.`);
  const naa = klokke.naa();
  await tx.query(
    `update koordinatoroppdrag set status = 'aktiv', fra = $2,
            plan_id = (select p.id from plan p where p.sak_id = $3 and p.status in ('utkast','aktiv'))
      where id = $1`,
    [oppdragId, dagIOslo(naa), oppdrag.sak_id],
  );
  await skrivHendelse(tx, {
    naa,
    sakId: oppdrag.sak_id,
    av: null,
    type: 'oppdrag-registrert',
    tekst: `${oppdrag.navn} ble registrert som ${ROLLETEKST[oppdrag.rolle]}.`,
    data: { oppdragId },
  });
}

/** Hendelser som sier at noen fikk oppdraget til avklaring, og dem som sier at det kom tilbake uten å være avklart. */
const FRAM = ['koordinator-valgt', 'ansatt-utpekt'];
export const TILBAKE = {
  'oppdrag-avslaatt': 'Nei fra',
  'kan-ikke-utpeke': 'Nei fra',
  'oppdrag-uten-svar': 'Sendt tilbake av',
  'mer-tid': 'Mer tid fra',
} as const;

/**
 * Det siste som er svart siden oppdraget sist ble sendt videre, når det er et av `typer`: hvorfor steget før må gjøres om igjen.
 * Null når oppdraget ikke er kommet tilbake.
 */
export async function sisteTilbake(
  m: EntityManager,
  sakId: string,
  typer: readonly (keyof typeof TILBAKE)[],
): Promise<Retur | null> {
  const rader: { type: keyof typeof TILBAKE; av: string; tid: Date; tekst: string }[] = await m.query(
    `select h.type, h.av, h.tid, h.tekst from hendelse h
      where h.sak_id = $1 and h.type = any($2)
        and h.loepenr > coalesce((select max(f.loepenr) from hendelse f where f.sak_id = $1 and f.type = any($3)), 0)
      order by h.loepenr desc limit 1`,
    [sakId, Object.keys(TILBAKE), FRAM],
  );
  const siste = rader[0];
  if (!siste || !typer.includes(siste.type)) return null;
  return { merke: `${TILBAKE[siste.type]} ${siste.av}`, tekst: siste.tekst, av: siste.av, tid: siste.tid };
}

/** Det som er svart på tidligere forsøk i saken, nyeste først, som setninger; tom tekst når det ikke er noe. */
export async function tidligereSvar(tx: EntityManager, sakId: string): Promise<string> {
  const rader: { tekst: string }[] = await tx.query(
    `select tekst from hendelse
      where sak_id = $1 and type in ('oppdrag-avslaatt','kan-ikke-utpeke','oppdrag-uten-svar') order by loepenr desc limit 10`,
    [sakId],
  );
  return rader.map((r) => r.tekst).join('\n');
}

/** Oppdraget er over før det begynte: valget gjøres på nytt. */
export async function avslaaOppdrag(tx: EntityManager, oppdragId: string, grunn: string): Promise<void> {
  await tx.query(`update koordinatoroppdrag set status = 'avslaatt', avslag_grunn = $2 where id = $1`, [
    oppdragId,
    grunn,
  ]);
}

/** Den spurte tok det ikke; enheten skal utpeke en annen. */
async function frigiAnsatt(tx: EntityManager, oppdragId: string): Promise<void> {
  await tx.query(
    `update koordinatoroppdrag set status = 'foreslaatt', bruker_id = null, bekreftet = null where id = $1`,
    [oppdragId],
  );
}

/** Den spurte tok det ikke: en annen enhet utpeker en annen; i egen enhet gjøres valget på nytt. */
export async function taBortAnsatt(tx: EntityManager, oppdrag: Oppdrag, grunn: string): Promise<void> {
  if (oppdrag.utenforEnheten) await frigiAnsatt(tx, oppdrag.id);
  else await avslaaOppdrag(tx, oppdrag.id, grunn);
}

/** Hva rollen heter. */
export function rolletekst(rolle: Koordinatorrolle): string {
  return ROLLETEKST[rolle];
}

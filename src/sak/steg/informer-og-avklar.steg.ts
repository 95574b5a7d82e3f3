import type { Feltfeil } from '../../contract/api.ts';
import { ALDER_HOERES, ALDER_STOR_VEKT, OENSKE, type Data } from '../../contract/steg/informer-og-avklar.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg } from '../../oppgave/steg.ts';
import { hentRepresentanter } from '../../person/index.ts';
import { HELSERETTSLIG_MYNDIG } from '../brevgrunnlag.ts';
import { grunnlag, laasAapenSak } from '../steggrunnlag.ts';
import { anmodningTekst } from '../tekster.ts';

const MYNDIG = 18;

/**
 * Reglene som avhenger av alderen. Barn høres fra sju år og det legges stor vekt på meningen fra tolv (barnelova § 31);
 * fra seksten samtykker man selv (pbrl § 4-3), før det foreldrene eller den som er i deres sted (pbrl § 4-4);
 * barnekoordinator gis bare for barn under atten (regel 9; et ventet barn har ingen egen sak før vedtaket).
 */
export function aldersfeil(alder: number, data: Data): Feltfeil[] {
  const feil: Feltfeil[] = [];
  if (alder >= ALDER_HOERES && alder < MYNDIG && data.barnetHoert === undefined) {
    feil.push({ felt: 'barnetHoert', melding: `Barnet er ${alder} år og skal høres. Svar på om det er gjort.` });
  }
  if (alder >= ALDER_STOR_VEKT && alder < MYNDIG && data.barnetHoert === 'nei' && !data.barnetIkkeHoertGrunn) {
    feil.push({
      felt: 'barnetIkkeHoertGrunn',
      melding: `Barnet er ${alder} år, og det skal legges stor vekt på meningen. Skriv hvorfor barnet ikke er hørt.`,
    });
  }
  if (alder < HELSERETTSLIG_MYNDIG && data.samtykkegiver === 'planeier') {
    feil.push({
      felt: 'samtykkegiver',
      melding: `Planeier er ${alder} år. Under 16 år samtykker foreldrene, barneverntjenesten eller vergen.`,
    });
  }
  if (alder >= HELSERETTSLIG_MYNDIG && data.samtykkekompetanse === 'ja' && data.samtykkegiver !== 'planeier') {
    feil.push({
      felt: 'samtykkegiver',
      melding: `Planeier er ${alder} år og kan samtykke selv. Fra 16 år er det planeier som samtykker.`,
    });
  }
  return feil;
}

/** Informasjon, samtykke, barnets mening og ønsket (Stavanger, Informere, kartlegge og vurdere behov for IP). */
export const informerOgAvklar: Steg<Data> = {
  id: 'informer-og-avklar',
  async kontekst(k) {
    const { sak, dag } = await grunnlag(k);
    const barn = sak.person.alder < HELSERETTSLIG_MYNDIG;
    const representant = (await hentRepresentanter(k.tx, sak.person.id, dag))[0];
    return {
      anmodningTekst: anmodningTekst(sak),
      planeierNavn: sak.person.navn,
      alder: sak.person.alder,
      informertDato: dag,
      tolk: sak.person.tolk ? 'ja' : 'nei',
      tolkSpraak: sak.person.tolk,
      samtykkegiver: barn ? (representant?.slag === 'barnevern' ? 'barnevernet' : 'foreldre') : 'planeier',
      samtykkegiverNavn: barn ? (representant?.navn ?? '') : '',
      oenske: sak.oenske,
    };
  },
  async kontroller(k, data) {
    const { sak, dag } = await grunnlag(k);
    const feil = aldersfeil(sak.person.alder, data);
    if (data.informertDato > dag) feil.push({ felt: 'informertDato', melding: 'Datoen kan ikke være etter i dag.' });
    return feil;
  },
  async utfoer(k, data) {
    const { sak, naa } = await laasAapenSak(k);
    await k.tx.query(`update sak set oenske = $2 where id = $1`, [k.sakId, data.oenske]);
    if (data.tolk === 'ja' && data.tolkSpraak) {
      await k.tx.query(`update person set tolk = $2 where id = $1`, [sak.person.id, data.tolkSpraak]);
    }
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: 'informert',
      tekst: `{av} informerte planeier og avklarte ønsket: ${OENSKE[data.oenske].toLowerCase()}.`,
      data: { oenske: data.oenske },
    });
    return {
      variabler: { oenske: data.oenske },
      melding:
        data.oenske === 'ingen'
          ? 'Avklaringen er lagret. Nå må det dokumenteres at planeier takker nei.'
          : 'Avklaringen er lagret. Nå skal behovet kartlegges.',
    };
  },
  async hvaSkjer(k) {
    const { sak } = await grunnlag(k);
    const kartlegg = `${sak.vedtaksinstans.navn} kartlegger behovet til ${sak.person.navn}. Ingenting sendes nå.`;
    return {
      '': 'Velg hva planeier ønsker for å se hva som skjer videre.',
      ip: kartlegg,
      koordinator: kartlegg,
      barnekoordinator: kartlegg,
      ingen: `${sak.vedtaksinstans.navn} dokumenterer at ${sak.person.navn} takker nei, og sender en bekreftelse. Saken avsluttes uten vedtak.`,
    };
  },
};

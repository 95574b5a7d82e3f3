import { REGIMER, type Regime } from '../../contract/hjemmel.ts';
import type { Data } from '../../contract/steg/avklar-instans.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg, StegKontekst } from '../../oppgave/steg.ts';
import { hentEnheter, type Enhet } from '../../tilgang/index.ts';
import { grunnlag, laasAapenSak } from '../steggrunnlag.ts';
import { anmodningTekst } from '../tekster.ts';

/** Enhetene som kan avgjøre etter hvert regelverk. */
const SLAG: Record<Regime, Enhet['slag']> = { helse: 'ke', barnevern: 'barnevern', nav: 'nav' };

async function instanser(k: StegKontekst): Promise<Record<Regime, { value: string; label: string }[]>> {
  const enheter = await hentEnheter(k.tx);
  const valg = (regime: Regime): { value: string; label: string }[] =>
    enheter.filter((e) => e.slag === SLAG[regime]).map((e) => ({ value: e.id, label: e.navn }));
  return { helse: valg('helse'), barnevern: valg('barnevern'), nav: valg('nav') };
}

/**
 * Hvem som avgjør. Koordinerende enhet gjør det; barnevern eller NAV når det ikke er aktuelt å involvere den
 * (Stavanger, Fatte vedtak). Fra da av er saken den enhetens: den gamle enheten ser den ikke lenger.
 */
export const avklarInstans: Steg<Data> = {
  id: 'avklar-instans',
  async kontekst(k) {
    const { sak } = await grunnlag(k);
    const valg = await instanser(k);
    return {
      anmodningTekst: anmodningTekst(sak),
      instanserHelse: valg.helse,
      instanserBarnevern: valg.barnevern,
      instanserNav: valg.nav,
      regime: sak.regime,
      vedtaksinstans: sak.vedtaksinstans.id,
    };
  },
  async kontroller(k, data) {
    const mulige = (await instanser(k))[data.regime];
    return mulige.some((v) => v.value === data.vedtaksinstans)
      ? []
      : [{ felt: 'vedtaksinstans', melding: 'Velg en av enhetene i lista.' }];
  },
  async utfoer(k, data) {
    const { sak, naa } = await laasAapenSak(k);
    const enhet = (await instanser(k))[data.regime].find((v) => v.value === data.vedtaksinstans);
    const navn = enhet?.label ?? data.vedtaksinstans;
    await k.tx.query(`update sak set vedtaksinstans = $2, regime = $3 where id = $1`, [
      k.sakId,
      data.vedtaksinstans,
      data.regime,
    ]);
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: 'instans-avklart',
      tekst: `{av} avklarte at ${navn} avgjør saken: ${REGIMER[data.regime]}.`,
      data: { vedtaksinstans: data.vedtaksinstans, regime: data.regime },
    });
    return {
      variabler: { vedtaksinstans: data.vedtaksinstans, regime: data.regime },
      melding:
        data.vedtaksinstans === sak.vedtaksinstans.id
          ? `${navn} avgjør saken.`
          : `Saken er lagt til ${navn}. Den vises ikke lenger hos ${sak.vedtaksinstans.navn}.`,
    };
  },
  async hvaSkjer(k) {
    const { sak } = await grunnlag(k);
    const flytter = (navn: string): string =>
      `Saken legges til ${navn}, som informerer planeier og avgjør. ${sak.mottaksenhet.navn} ser den ikke lenger.`;
    return {
      '': 'Systemet sjekker om personen har plan, og saken går til den som skal avgjøre.',
      helse: `Systemet sjekker om ${sak.person.navn} har plan fra før. Så skal den valgte enheten informere og avklare hva som ønskes.`,
      barnevern: flytter('barneverntjenesten'),
      nav: flytter('NAV'),
    };
  },
};

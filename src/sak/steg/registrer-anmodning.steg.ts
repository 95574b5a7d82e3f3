import type { Data } from '../../contract/steg/registrer-anmodning.ts';
import { FREMSATT_AV } from '../../contract/steg/registrer-anmodning.ts';
import { datoITekst } from '../../contract/tid.ts';
import { skrivHendelse } from '../../hendelse/skriv.ts';
import type { Steg } from '../../oppgave/steg.ts';
import { grunnlag, laasAapenSak } from '../steggrunnlag.ts';
import { OENSKETEKST } from '../tekster.ts';

/** Den muntlige anmodningen skrives ned; formelt kommer den fra planeier (Stavanger, Anmodning om IP). */
export const registrerAnmodning: Steg<Data> = {
  id: 'registrer-anmodning',
  async kontekst(k) {
    const { sak } = await grunnlag(k);
    return {
      planeierNavn: sak.person.navn,
      notat: sak.anmodning.notat,
      mottattDato: sak.mottatt,
      fremsattAv: sak.anmodning.hvemSpoer,
      fremsattAvNavn: sak.anmodning.hvemSpoerNavn,
      gjelder: sak.anmodning.oenske,
      anmodning: sak.anmodning.notat,
    };
  },
  async kontroller(k, data) {
    const { dag, sak } = await grunnlag(k);
    if (data.mottattDato > dag) {
      return [{ felt: 'mottattDato', melding: 'Anmodningen kan ikke være mottatt etter i dag.' }];
    }
    if (data.fremsattAv === 'kommunen' && data.gjelder !== 'barnekoordinator') {
      // pbrl § 2-5 c og hol § 7-2 a: bare barnekoordinator gis uten at noen har bedt om det
      return [
        {
          felt: 'fremsattAv',
          melding: `Kommunen kan ikke selv be om ${OENSKETEKST[data.gjelder]} for ${sak.person.navn}. Det gjelder bare barnekoordinator.`,
        },
      ];
    }
    return [];
  },
  async utfoer(k, data) {
    const { naa } = await laasAapenSak(k);
    await k.tx.query(
      `update anmodning set hvem_spoer = $2, hvem_spoer_navn = $3, oenske = $4, mottatt = $5, notat = $6 where sak_id = $1`,
      [k.sakId, data.fremsattAv, data.fremsattAvNavn ?? '', data.gjelder, data.mottattDato, data.anmodning],
    );
    await k.tx.query(`update sak set oenske = $2, mottatt = $3 where id = $1`, [
      k.sakId,
      data.gjelder,
      data.mottattDato,
    ]);
    await skrivHendelse(k.tx, {
      naa,
      sakId: k.sakId,
      av: k.bruker,
      type: 'anmodning-skrevet-ned',
      tekst: `{av} skrev ned anmodningen om ${OENSKETEKST[data.gjelder]}, mottatt ${datoITekst(data.mottattDato)}. Den kom fra: ${FREMSATT_AV[data.fremsattAv].toLowerCase()}.`,
    });
    return { variabler: {}, melding: 'Anmodningen er skrevet ned, og kvitteringen sendes.' };
  },
  async hvaSkjer(k) {
    const { sak } = await grunnlag(k);
    const videre = sak.egenSak
      ? 'Saken går så videre til informasjon og avklaring.'
      : `Så skal ${sak.mottaksenhet.navn} avklare hvem som avgjør saken.`;
    return { '': `En skriftlig kvittering på anmodningen sendes. ${videre}` };
  },
};

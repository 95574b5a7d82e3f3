export { registrerAnmodning } from './anmodning.ts';
export { avsluttSak, bekreftTrukket } from './avslutt.ts';
export { hentSakForBrev, type SakForBrev } from './brevgrunnlag.ts';
export { brevmottakerTekst } from './brevmottaker.ts';
export { grunnlag, laasAapenSak, sisteSvar, stengForTrekk } from './steggrunnlag.ts';
export { anmodningTekst, OENSKETEKST, regimeTekst, stor, tekstfelt } from './tekster.ts';
export { lagSaksoppslag, soekSaker } from './les.ts';
export { lagSakRuter } from './ruter.ts';
export { trekkAnmodning } from './trekk.ts';

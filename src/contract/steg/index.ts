import type { StegId } from '../prosess.ts';
import type { Stegkontrakt } from './definisjon.ts';
import { steg as avklarDobbelSak } from './avklar-dobbel-sak.ts';
import { steg as avklarInstans } from './avklar-instans.ts';
import { steg as avklarOpplaering } from './avklar-opplaering.ts';
import { steg as avklarSvar } from './avklar-svar.ts';
import { steg as avklarVidere } from './avklar-videre.ts';
import { steg as bekreftOppdrag } from './bekreft-oppdrag.ts';
import { steg as dokumenterAvslaattTilbud } from './dokumenter-avslaatt-tilbud.ts';
import { steg as fattVedtak } from './fatt-vedtak.ts';
import { steg as godkjennVedtak } from './godkjenn-vedtak.ts';
import { steg as informerOgAvklar } from './informer-og-avklar.ts';
import { steg as kartleggOgVurder } from './kartlegg-og-vurder.ts';
import { steg as registrerAnmodning } from './registrer-anmodning.ts';
import { steg as svarOmEksisterendePlan } from './svar-om-eksisterende-plan.ts';
import { steg as utpekAnsatt } from './utpek-ansatt.ts';
import { steg as vurderValg } from './vurder-valg.ts';

export type { Stegkontrakt } from './definisjon.ts';

/** Ett steg, ett skjema. Nøkkelen er element-id-en i diagrammet. */
export const STEG: Readonly<Record<StegId, Stegkontrakt>> = {
  'registrer-anmodning': registrerAnmodning,
  'avklar-instans': avklarInstans,
  'svar-om-eksisterende-plan': svarOmEksisterendePlan,
  'informer-og-avklar': informerOgAvklar,
  'dokumenter-avslaatt-tilbud': dokumenterAvslaattTilbud,
  'kartlegg-og-vurder': kartleggOgVurder,
  'fatt-vedtak': fattVedtak,
  'godkjenn-vedtak': godkjennVedtak,
  'avklar-dobbel-sak': avklarDobbelSak,
  'vurder-valg': vurderValg,
  'utpek-ansatt': utpekAnsatt,
  'avklar-videre': avklarVidere,
  'bekreft-oppdrag': bekreftOppdrag,
  'avklar-svar': avklarSvar,
  'avklar-opplaering': avklarOpplaering,
};

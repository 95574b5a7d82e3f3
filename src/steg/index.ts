import type { StegId } from '../contract/prosess.ts';
import type { Steg } from '../oppgave/steg.ts';
import { avklarOpplaering } from '../oppnevning/steg/avklar-opplaering.steg.ts';
import { avklarSvar } from '../oppnevning/steg/avklar-svar.steg.ts';
import { avklarVidere } from '../oppnevning/steg/avklar-videre.steg.ts';
import { bekreftOppdrag } from '../oppnevning/steg/bekreft-oppdrag.steg.ts';
import { utpekAnsatt } from '../oppnevning/steg/utpek-ansatt.steg.ts';
import { vurderValg } from '../oppnevning/steg/vurder-valg.steg.ts';
import { avklarDobbelSak } from '../plan/steg/avklar-dobbel-sak.steg.ts';
import { svarOmEksisterendePlan } from '../plan/steg/svar-om-eksisterende-plan.steg.ts';
import { avklarInstans } from '../sak/steg/avklar-instans.steg.ts';
import { informerOgAvklar } from '../sak/steg/informer-og-avklar.steg.ts';
import { kartleggOgVurder } from '../sak/steg/kartlegg-og-vurder.steg.ts';
import { registrerAnmodning } from '../sak/steg/registrer-anmodning.steg.ts';
import { dokumenterAvslaattTilbud } from '../vedtak/steg/dokumenter-avslaatt-tilbud.steg.ts';
import { fattVedtak } from '../vedtak/steg/fatt-vedtak.steg.ts';
import { godkjennVedtak } from '../vedtak/steg/godkjenn-vedtak.steg.ts';

/** Brukstilfellet til hver brukeroppgave i diagrammene. Kompilatoren krever at alle er med. */
export function lagSteg(): Record<StegId, Steg> {
  return {
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
}

import { expect } from 'chai';
import { JOBBTYPER, erStegId } from '../../src/contract/prosess.ts';
import { labLacks, startEmbedded, startLab, type Target } from '../conformance/harness.ts';
import { lesDiagrammer } from './diagrammer.ts';
import { STIER } from './stier.ts';
import { Vandring } from './vandring.ts';

/** Hvem hver oppgave i stiene går til, og hvor mange døgn den har. Motorens svar, ikke diagrammets. */
const OPPGAVER: Readonly<Record<string, { grupper: readonly string[]; dager: number }>> = {
  'registrer-anmodning': { grupper: ['saksbehandler:hsk-hillevaag'], dager: 2 },
  'avklar-instans': { grupper: ['saksbehandler:hsk-hillevaag'], dager: 7 },
  'svar-om-eksisterende-plan': { grupper: ['saksbehandler:hsk-hillevaag'], dager: 7 },
  'informer-og-avklar': {
    grupper: ['saksbehandler:hsk-hillevaag', 'saksbehandler:barnevern', 'saksbehandler:nav'],
    dager: 14,
  },
  'dokumenter-avslaatt-tilbud': { grupper: ['saksbehandler:hsk-hillevaag'], dager: 7 },
  'kartlegg-og-vurder': {
    grupper: ['saksbehandler:hsk-hillevaag', 'saksbehandler:barnevern', 'saksbehandler:nav'],
    dager: 28,
  },
  'fatt-vedtak': { grupper: ['beslutter:hsk-hillevaag', 'beslutter:barnevern', 'beslutter:nav'], dager: 7 },
  'godkjenn-vedtak': { grupper: ['beslutter:hsk-hillevaag'], dager: 2 },
  'avklar-dobbel-sak': { grupper: ['saksbehandler:hsk-hillevaag'], dager: 7 },
  'vurder-valg': { grupper: ['saksbehandler:hsk-hillevaag'], dager: 7 },
  'utpek-ansatt': { grupper: ['virksomhetsleder:hjemmetjenesten-nord'], dager: 14 },
  'avklar-videre': { grupper: ['leder:hsk-hillevaag'], dager: 2 },
  'bekreft-oppdrag': { grupper: [], dager: 7 },
  'avklar-svar': { grupper: ['leder:hsk-hillevaag'], dager: 2 },
  'avklar-opplaering': { grupper: ['leder:hsk-hillevaag'], dager: 7 },
};

const MOTORER = [
  { navn: 'den innebygde motoren', mangler: () => undefined, start: startEmbedded },
  { navn: 'Zeebe 8.8 (test/zeebe-lab)', mangler: labLacks, start: startLab },
] as const;

const spor = new Map<string, Vandring['spor']>();

for (const motor of MOTORER) {
  describe(`Veiene gjennom rutinene på ${motor.navn}`, function () {
    this.timeout(120_000);
    let maal: Target;
    let vandring: Vandring;

    before(async function () {
      const mangler = motor.mangler();
      if (mangler !== undefined) {
        if (process.env['TEST_FULL'] === '1') throw new Error(`${motor.navn} trenger ${mangler}`);
        console.log(`      ikke kjørt: ${motor.navn} trenger ${mangler}`);
        this.skip();
      }
      maal = await motor.start();
      vandring = new Vandring(maal);
      await vandring.rullUt();
      spor.set(motor.navn, vandring.spor);
    });
    // maal er udefinert når before hoppet over
    after(async () => (maal as Target | undefined)?.stop());

    for (const sti of STIER) it(sti.navn, () => vandring.gaa(sti));

    it('stiene går gjennom hvert element og hver flyt i begge diagrammene', async () => {
      const diagrammer = await lesDiagrammer();
      for (const diagram of diagrammer) {
        expect(
          diagram.elementer.filter((id) => !vandring.gaatteElementer.has(id)),
          `elementer i ${diagram.id} som ingen sti går gjennom`,
        ).to.deep.equal([]);
        expect(
          diagram.flyter.filter((id) => !vandring.gaatteFlyter.has(id)),
          `flyter i ${diagram.id} som ingen sti går`,
        ).to.deep.equal([]);
      }
    });

    it('hver oppgave kom til rette gruppe, med frist, prioritet og skjema', () => {
      for (const oppgave of vandring.oppgaver) {
        const ventet = OPPGAVER[oppgave.element];
        expect(erStegId(oppgave.element), oppgave.element).to.equal(true);
        expect(oppgave.fristDager, `frist på ${oppgave.element}`).to.equal(ventet?.dager);
        expect(oppgave.harSkjema, `skjema på ${oppgave.element}`).to.equal(true);
        expect(oppgave.prioritet, `prioritet på ${oppgave.element}`).to.be.within(50, 70);
        for (const gruppe of oppgave.grupper) expect(ventet?.grupper).to.include(gruppe);
        if (oppgave.element === 'bekreft-oppdrag') {
          expect(['mette-foss', 'jonas-vik']).to.include(oppgave.ansvarlig);
          expect(oppgave.kandidater).to.deep.equal([oppgave.ansvarlig]);
        } else {
          expect(oppgave.grupper).to.have.lengthOf(1);
          expect(oppgave.ansvarlig).to.equal(null);
        }
      }
      expect([...new Set(vandring.oppgaver.map((en) => en.element))].sort()).to.deep.equal(
        Object.keys(OPPGAVER).sort(),
      );
    });

    it('hver jobb har en kjent type, tre forsøk, og brevene sier hva de gjelder', () => {
      for (const jobb of vandring.jobber) {
        expect(JOBBTYPER).to.include(jobb.type);
        expect(jobb.forsoek).to.equal(3);
        if (jobb.type === 'lag-brev') expect(jobb.hoder['mal']).to.equal(jobb.element.replace('lag-brev-', ''));
        if (jobb.type === 'send-brev') expect(jobb.hoder['gjelder']).to.equal(jobb.element.replace('send-brev-', ''));
        if (jobb.type === 'arkiver') expect(jobb.hoder['gjelder']).to.equal(jobb.element.replace('arkiver-', ''));
        if (jobb.type === 'avslutt-sak') expect(jobb.hoder['grunn']).to.equal(jobb.element.replace('slutt-', ''));
      }
    });
  });
}

describe('Veiene gjennom rutinene', () => {
  it('går gjennom de samme elementene i samme rekkefølge på begge motorene', function () {
    const [ene, andre] = MOTORER.map((motor) => spor.get(motor.navn));
    if (ene?.size !== STIER.length || andre?.size !== STIER.length) {
      if (process.env['TEST_FULL'] === '1') throw new Error('ikke alle veiene er gått på begge motorene');
      return this.skip();
    }
    for (const [sti, gang] of ene) expect(andre.get(sti), sti).to.deep.equal(gang);
  });
});

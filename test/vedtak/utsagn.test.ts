import { expect } from 'chai';
import { erBareForslaget, utsagnOmVilkaar } from '../../src/vedtak/utsagn.ts';

const OPPFYLT = [
  'Kriteriene er oppfylt.',
  'KRITERIENE  er\noppfylt',
  'Vilkårene er innfridd.',
  'Vilkårene for individuell plan er etter en samlet vurdering oppfylt.',
  'Alle vilkår er til stede.',
  'Planeier fyller vilkårene i pasient- og brukerrettighetsloven § 2-5.',
  'Du oppfyller alle kriteriene for individuell plan.',
  'Etter dette har du rett til individuell plan.',
  'Du har derfor rett til en individuell plan.',
  'Planeier har ikke plan i dag, og kriteriene er oppfylt.',
  'Planeier har ikke plan i dag og kriteriene er oppfylt.',
  'Det er ikke tvil om at vilkårene er oppfylt.',
  'Vilkårene er uten tvil oppfylt.',
  'Vi mener at vilkårene er oppfylt.',
  'Vilkårene må etter dette anses å være oppfylt.',
  'Kriteriene om langvarige og koordinerte tjenester er oppfylt.',
  'Krite\u00adriene er opp\u200bfylt.',
  'Behovet er langvarig. Kriteriene er oppfylt. Fem tjenester er inne.',
  '- Kriteriene er oppfylt',
];
const IKKE_OPPFYLT = [
  'Kriteriene er ikke oppfylt.',
  'Ikke alle vilkår er oppfylt.',
  'Ingen av vilkårene er oppfylt.',
  'Vilkårene er verken oppfylt i dag eller på sikt.',
  'Verken vilkårene om varighet eller om samordning er oppfylt.',
  'Vilkårene er, slik vi ser det, ikke til stede.',
  'Vi kan ikke se at kriteriene er oppfylt.',
  'Vi kan ikke, slik saken er opplyst, se at kriteriene er oppfylt.',
  'Du fyller ikke vilkårene.',
  'Du oppfyller aldri kriteriene for plan på denne måten.',
  'Du har ikke rett til individuell plan.',
  'Kriteriene er bare delvis oppfylt.',
];
const SIER_INGENTING = [
  '',
  'Behovet er langvarig, og tjenestene må samordnes.',
  'Tjenestene henger alt godt sammen.',
  'Vi har vurdert om kriteriene er oppfylt.',
  'Hvis vilkårene er oppfylt, kan du be om plan på nytt.',
  'Når kriteriene er oppfylt, gis det plan.',
  'Den som fyller vilkårene, har rett til individuell plan.',
  'Pasienter med behov for langvarige og koordinerte tjenester har rett til individuell plan.',
  'For å få plan må alle vilkårene være oppfylt.',
  'Planeier mener at vilkårene er oppfylt.',
  'Kriteriet om varighet er oppfylt.',
  'Vilkåret om to tjenester er ikke oppfylt.',
  'Vilkårene er oppfylt, men du ønsker ikke plan nå.',
  'Selv om kriteriene er oppfylt, har du trukket samtykket.',
  'Kriteriene er oppfylt for varighet, men ikke for samordning.',
  'Kriteriene om varighet er oppfylt. Kriteriene om samordning er ikke oppfylt.',
  'Du har rett til å medvirke, og rett til å klage.',
  'Han fyller 18 år til våren.',
];

describe('hva en begrunnelse sier om vilkårene', () => {
  for (const tekst of OPPFYLT) {
    it(`sier at de er oppfylt: «${tekst}»`, () => expect(utsagnOmVilkaar(tekst)).to.equal('oppfylt'));
  }
  for (const tekst of IKKE_OPPFYLT) {
    it(`sier at de ikke er oppfylt: «${tekst}»`, () => expect(utsagnOmVilkaar(tekst)).to.equal('ikke-oppfylt'));
  }
  for (const tekst of SIER_INGENTING) {
    it(`sier ikke noe rett ut: «${tekst}»`, () => expect(utsagnOmVilkaar(tekst)).to.equal(null));
  }

  const FORSLAG = 'Behovet er langvarig, og flere tjenester må ses i sammenheng.\n\nTjenestene vet lite om hverandre.';

  it('forslaget fra kartleggingen er ingen egen begrunnelse, hel, delt, med et ord rettet eller et påheng', () => {
    for (const tekst of [
      FORSLAG,
      FORSLAG.toUpperCase(),
      'Tjenestene vet lite om hverandre.',
      FORSLAG.replace('flere tjenester', 'fire tjenester'),
      `${FORSLAG}\n\nDet blir avslag.`,
    ]) {
      expect(erBareForslaget(tekst, FORSLAG), tekst).to.equal(true);
    }
  });

  it('en som har skrevet en setning om hvorfor, eller satt inn et «ikke», har en egen begrunnelse', () => {
    for (const tekst of [
      'For kort.',
      'Du trenger bare fysioterapi, og da er det ikke noe å samordne.',
      `${FORSLAG}\n\nDu har likevel sagt at du ikke vil ha noen plan nå, og da lager vi ingen.`,
      'Behovet er ikke langvarig, og det er ikke flere tjenester som må ses i sammenheng.',
    ]) {
      expect(erBareForslaget(tekst, FORSLAG), tekst).to.equal(false);
    }
    expect(erBareForslaget('Noe helt annet.', '')).to.equal(false);
  });
});

export type { Innlogget } from '../contract/tilgang.ts';
export {
  HANDLINGER,
  TILGANGSTABELL,
  delGruppe,
  enheterFor,
  kan,
  kanKanskje,
  sakfilter,
  type Forhold,
  type Handling,
  type Sakshandling,
} from './tabell.ts';
export {
  brukerIBruk,
  brukernavn,
  enhetTil,
  hentAnsatte,
  hentBruker,
  hentBrukere,
  hentBrukerForSubjekt,
  hentEnhet,
  hentEnheter,
  hentKommune,
  rolleGjelder,
  type Enhet,
  type Kommunekonfig,
} from './lager.ts';
export { hentDemobrukere, leggInnDemokommune } from './demo.ts';
export { menyFor } from './meny.ts';

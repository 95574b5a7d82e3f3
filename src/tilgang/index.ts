export type { Innlogget } from '../contract/tilgang.ts';
export {
  HANDLINGER,
  TILGANGSTABELL,
  delGruppe,
  enheterFor,
  grupper,
  harGruppe,
  kan,
  kanKanskje,
  sakfilter,
  type Forhold,
  type Handling,
  type Relasjon,
} from './tabell.ts';
export {
  brukernavn,
  hentAnsatte,
  hentBruker,
  hentBrukerForSubjekt,
  hentEnhet,
  hentEnheter,
  hentKommune,
  type Ansatt,
  type Enhet,
  type Kommunekonfig,
} from './lager.ts';
export { hentDemobrukere, leggInnDemokommune } from './demo.ts';
export { menyFor } from './meny.ts';

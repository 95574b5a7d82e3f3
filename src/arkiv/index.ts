export { arkiverUferdige, merkArkivert, samleTilArkiv, type Arkivert } from './arkivering.ts';
export { lagFilarkiv } from './filarkiv.ts';
export type { Arkivkanal, Arkivpakke } from './kanal.ts';

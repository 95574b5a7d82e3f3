export { arkiverSaken, AVSLUTNING } from './arkivering.ts';
export { lagFilarkiv } from './filarkiv.ts';
export type { Arkivkanal } from './kanal.ts';

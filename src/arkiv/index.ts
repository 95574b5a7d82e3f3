export { arkiverSaken, AVSLUTNING, krevAltArkivert } from './arkivering.ts';
export { lagFilarkiv } from './filarkiv.ts';
export type { Arkivkanal } from './kanal.ts';

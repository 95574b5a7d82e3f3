export { krevHelDatamappe } from './merke.ts';
export { gjenopprettFra, taSikkerhetskopi, type Kopirapport } from './kopi.ts';
export { erTom } from './database.ts';
export { lesNoekkel } from './noekkel.ts';
export { startGjenoppretting, type Gjenoppretting } from './merke.ts';

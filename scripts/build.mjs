// npm run build: bygger uten å starte.
import { sikreAvhengigheter } from './lib/avhengigheter.mjs';

sikreAvhengigheter();
const { bygg } = await import('./lib/bygg.mjs');
bygg();

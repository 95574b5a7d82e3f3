// npm start: installerer det som mangler, bygger, og kjører appen i denne prosessen.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROT, sikreAvhengigheter } from './lib/avhengigheter.mjs';

sikreAvhengigheter();
const { bygg } = await import('./lib/bygg.mjs');
bygg();
process.env.NODE_ENV ??= 'production';
// Med DEBUG skriver express og andre biblioteker adresser, og med dem søkeord.
delete process.env.DEBUG;
const { kjoer } = await import(pathToFileURL(path.join(ROT, 'dist', 'server', 'src', 'main.js')).href);
await kjoer(ROT);

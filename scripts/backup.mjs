// npm run backup -- FIL: én fil med database og filer, tatt mens systemet går.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROT, sikreAvhengigheter } from './lib/avhengigheter.mjs';

sikreAvhengigheter();
const { byggTjeneren } = await import('./lib/bygg.mjs');
byggTjeneren();
const { sikkerhetskopier } = await import(pathToFileURL(path.join(ROT, 'dist', 'server', 'src', 'kopi.js')).href);
await sikkerhetskopier(ROT, process.argv.slice(2));

// npm run restore -- FIL: leser en sikkerhetskopi inn i en tom datamappe.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROT, sikreAvhengigheter } from './lib/avhengigheter.mjs';

sikreAvhengigheter();
const { byggTjeneren } = await import('./lib/bygg.mjs');
byggTjeneren();
const { gjenopprett } = await import(pathToFileURL(path.join(ROT, 'dist', 'server', 'src', 'kopi.js')).href);
await gjenopprett(ROT, process.argv.slice(2));

import { kjoer } from '../../src/main.ts';
await kjoer('/work/main');

import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/*
 * Skjermen bygges til dist/ui, som serveren gir fra seg på /. Ingenting legges inn i siden som skript eller
 * data-URL: innholdspolicyen tillater bare egne filer.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [react()],
  // form-js har med en eldre avlegger av FEEL-motoren; skjerm og server skal regne med den samme, og bare hente én.
  resolve: { alias: { '@bpmn-io/feelin': 'feelin' } },
  build: {
    outDir: fileURLToPath(new URL('../dist/ui', import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      treeshake: {
        // Komponentene lages uten sidevirkninger, men pakken sier det ikke selv: uten dette følger også de vi ikke bruker, med.
        moduleSideEffects: [{ test: /designsystemet-react\/dist\//, sideEffects: false }],
      },
    },
  },
  server: {
    proxy: {
      '/api': { target: 'http://127.0.0.1:3000', changeOrigin: false },
      '/logg-inn/': { target: 'http://127.0.0.1:3000', changeOrigin: false },
      '/health': { target: 'http://127.0.0.1:3000', changeOrigin: false },
    },
  },
});

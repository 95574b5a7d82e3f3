// usage: node .walk.mjs <who> '<js using p>' [shot]
import { chromium } from 'playwright-core';
const [who, kode, shot, w='1280', h='800'] = process.argv.slice(2);
const b = await chromium.connectOverCDP('http://127.0.0.1:9333');
const navn = 'ctx-'+who;
let ctx = await b.newContext({ baseURL: 'http://127.0.0.1:3100', viewport: { width: +w, height: +h }, locale: 'nb-NO', timezoneId: 'Europe/Oslo', reducedMotion: 'reduce' });
const p = await ctx.newPage();
if (who !== '-') {
  const meg = await (await ctx.request.get('/api/meg')).json();
  const r = await ctx.request.post('/api/demo/logg-inn', { data: { brukerId: who }, headers: { 'x-csrf-token': meg.csrf } });
  if (r.status() !== 204) console.log('login', r.status());
}
const vent = (ms) => p.waitForTimeout(ms);
const full = async (n) => { await p.screenshot({ path: `/tmp/walk/${n}.png`, fullPage: true }); };
const bilde = async (n) => { await p.screenshot({ path: `/tmp/walk/${n}.png` }); };
try { await new Function('p','vent','full','bilde','ctx', `return (async()=>{${kode}})()`)(p, vent, full, bilde, ctx); } catch (e) { console.log(e.message.slice(0,600)); if (shot) {} }
if (shot) await bilde(shot);
await ctx.close(); process.exit(0);

import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { DatamappeIBruk, taDatamappa } from '../../src/db/eier.ts';
import { dennemaskinen, slaaOppProsess } from '../../src/db/prosess.ts';
import { lagTestmappe } from '../hjelp/mappe.ts';

/** En levende prosess å være eier, og en som er død uten at noen henter den. */
function sovende(): ChildProcess {
  return spawn('sleep', ['300'], { stdio: 'ignore' });
}

async function zombie(): Promise<{ pid: number; startet: string; forelder: ChildProcess }> {
  // Skallet blir til sleep, som aldri henter barnet sitt.
  const forelder = spawn('sh', ['-c', 'sleep 300 & echo $!; exec sleep 300'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = await new Promise<number>((ok) => forelder.stdout.once('data', (d: Buffer) => ok(Number(String(d)))));
  const startet = (await slaaOppProsess(pid))?.startet ?? '';
  await new Promise((ok) => setTimeout(ok, 500)); // skallet skal være blitt til sleep; det selv ville hentet barnet
  process.kill(pid, 'SIGKILL');
  return { pid, startet, forelder };
}

describe('eieren av datamappa', function () {
  this.timeout(60_000);
  let mappe: string;
  const barn: ChildProcess[] = [];
  beforeEach(() => (mappe = lagTestmappe('eier-')));
  afterEach(() => {
    for (const b of barn.splice(0)) b.kill('SIGKILL');
    rmSync(mappe, { recursive: true, force: true });
  });

  async function skrivEier(endringer: Record<string, unknown> = {}): Promise<string> {
    const { dev, ino } = statSync(mappe, { bigint: true });
    const pid = typeof endringer['pid'] === 'number' ? endringer['pid'] : process.ppid;
    const fil = path.join(mappe, 'eier.json');
    writeFileSync(
      fil,
      JSON.stringify({
        id: 'en annen',
        pid,
        startet: (await slaaOppProsess(pid))?.startet ?? '1',
        maskin: await dennemaskinen(),
        mappe: `${dev}:${ino}`,
        stopper: false,
        ...endringer,
      }),
    );
    return fil;
  }
  async function tas(): Promise<number> {
    const start = Date.now();
    const eierskap = await taDatamappa(mappe);
    const ms = Date.now() - start;
    expect(JSON.parse(readFileSync(path.join(mappe, 'eier.json'), 'utf8')).pid).to.equal(process.pid);
    await eierskap.slipp();
    return ms;
  }
  async function avvises(): Promise<void> {
    const feil = await taDatamappa(mappe).then(
      () => null,
      (e: unknown) => e,
    );
    expect(feil).to.be.instanceOf(DatamappeIBruk);
    expect(String(feil)).to.include('Systemet kjører allerede på denne datamappa');
  }

  it('en levende eier beholder mappa', async () => {
    const eier = sovende();
    barn.push(eier);
    await skrivEier({ pid: eier.pid });
    await avvises();
  });

  it('en drept eier som ingen henter (zombie), er død: mappa tas med en gang', async function () {
    if (process.platform !== 'linux') this.skip();
    const { pid, startet, forelder } = await zombie();
    barn.push(forelder);
    await skrivEier({ pid, startet });
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).to.match(/\) Z /);
    expect(await tas()).to.be.lessThan(1_000);
  });

  it('en eier som dør imens, ventes på', async () => {
    const eier = sovende();
    barn.push(eier);
    await skrivEier({ pid: eier.pid });
    setTimeout(() => eier.kill('SIGKILL'), 700);
    await tas();
  });

  it('en eier som sier at den stopper, får tid til det', async () => {
    const eier = sovende();
    barn.push(eier);
    await skrivEier({ pid: eier.pid, stopper: true });
    setTimeout(() => eier.kill('SIGKILL'), 3_000);
    expect(await tas()).to.be.greaterThan(2_500);
  });

  it('et gjenbrukt prosessnummer, en kopi av mappa, en tom og en ødelagt fil hindrer ingen', async () => {
    const annen = sovende();
    barn.push(annen);
    await skrivEier({ pid: annen.pid, startet: '1' });
    await tas();
    await skrivEier({ pid: annen.pid, mappe: '1:1' });
    await tas();
    for (const tekst of ['', '{"pid":', 'noe helt annet', 'null', '[]']) {
      const fil = path.join(mappe, 'eier.json');
      writeFileSync(fil, tekst);
      const foer = new Date(Date.now() - 60_000);
      utimesSync(fil, foer, foer);
      await tas();
    }
  });

  it('fila til en eldre utgave gjelder så lenge prosessen lever', async () => {
    const eier = sovende();
    barn.push(eier);
    const startet = (await slaaOppProsess(eier.pid ?? 0))?.startet;
    writeFileSync(path.join(mappe, 'eier.json'), JSON.stringify({ pid: eier.pid, startet }));
    await avvises();
    eier.kill('SIGKILL');
    await tas();
  });

  it('en eier på en annen maskin kjennes på at den rører fila; en som er stille, er borte', async () => {
    for (const maskin of [
      { navn: 'en-annen-maskin', oppstart: 'en annen', rom: 'pid:[1]' },
      { navn: hostname(), oppstart: 'før omstarten', rom: (await dennemaskinen()).rom },
      { ...(await dennemaskinen()), rom: 'pid:[en annen container]' },
    ]) {
      const fil = await skrivEier({ maskin });
      const puls = setInterval(() => utimesSync(fil, new Date(), new Date()), 500);
      try {
        await avvises();
      } finally {
        clearInterval(puls);
      }
    }
    await skrivEier({ maskin: { navn: 'en-annen-maskin', oppstart: 'en annen', rom: 'pid:[1]' } });
    expect(await tas()).to.be.greaterThan(4_000);
  });

  it('eieren rører fila så lenge den lever, og får vite det når en annen har tatt mappa', async () => {
    let tapt = false;
    const eierskap = await taDatamappa(mappe, { vedTapt: () => (tapt = true) });
    const fil = path.join(mappe, 'eier.json');
    const foer = statSync(fil).mtimeMs;
    await new Promise((ok) => setTimeout(ok, 2_500));
    expect(statSync(fil).mtimeMs).to.be.greaterThan(foer);
    await skrivEier();
    await new Promise((ok) => setTimeout(ok, 2_500));
    expect(tapt).to.equal(true);
    await eierskap.slipp();
    expect(JSON.parse(readFileSync(fil, 'utf8')).id, 'den andres fil står').to.equal('en annen');
  });
});

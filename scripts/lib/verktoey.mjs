// Finner det testene kan bruke når det finnes: Java 21+ med Maven, Chromium og en PostgreSQL-tjener.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';

function finnes(program, argumenter = ['--version']) {
  return spawnSync(program, argumenter, { stdio: 'ignore' }).status === 0;
}

function brukbarJdk(hjem) {
  if (!hjem || !existsSync(path.join(hjem, 'bin', 'javac'))) return false;
  const svar = spawnSync(path.join(hjem, 'bin', 'java'), ['-version'], { encoding: 'utf8' });
  const versjon = Number(/version "(\d+)/.exec(svar.stderr)?.[1]);
  return versjon >= 21;
}

/** JAVA_HOME for en JDK 21 eller nyere, eller null. Maven må også finnes. */
export function finnJava() {
  if (!finnes('mvn', ['-v'])) return null;
  const java = spawnSync('sh', ['-c', 'command -v java'], { encoding: 'utf8' }).stdout.trim();
  const standard = java ? path.dirname(path.dirname(realpathSync(java))) : '';
  const steder = ['/usr/lib/jvm', path.dirname(standard || '/')].filter((s) => existsSync(s));
  const kandidater = [
    process.env.JAVA_HOME,
    standard,
    ...steder.flatMap((s) => readdirSync(s).map((n) => path.join(s, n))),
  ];
  return kandidater.find((k) => k && brukbarJdk(k)) ?? null;
}

/** Stien til en installert Chromium eller Chrome, eller null. */
export function finnChromium() {
  const kandidater = [
    process.env.CHROMIUM_PATH,
    'chromium',
    'chromium-browser',
    'google-chrome-stable',
    'google-chrome',
  ];
  for (const navn of kandidater.filter(Boolean)) {
    const svar = path.isAbsolute(navn)
      ? existsSync(navn) && navn
      : spawnSync('sh', ['-c', `command -v ${navn}`], { encoding: 'utf8' }).stdout.trim();
    if (svar) return svar;
  }
  return null;
}

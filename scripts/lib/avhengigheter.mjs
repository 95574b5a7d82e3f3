// Installerer pakkene når de mangler eller låsefila er endret. Bruker bare Node selv, for den kjører før noe er installert.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

const MINSTE_NODE = [20, 19];

function kravTilNode() {
  const [stor, liten] = process.versions.node.split('.').map(Number);
  if (stor > MINSTE_NODE[0] || (stor === MINSTE_NODE[0] && liten >= MINSTE_NODE[1])) return;
  console.error(`Node ${MINSTE_NODE.join('.')} eller nyere trengs; dette er ${process.versions.node}.`);
  process.exit(1);
}

function kanSkrives(mappe) {
  try {
    mkdirSync(mappe, { recursive: true });
    accessSync(mappe, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Stopper med ord når mappa ikke kan skrives: installasjonen eies av en annen, som da må gjøre det. */
export function krevSkrivbar(mappe, grunn) {
  if (kanSkrives(mappe)) return;
  let bruker = '';
  try {
    bruker = userInfo().username;
  } catch {
    bruker = String(process.getuid?.() ?? '');
  }
  console.error(
    `${grunn[0].toUpperCase()}${grunn.slice(1)}, og brukeren ${bruker} kan ikke skrive i ${mappe}.\n` +
      `Kjør npm start (eller npm run build) én gang som den som eier ${ROT}. Etterpå kan en annen bruker kjøre det ` +
      'med sin egen datamappe: DATA_DIR=/en/mappe/brukeren/eier npm start',
  );
  process.exit(1);
}

/** Pakkene npm sier at den la inn: de samme som låsefila krever, når en annen (f.eks. root med npm ci) har installert. */
function erInstallertAvAndre(laas) {
  const skjult = path.join(ROT, 'node_modules', '.package-lock.json');
  if (!existsSync(skjult)) return false;
  try {
    const { packages: har } = JSON.parse(readFileSync(skjult, 'utf8'));
    return Object.entries(JSON.parse(laas).packages).every(
      ([sti, pakke]) =>
        sti === '' ||
        (har[sti] ? har[sti].version === pakke.version : pakke.optional || pakke.devOptional || pakke.peer),
    );
  } catch {
    return false; // halvskrevet eller fra en annen npm: da installeres det
  }
}

/** npm vil ha et hurtiglager i hjemmemappa; uten en skrivbar hjemmemappe får det ligge i prosjektet til installasjonen er gjort. */
function miljoeForNpm() {
  let hjem = '';
  try {
    hjem = process.env.HOME === '' ? '' : homedir();
  } catch {
    // ingen hjemmemappe
  }
  if (process.env.npm_config_cache && kanSkrives(process.env.npm_config_cache)) return process.env;
  if (hjem && path.isAbsolute(hjem) && kanSkrives(path.join(hjem, '.npm'))) return process.env;
  return { ...process.env, npm_config_cache: path.join(ROT, 'node_modules', '.npm-lager') };
}

/** Sørger for at node_modules svarer til package-lock.json. En avbrutt installasjon gjøres om igjen. */
export function sikreAvhengigheter() {
  kravTilNode();
  const merke = path.join(ROT, 'node_modules', '.installert');
  const laas = readFileSync(path.join(ROT, 'package-lock.json'));
  const id = `${createHash('sha256').update(laas).digest('hex')} ${process.platform}-${process.arch}`;
  if (existsSync(merke) && readFileSync(merke, 'utf8') === id) return;
  if (!kanSkrives(path.join(ROT, 'node_modules'))) {
    if (erInstallertAvAndre(laas)) return;
    krevSkrivbar(path.join(ROT, 'node_modules'), 'pakkene er ikke installert');
  }
  rmSync(merke, { force: true });
  console.log('Installerer pakkene (første gang, omtrent et minutt) …');
  const argumenter = ['ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const valg = { cwd: ROT, stdio: ['ignore', 'inherit', 'inherit'], env: miljoeForNpm() };
  const svar =
    npm && /\.[cm]?js$/.test(npm)
      ? spawnSync(process.execPath, [npm, ...argumenter], valg)
      : spawnSync('npm', argumenter, { ...valg, shell: process.platform === 'win32' });
  if (svar.status !== 0) {
    console.error('Pakkene lot seg ikke installere. Kontroller nettforbindelsen og prøv igjen.');
    process.exit(svar.status ?? 1);
  }
  writeFileSync(merke, id);
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { validateXML } from 'xmllint-wasm';

const MAPPE = path.join(import.meta.dirname, '..', 'arkiv', 'skjema');
/** Filene slik de ble hentet (se test/arkiv/README.md): en endret fil skal ikke kunne gå for å være den publiserte. */
const SJEKKSUM: Record<string, string> = {
  'arkivmelding.xsd': '579ec5d1e1ed650e8bbd9a50efe56c62f687484f4c038f9ecf2e2e49bb0e600b',
  'metadatakatalog.xsd': '29cab7473ed02bb0dc2b1b7ec7573cd60c1c1c2141439af3b4af883f454c86b4',
};

function skjema(fileName: string): { fileName: string; contents: string } {
  const fil = readFileSync(path.join(MAPPE, fileName));
  const sum = createHash('sha256').update(fil).digest('hex');
  if (sum !== SJEKKSUM[fileName]) throw new Error(`${fileName} er ikke den som ble hentet: sha256 ${sum}`);
  return { fileName, contents: fil.toString('utf8').replace(/^\ufeff/, '') };
}

/** Hvorfor arkivmeldingen ikke er gyldig etter det publiserte skjemaet; tom når den er det. */
export async function arkivmeldingFeil(xml: string): Promise<string[]> {
  const svar = await validateXML({
    xml: [{ fileName: 'arkivmelding.xml', contents: xml }],
    schema: [skjema('arkivmelding.xsd')],
    preload: [skjema('metadatakatalog.xsd')],
  });
  return svar.errors.map((f) => f.message);
}

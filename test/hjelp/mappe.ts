import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** En ny mappe som alle kan gå gjennom, slik en vanlig datamappe er; databasens egen bruker kommer da fram til den. */
export function lagTestmappe(prefiks: string): string {
  const mappe = mkdtempSync(path.join(process.env['TEST_TMP'] ?? tmpdir(), prefiks));
  chmodSync(mappe, 0o755);
  return mappe;
}

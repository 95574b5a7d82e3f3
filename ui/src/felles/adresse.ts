/** Dit en skal etter innlogging. Bare adresser her inne: en lenke skal ikke kunne sende noen til et annet nettsted. */
export function tryggAdresse(til: string | null): string {
  return til && /^\/(?![/\\])/.test(til) && !til.startsWith('/logg-inn') ? til : '/';
}

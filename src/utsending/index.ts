export { sendPlanlagte, sikreBrev, type Brevbehov } from './brev.ts';
export { lagFilkanal } from './filkanal.ts';
export { skrivMappeEnGang, tryggFilnavn } from './filmappe.ts';
export type { Forsendelse, Utsendingskanal } from './kanal.ts';

/** The two routines as they are shipped (`bpmn/`), taken along their paths without the app: workers and people are played here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Resource } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';
import type { Variables, World } from '../world.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'bpmn');

/** A shipped file whose shared names (processes, forms, job types, messages) get the suffix of the run. */
function shipped(fileName: string): Resource {
  return {
    fileName,
    content(suffix) {
      const text = readFileSync(join(folder, fileName), 'utf8');
      if (fileName.endsWith('.form')) {
        const schema: { id: string } = JSON.parse(text);
        return JSON.stringify({ ...schema, id: schema.id + suffix });
      }
      const named = (before: string) => [new RegExp(`(${before})([^"]+)"`, 'g'), `$1$2${suffix}"`] as const;
      return [
        named('<bpmn:process [^>]*?\\bid="'),
        named('bpmnElement="(?=ip-[a-z-]+"[^>]*>\\s*<bpmndi:BPMNShape)'),
        named('<zeebe:calledElement [^>]*?processId="'),
        named('<zeebe:formDefinition [^>]*?formId="'),
        named('<zeebe:taskDefinition [^>]*?type="'),
        named('<bpmn:message [^>]*?\\bname="'),
      ]
        .reduce((xml, [pattern, replacement]) => xml.replace(pattern, replacement), text)
        .replace(/(<bpmndi:BPMNPlane [^>]*bpmnElement="[^"]+)"/g, `$1${suffix}"`);
    },
  };
}

const bundle = (): Resource[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.bpmn') || name.endsWith('.form'))
    .sort()
    .map(shipped);

const sak: Variables = {
  sakId: 'sak-1',
  mottaksenhet: 'hsk-nord',
  vedtaksinstans: 'hsk-nord',
  skriftlig: true,
  egenSak: false,
  fireOeyne: true,
  planKonflikt: false,
  foreloepigSvarFrist: '2080-01-01T00:00:00Z',
};

async function received(world: World, changes: Variables = {}): Promise<void> {
  await world.deployed(...bundle());
  await world.published('AnmodningMottatt', 'sak-1', { variables: { ...sak, ...changes }, id: 'anmodning-sak-1' });
}

/** From the receipt to the information talk. */
async function informed(world: World, oenske: string): Promise<void> {
  await world.completed('send-kvittering');
  await world.taskCompleted('avklar-instans', { vedtaksinstans: 'hsk-nord' });
  await world.completed('sjekk-aktiv-plan', { harPlan: false });
  await world.taskCompleted('informer-og-avklar', { oenske });
}

async function decided(world: World, utfall: string): Promise<void> {
  await world.taskCompleted('kartlegg-og-vurder');
  await world.taskCompleted('fatt-vedtak', { utfall, vedtakId: 'v-1' });
  await world.taskCompleted('godkjenn-vedtak', { godkjent: true });
  await world.completed('iverksett-vedtak');
  for (const type of ['lag-brev', 'send-brev', 'arkiver']) await world.completed(type);
}

async function appointed(world: World): Promise<void> {
  await world.completed('registrer-oppdrag', { oppdragId: 'o-1' });
  for (const type of ['lag-brev', 'send-brev', 'arkiver']) await world.completed(type);
}

export const routines = theme(
  'routines',

  scenario('granted, with a coordinator from another unit that first says no', async (world) => {
    await received(world);
    await informed(world, 'ip');
    await world.taskCompleted('kartlegg-og-vurder');
    await world.taskCompleted('fatt-vedtak', { utfall: 'avslag', vedtakId: 'v-0' });
    await world.taskCompleted('godkjenn-vedtak', { godkjent: false });
    await world.taskCompleted('fatt-vedtak', { utfall: 'ip', vedtakId: 'v-1' });
    await world.taskCompleted('godkjenn-vedtak', { godkjent: true });
    await world.completed('iverksett-vedtak');
    for (const type of ['lag-brev', 'send-brev', 'arkiver']) await world.completed(type);
    await world.taskCompleted('vurder-valg', { utenforEnheten: true, valgtEnhet: 'hjemmetjenesten', kanUtpeke: false });
    await world.completed('send-henvendelse');
    await world.taskCompleted('utpek-ansatt', { kanUtpeke: true, ansattId: 'bo' });
    await world.taskCompleted('bekreft-oppdrag', { bekreftet: false });
    await world.taskCompleted('utpek-ansatt', { kanUtpeke: true, ansattId: 'anne' });
    await world.taskCompleted('bekreft-oppdrag', { bekreftet: true });
    await world.completed('sjekk-kompetanse', { kompetanse: 'frist', kravId: 'krav-1' });
    await world.completed('start-opplaering');
    await appointed(world);
    await world.completed('bestill-plan');
    await world.completed('avslutt-sak');
    await world.instancesOf('ip-saksbehandle', { COMPLETED: 1 });
    await world.instancesOf('ip-oppnevne-plankoordinator', { COMPLETED: 1 });
  }),

  scenario('refused', async (world) => {
    await received(world, { skriftlig: false });
    await world.taskCompleted('registrer-anmodning', { skriftlig: true });
    await informed(world, 'ip');
    await decided(world, 'avslag');
    await world.completed('avslutt-sak');
    await world.instancesOf('ip-saksbehandle', { COMPLETED: 1 });
  }),

  scenario('declined: neither plan nor coordinator is wanted', async (world) => {
    await received(world);
    await informed(world, 'ingen');
    await world.taskCompleted('dokumenter-avslaatt-tilbud');
    await world.completed('avslutt-sak');
    await world.instancesOf('ip-saksbehandle', { COMPLETED: 1 });
  }),

  scenario('a coordinator only, who must be trained before', async (world) => {
    await received(world, { egenSak: true, fireOeyne: false });
    await world.completed('send-kvittering');
    await world.completed('sjekk-aktiv-plan', { harPlan: false });
    await world.taskCompleted('informer-og-avklar', { oenske: 'koordinator' });
    await world.taskCompleted('kartlegg-og-vurder');
    await world.taskCompleted('fatt-vedtak', { utfall: 'koordinator', vedtakId: 'v-1' });
    await world.completed('iverksett-vedtak');
    for (const type of ['lag-brev', 'send-brev', 'arkiver']) await world.completed(type);
    await world.taskCompleted('vurder-valg', { utenforEnheten: false, kanUtpeke: false, ansattId: 'anne' });
    await world.taskCompleted('bekreft-oppdrag', { bekreftet: true });
    await world.completed('sjekk-kompetanse', { kompetanse: 'blokkerer', kravId: 'krav-2' });
    await world.completed('start-opplaering');
    await world.active(['oppnevne-plankoordinator', 'vent-paa-kompetanse']);
    await world.published('KompetanseRegistrert', 'krav-2');
    await appointed(world);
    await world.completed('avslutt-sak');
    await world.instancesOf('ip-saksbehandle', { COMPLETED: 1 });
  }),

  scenario('withdrawn midway', async (world) => {
    await received(world);
    await informed(world, 'ip');
    await world.published('SakTrukket', 'sak-1', { id: 'trukket-sak-1' });
    await world.taskIs('kartlegg-og-vurder', { state: 'CANCELED' });
    await world.completed('bekreft-trukket');
    await world.completed('avslutt-sak');
    await world.instancesOf('ip-saksbehandle', { COMPLETED: 1 });
  }),

  scenario('has a plan already', async (world) => {
    await received(world);
    await world.completed('send-kvittering');
    await world.taskCompleted('avklar-instans', { vedtaksinstans: 'hsk-nord' });
    await world.completed('sjekk-aktiv-plan', { harPlan: true });
    await world.taskCompleted('svar-om-eksisterende-plan');
    await world.completed('avslutt-sak');
    await world.instancesOf('ip-saksbehandle', { COMPLETED: 1 });
  }),

  scenario('another case took the plan: the loser gets HarPlan', async (world) => {
    await received(world, { fireOeyne: false });
    await informed(world, 'ip');
    await world.taskCompleted('kartlegg-og-vurder');
    await world.taskCompleted('fatt-vedtak', { utfall: 'ip', planKonflikt: true });
    await world.taskCompleted('avklar-dobbel-sak');
    await world.completed('avslutt-sak');
    await world.instancesOf('ip-saksbehandle', { COMPLETED: 1 });
  }),

  scenario(
    'a month goes by, then the unit asked does not answer in time',
    async (world) => {
      await received(world, { fireOeyne: false, foreloepigSvarFrist: '2020-01-01T00:00:00Z' });
      await world.completed('send-foreloepig-svar');
      await informed(world, 'ip');
      await world.taskCompleted('kartlegg-og-vurder');
      await world.taskCompleted('fatt-vedtak', { utfall: 'ip', vedtakId: 'v-1' });
      await world.completed('iverksett-vedtak');
      for (const type of ['lag-brev', 'send-brev', 'arkiver']) await world.completed(type);
      await world.taskCompleted('vurder-valg', { utenforEnheten: true, valgtEnhet: 'skolen', kanUtpeke: false });
      await world.completed('send-henvendelse');
      await world.timePassed('P17DT1S');
      await world.taskCompleted('avklar-videre', { merTid: true });
      await world.timePassed('P17DT1S');
      await world.taskCompleted('avklar-videre', { merTid: false });
      await world.taskCompleted('vurder-valg', { utenforEnheten: false, ansattId: 'anne', kanUtpeke: false });
      await world.timePassed('P10DT1S');
      await world.taskCompleted('avklar-svar', { merTid: true });
      await world.taskCompleted('bekreft-oppdrag', { bekreftet: true });
      await world.completed('sjekk-kompetanse', { kompetanse: 'ok', kravId: 'k' });
      await appointed(world);
      await world.completed('bestill-plan');
      await world.completed('avslutt-sak');
      await world.instancesOf('ip-saksbehandle', { COMPLETED: 1 });
    },
    { clock: true },
  ),
);

/** User tasks: what the diagram gives them, claiming, updating, completing, forms. */
import { expect } from 'chai';
import { form, process } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';

export const userTasks = theme(
  'user-tasks',

  scenario(
    'a user task carries what the diagram says and its variables reach the process when it is completed',
    async ({ given, when, then }) => {
      await given.deployed(
        process('task')
          .start('start')
          .user('vurder', {
            name: 'Vurder saken',
            groups: 'ke, beslutter',
            users: 'anne',
            due: '2031-05-17T10:00:00Z',
            followUp: '=dato',
            priority: '70',
          })
          .end('done'),
      );
      const instance = await when.started('task', { dato: '2031-05-01T10:00:00+02:00' });
      await then.taskIs('vurder', {
        state: 'CREATED',
        name: 'Vurder saken',
        candidateGroups: ['ke', 'beslutter'],
        candidateUsers: ['anne'],
        priority: 70,
        dueDate: '2031-05-17T10:00:00.000Z',
        followUpDate: '2031-05-01T08:00:00.000Z',
      });
      await when.taskCompleted('vurder', { utfall: 'innvilget' });
      await then.taskIs('vurder', { state: 'COMPLETED' });
      await then.instanceIs(instance, 'COMPLETED');
      await then.variablesAre(instance, { dato: '2031-05-01T10:00:00+02:00', utfall: 'innvilget' });
    },
  ),

  scenario('a user task without settings has priority 50, no assignee and no groups', async ({ given, when, then }) => {
    await given.deployed(process('bare').start('start').user('bare').end('done'));
    await when.started('bare');
    await then.taskIs('bare', {
      state: 'CREATED',
      priority: 50,
      assignee: undefined,
      candidateGroups: [],
      name: 'bare',
    });
  }),

  scenario('expressions give assignee, groups, priority and due date', async ({ given, when, then }) => {
    await given.deployed(
      process('dynamic')
        .start('start')
        .user('task', {
          assignee: '=hvem',
          groups: '=grupper',
          priority: '=haster',
          due: '=date and time("2031-01-01T00:00:00Z") + duration("P2D")',
        })
        .end('done'),
    );
    await when.started('dynamic', { hvem: 'kari', grupper: ['a', 'b'], haster: 90 });
    await then.taskIs('task', {
      assignee: 'kari',
      candidateGroups: ['a', 'b'],
      priority: 90,
      dueDate: '2031-01-03T00:00:00.000Z',
    });
  }),

  scenario('null is fine for dates, but an EXTRACT_VALUE_ERROR for assignee', async ({ given, when, then }) => {
    await given.deployed(
      process('nulls')
        .start('start')
        .user('dates', { due: '=missing', followUp: '=null' })
        .user('who', { assignee: '=missing' })
        .end('done'),
    );
    const instance = await when.started('nulls');
    await then.taskIs('dates', { state: 'CREATED', dueDate: undefined, followUpDate: undefined });
    await when.taskCompleted('dates');
    await then.incidentsAre(['who EXTRACT_VALUE_ERROR']);
    await when.variablesSet(instance, { missing: 'nils' });
    await when.incidentResolved('who');
    await then.taskIs('who', { state: 'CREATED', assignee: 'nils' });
  }),

  scenario(
    'groups must be a list of texts, priority within 0 to 100, dates must have a zone',
    async ({ given, when, then }) => {
      for (const [id, spec] of [
        ['groupsText', { groups: '=liste' }],
        ['groupsNull', { groups: '=missing' }],
        ['tooHigh', { priority: '=101' }],
        ['noZone', { due: '="2030-01-01T10:00:00"' }],
        ['onlyDate', { due: '="2030-01-01"' }],
      ] as const) {
        await given.deployed(process(id).start('start').user(`${id}Task`, spec).end('done'));
        await when.started(id, { liste: 'a, b' });
      }
      await then.incidentsAre([
        'groupsTextTask EXTRACT_VALUE_ERROR',
        'groupsNullTask EXTRACT_VALUE_ERROR',
        'tooHighTask EXTRACT_VALUE_ERROR',
        'noZoneTask EXTRACT_VALUE_ERROR',
        'onlyDateTask EXTRACT_VALUE_ERROR',
      ]);
    },
  ),

  scenario('the empty text means nobody and no date', async ({ given, when, then }) => {
    await given.deployed(process('empty').start('start').user('task', { assignee: '=""', due: '=""' }).end('done'));
    await when.started('empty');
    await then.taskIs('task', { state: 'CREATED', assignee: undefined, dueDate: undefined });
  }),

  scenario(
    'claiming a task that another holds is refused, one that is mine is fine, and override takes it',
    async ({ given, when, then }) => {
      await given.deployed(process('claim').start('start').user('task').end('done'));
      await when.started('claim');
      await when.taskAssigned('task', 'kari', { allowOverride: false });
      await when.taskAssigned('task', 'kari', { allowOverride: false });
      await then.refused(409, 'INVALID_STATE', when.taskAssigned('task', 'ola', { allowOverride: false }));
      await then.taskIs('task', { assignee: 'kari' });
      await when.taskAssigned('task', 'ola');
      await then.taskIs('task', { assignee: 'ola' });
      await when.taskUnassigned('task');
      await then.taskIs('task', { assignee: undefined, state: 'CREATED' });
    },
  ),

  scenario('an update changes only what it names', async ({ given, when, then }) => {
    await given.deployed(
      process('update')
        .start('start')
        .user('task', { groups: 'ke', priority: '10', due: '2031-01-01T00:00:00Z' })
        .end('done'),
    );
    await when.started('update');
    await when.taskUpdated('task', { candidateGroups: ['nav'], dueDate: '2032-02-02T00:00:00Z' });
    await then.taskIs('task', { candidateGroups: ['nav'], dueDate: '2032-02-02T00:00:00.000Z', priority: 10 });
    await when.taskUpdated('task', { dueDate: '', priority: 0 });
    await then.taskIs('task', { dueDate: undefined, priority: 0, candidateGroups: ['nav'] });
    await then.refused(400, 'INVALID_ARGUMENT', when.taskUpdated('task', { dueDate: 'i morgen' }));
  }),

  scenario('commands to a finished task answer 404', async ({ given, when, then }) => {
    await given.deployed(process('late').start('start').user('task').end('done'));
    await when.started('late');
    const key = await when.taskKey('task');
    await when.taskCompleted(key);
    await then.refused(404, 'NOT_FOUND', when.taskCompleted(key));
    await then.refused(404, 'NOT_FOUND', when.taskAssigned(key, 'kari'));
    await then.refused(404, 'NOT_FOUND', when.taskUnassigned(key));
    await then.refused(404, 'NOT_FOUND', when.taskUpdated(key, { priority: 1 }));
  }),

  scenario('cancelling the instance cancels its task', async ({ given, when, then }) => {
    await given.deployed(process('cancel').start('start').user('task').end('done'));
    const instance = await when.started('cancel');
    const key = await when.taskKey('task');
    await when.cancelled(instance);
    await then.instanceIs(instance, 'TERMINATED');
    await then.taskIs('task', { state: 'CANCELED' });
    await then.refused(404, 'NOT_FOUND', when.taskCompleted(key));
  }),

  scenario('an output mapping keeps the rest of what the form sent local', async ({ given, when, then }) => {
    await given.deployed(
      process('mapped')
        .start('start')
        .user('task', { output: { vedtak: '=utfall' } })
        .end('done'),
    );
    const instance = await when.started('mapped');
    await when.taskCompleted('task', { utfall: 'avslag', notat: 'privat' });
    await then.instanceIs(instance, 'COMPLETED');
    await then.variablesAre(instance, { vedtak: 'avslag' });
    await then.localVariablesAre('task', { utfall: 'avslag', notat: 'privat' });
  }),

  scenario('the form is the one of the same deployment, fixed when the task is created', async ({ given, when }) => {
    const diagram = process('formed')
      .start('start')
      .user('task', { form: 'skjema', binding: 'deployment' })
      .end('done');
    await given.deployed(diagram, form('skjema', { label: 'First' }));
    await when.started('formed');
    const key = await when.taskKey('task');
    await given.deployed(diagram, form('skjema', { label: 'Second' }));
    const { body } = await when.sent('GET', `/v2/user-tasks/${key}/form`);
    expect(body).to.have.property('version', 1);
    const schema = typeof body === 'object' && body !== null && !Array.isArray(body) ? body['schema'] : undefined;
    // the API's description says object, and a cluster may answer JSON text
    expect(typeof schema === 'string' ? schema : JSON.stringify(schema)).to.contain('First');
  }),

  scenario(
    'a missing form is a FORM_NOT_FOUND and no task, until the form is deployed',
    async ({ given, when, then }) => {
      await given.deployed(process('formless').start('start').user('task', { form: 'finnesIkke' }).end('done'));
      await when.started('formless');
      await then.incidentsAre(['task FORM_NOT_FOUND']);
      await given.deployed(form('finnesIkke'));
      await when.incidentResolved('task');
      await then.taskIs('task', { state: 'CREATED' });
    },
  ),

  scenario(
    'a boundary timer that does not interrupt leaves the task open',
    async ({ given, when, then }) => {
      await given.deployed(
        process('reminder')
          .start('start')
          .user('task')
          .end('done')
          .boundary('due', 'task', { duration: 'P10D', interrupting: false })
          .service('remind')
          .end('reminded'),
      );
      const instance = await when.started('reminder');
      await when.timePassed('P10DT1S');
      await when.completed('remind');
      await then.active(['task'], instance);
      await when.taskCompleted('task');
      await then.instanceIs(instance, 'COMPLETED');
    },
    { clock: true },
  ),

  scenario(
    'a boundary timer that interrupts takes the task away',
    async ({ given, when, then }) => {
      await given.deployed(
        process('expired')
          .start('start')
          .user('task')
          .end('done')
          .boundary('due', 'task', { duration: 'P10D' })
          .user('clarify')
          .end('clarified'),
      );
      const instance = await when.started('expired');
      const key = await when.taskKey('task');
      await when.timePassed('P10DT1S');
      await then.active(['clarify'], instance);
      await then.refused(404, 'NOT_FOUND', when.taskCompleted(key));
      await then.taskIs('task', { state: 'CANCELED' });
      await when.taskCompleted('clarify');
      await then.instanceIs(instance, 'COMPLETED');
    },
    { clock: true },
  ),

  scenario(
    'null for users, priority and external form reference is an EXTRACT_VALUE_ERROR',
    async ({ given, when, then }) => {
      for (const [id, spec] of [
        ['usersNull', { users: '=null' }],
        ['priorityNull', { priority: '=missing' }],
        ['priorityText', { priority: '="hoy"' }],
        ['formNull', { externalForm: '=null' }],
      ] as const) {
        await given.deployed(process(id).start('start').user(`${id}Task`, spec).end('done'));
        await when.started(id);
      }
      await then.incidentsAre([
        'usersNullTask EXTRACT_VALUE_ERROR',
        'priorityNullTask EXTRACT_VALUE_ERROR',
        'priorityTextTask EXTRACT_VALUE_ERROR',
        'formNullTask EXTRACT_VALUE_ERROR',
      ]);
    },
  ),

  scenario('an external form reference is kept as it is', async ({ given, when, then }) => {
    await given.deployed(
      process('external').start('start').user('task', { externalForm: 'https://skjema.example/1' }).end('done'),
    );
    await when.started('external');
    await then.taskIs('task', { state: 'CREATED', externalFormReference: 'https://skjema.example/1' });
  }),
);

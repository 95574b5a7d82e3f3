/** User-task listeners: the app feeds its own task list by `creating` and `canceling`. */
import { process } from '../bpmn-builder.ts';
import { scenario, theme } from '../scenario.ts';

export const taskListeners = theme(
  'task-listeners',

  scenario(
    'a task with a creating listener is CREATED only when the listener has answered',
    async ({ given, when, then }) => {
      await given.deployed(
        process('creating')
          .start('start')
          .user('task', { groups: 'ke', priority: '60', listeners: [['creating', 'onCreate']] })
          .end('done'),
      );
      await when.started('creating', { sakId: 's1' });
      await then.taskIs('task', { state: 'CREATING' });
      const [key] = await when.taskKeys('task');
      await then.refused(409, 'INVALID_STATE', when.taskCompleted(String(key)));
      const job = await when.taken('onCreate');
      await when.listenerAnswered(job);
      await then.taskIs('task', { state: 'CREATED', candidateGroups: ['ke'], priority: 60 });
      await when.taskCompleted('task');
      await then.instancesOf('creating', { COMPLETED: 1 });
    },
  ),

  scenario(
    'several listeners of an event run one after another, in the order of the diagram',
    async ({ given, when, then }) => {
      await given.deployed(
        process('order')
          .start('start')
          .user('task', {
            listeners: [
              ['creating', 'one'],
              ['creating', 'two'],
              ['completing', 'three'],
            ],
          })
          .end('done'),
      );
      const instance = await when.started('order');
      await then.nothingToDo('two');
      await when.listenerAnswered('one');
      await when.listenerAnswered('two');
      const completion = await when.taskCompletedLater('task', { svar: 1 });
      await when.listenerAnswered('three');
      await completion.answer();
      await then.instanceIs(instance, 'COMPLETED');
    },
  ),

  scenario('creating cannot be denied', async ({ given, when, then }) => {
    await given.deployed(
      process('undeniable')
        .start('start')
        .user('task', { listeners: [['creating', 'onCreate']] })
        .end('done'),
    );
    await when.started('undeniable');
    const job = await when.taken('onCreate');
    await then.refused(400, 'INVALID_ARGUMENT', when.listenerAnswered(job, { denied: true }));
    await when.listenerAnswered(job);
    await then.taskIs('task', { state: 'CREATED' });
  }),

  scenario(
    'a creating listener corrects the task, and an assignee it sets does not run assigning',
    async ({ given, when, then }) => {
      await given.deployed(
        process('correct')
          .start('start')
          .user('task', {
            listeners: [
              ['creating', 'onCreate'],
              ['assigning', 'onAssign'],
            ],
          })
          .end('done'),
      );
      await when.started('correct');
      await when.listenerAnswered('onCreate', {
        corrections: { assignee: 'kari', priority: 80, candidateGroups: ['nav'], dueDate: '2031-01-01T00:00:00Z' },
      });
      await then.taskIs('task', {
        state: 'CREATED',
        assignee: 'kari',
        priority: 80,
        candidateGroups: ['nav'],
        dueDate: '2031-01-01T00:00:00.000Z',
      });
      await then.nothingToDo('onAssign');
    },
  ),

  scenario(
    'an assignee in the diagram is seen by creating, then runs assigning; denied, the task is created without it',
    async ({ given, when, then }) => {
      await given.deployed(
        process('assigned')
          .start('start')
          .user('task', {
            assignee: 'kari',
            listeners: [
              ['creating', 'onCreate'],
              ['assigning', 'onAssign'],
            ],
          })
          .end('done'),
      );
      await when.started('assigned');
      await when.listenerAnswered('onCreate');
      await when.listenerAnswered('onAssign', { denied: true, deniedReason: 'nei' });
      await then.taskIs('task', { state: 'CREATED', assignee: undefined });
    },
  ),

  scenario(
    'a denied completion answers 409, drops the variables, and the task stays open',
    async ({ given, when, then }) => {
      await given.deployed(
        process('deny')
          .start('start')
          .user('task', { listeners: [['completing', 'onComplete']] })
          .end('done'),
      );
      const instance = await when.started('deny');
      const first = await when.taskCompletedLater('task', { utfall: 'ja' });
      const job = await when.taken('onComplete');
      await when.listenerAnswered(job, { denied: true, deniedReason: 'mangler begrunnelse' });
      await then.refused(409, 'INVALID_STATE', first.answer());
      await then.taskIs('task', { state: 'CREATED' });
      await then.variablesAre(instance, {});
      const again = await when.taskCompletedLater('task', { utfall: 'nei' });
      await when.listenerAnswered('onComplete');
      await again.answer();
      await then.instanceIs(instance, 'COMPLETED');
      await then.variablesAre(instance, { utfall: 'nei' });
    },
  ),

  scenario('deny and correct in one answer is refused, and so are variables', async ({ given, when, then }) => {
    await given.deployed(
      process('both')
        .start('start')
        .user('task', { listeners: [['completing', 'onComplete']] })
        .end('done'),
    );
    await when.started('both');
    const completion = await when.taskCompletedLater('task');
    const job = await when.taken('onComplete');
    await then.refused(
      400,
      'INVALID_ARGUMENT',
      when.listenerAnswered(job, { denied: true, corrections: { assignee: 'kari' } }),
    );
    await then.refused(400, 'INVALID_ARGUMENT', when.listenerAnswered(job, {}, { x: 1 }));
    await when.listenerAnswered(job);
    await completion.answer();
    await then.instancesOf('both', { COMPLETED: 1 });
  }),

  scenario('a listener may not throw a BPMN error', async ({ given, when, then }) => {
    await given.deployed(
      process('noThrow')
        .start('start')
        .user('task', { listeners: [['creating', 'onCreate']] })
        .end('done'),
    );
    await when.started('noThrow');
    const job = await when.taken('onCreate');
    await then.refused(409, 'INVALID_STATE', when.threwError(job, 'E1'));
    await when.listenerAnswered(job);
    await then.taskIs('task', { state: 'CREATED' });
  }),

  scenario(
    'canceling runs before the task ends by cancel: the instance stays ACTIVE until it has answered',
    async ({ given, when, then }) => {
      await given.deployed(
        process('cancelling')
          .start('start')
          .user('task', { listeners: [['canceling', 'onCancel']] })
          .end('done'),
      );
      const instance = await when.started('cancelling');
      const key = await when.taskKey('task');
      await when.cancelled(instance);
      await then.instanceIs(instance, 'ACTIVE');
      await then.taskIs('task', { state: 'CANCELING' });
      await then.refused(409, 'INVALID_STATE', when.taskCompleted(key));
      const job = await when.taken('onCancel');
      await then.refused(400, 'INVALID_ARGUMENT', when.listenerAnswered(job, { denied: true }));
      await when.listenerAnswered(job);
      await then.instanceIs(instance, 'TERMINATED');
      await then.taskIs('task', { state: 'CANCELED' });
    },
  ),

  scenario(
    'an interrupting boundary event waits for the canceling listener before its path goes on',
    async ({ given, when, then }) => {
      await given.deployed(
        process('boundaryWaits')
          .start('start')
          .user('task', { listeners: [['canceling', 'onCancel']] })
          .end('done')
          .boundary('withdrawn', 'task', { message: 'withdrawn', key: '=id' })
          .service('confirm')
          .end('gone'),
      );
      const instance = await when.started('boundaryWaits', { id: 'b1' });
      await when.published('withdrawn', 'b1');
      await then.nothingToDo('confirm');
      await then.taskIs('task', { state: 'CANCELING' });
      await when.listenerAnswered('onCancel');
      await then.active(['confirm'], instance);
      await then.taskIs('task', { state: 'CANCELED' });
    },
  ),

  scenario(
    'a task interrupted while completing: the listener job goes, the caller gets 409, the boundary path is taken',
    async ({ given, when, then }) => {
      await given.deployed(
        process('interrupted')
          .start('start')
          .user('task', { listeners: [['completing', 'onComplete']] })
          .end('done')
          .boundary('withdrawn', 'task', { message: 'withdrawn', key: '=id' })
          .service('confirm')
          .end('gone'),
      );
      const instance = await when.started('interrupted', { id: 'i1' });
      const answer = await when.taskCompletedLater('task', { utfall: 1 });
      const job = await when.taken('onComplete');
      await when.published('withdrawn', 'i1');
      await then.refused(409, 'INVALID_STATE', answer.answer());
      await then.refused(404, 'NOT_FOUND', when.listenerAnswered(job));
      await then.active(['confirm'], instance);
    },
  ),

  scenario('a completing job already sees what the caller sends', async ({ given, when, then }) => {
    await given.deployed(
      process('sees')
        .start('start')
        .user('task', { listeners: [['completing', 'onComplete']] })
        .end('done'),
    );
    const instance = await when.started('sees', { before: 1 });
    const completion = await when.taskCompletedLater('task', { sent: 2 });
    const job = await when.taken('onComplete'); // its variables are in the trace
    await then.variablesAre(instance, { before: 1 });
    await when.listenerAnswered(job);
    await completion.answer();
    await then.variablesAre(instance, { before: 1, sent: 2 });
  }),

  scenario(
    'a listener without retries left is a TASK_LISTENER_NO_RETRIES, and goes on after resolution',
    async ({ given, when, then }) => {
      await given.deployed(
        process('noRetries')
          .start('start')
          .user('task', {
            listeners: [
              ['creating', 'one'],
              ['creating', 'two'],
            ],
          })
          .end('done'),
      );
      await when.started('noRetries');
      await when.listenerAnswered('one');
      const job = await when.taken('two');
      await when.failed(job, { retries: 0 });
      await then.incidentsAre(['task TASK_LISTENER_NO_RETRIES']);
      await when.jobUpdated(job, { retries: 1 });
      await when.incidentResolved('task');
      // only the failed one is repeated
      await when.listenerAnswered('two');
      await then.taskIs('task', { state: 'CREATED' });
    },
  ),

  scenario(
    'assigning, claiming and updating tell the listener the action and what has changed',
    async ({ given, when, then }) => {
      await given.deployed(
        process('actions')
          .start('start')
          .user('task', {
            listeners: [
              ['assigning', 'onAssign'],
              ['updating', 'onUpdate'],
            ],
          })
          .end('done'),
      );
      await when.started('actions');
      const key = await when.taskKey('task');
      const assign = await when.later(() => when.taskAssigned(key, 'kari'));
      await when.listenerAnswered('onAssign');
      await assign.answer();
      const same = await when.later(() => when.taskAssigned(key, 'kari', { allowOverride: false }));
      await when.listenerAnswered('onAssign');
      await same.answer();
      const update = await when.later(() => when.taskUpdated(key, { priority: 50, candidateGroups: ['nav'] }, 'flytt'));
      await when.listenerAnswered('onUpdate');
      await update.answer();
      await then.taskIs('task', { state: 'CREATED', assignee: 'kari', candidateGroups: ['nav'] });
    },
  ),

  scenario(
    'setting variables through the task runs updating, on the process it does not',
    async ({ given, when, then }) => {
      await given.deployed(
        process('variables')
          .start('start')
          .user('task', { listeners: [['updating', 'onUpdate']] })
          .end('done'),
      );
      const instance = await when.started('variables');
      await when.variablesSet(instance, { a: 1 });
      await then.nothingToDo('onUpdate');
      const element = await then.elementKey(instance, 'task');
      const set = await when.later(() => when.variablesSet(element, { b: 2 }, true));
      await when.listenerAnswered('onUpdate');
      await set.answer();
      await then.localVariablesAre('task', { b: 2 });
      await then.variablesAre(instance, { a: 1 });
    },
  ),
);

import type { DeployCommand, DeployResult, Key, Rejection } from './types.ts';
import { openStartTimers, closeStartTimers } from '../behaviour/startTimers.ts';
import type { Definition, FormDefinition } from '../state/model.ts';
import { NeedRows } from '../state/memory.ts';
import type { Outcome, Work } from '../state/work.ts';
import { reject } from './run.ts';

/** A version becomes or ceases to be the newest. */
function setLatest(work: Work, version: Definition | FormDefinition | undefined, latest: boolean): void {
  if (!version) return;
  const before = version.latest;
  version.latest = latest;
  work.undoes.push(() => {
    version.latest = before;
  });
  work.flags('processId' in version ? 'process_definition' : 'form', version);
}

/**
 * Deploys: a resource with the name and content of the newest version is that version again (truth 51), anything else becomes a new one,
 * and only the newest version listens for messages, signals and timers (truths 22, 26).
 */
export function deploy(work: Work, command: DeployCommand): Outcome {
  const { memory } = work;
  const deploymentKey = work.nextKey();
  const result: DeployResult = { deploymentKey, processes: [], forms: [] };
  // a deployment is new as a whole when one of its resources is: bindings of kind `deployment` need all of them together
  const same = (name: string, sha: string, known: { resourceName: string; checksum: string } | undefined): boolean =>
    known !== undefined && known.resourceName === name && known.checksum === sha;
  const isNew = command.resources.some((r) =>
    r.kind === 'form'
      ? !same(
          r.file.name,
          r.sha256,
          memory.formVersions.get(r.form.formId)?.findLast((f) => f.latest),
        )
      : r.bpmn.processes.some((p) => !same(r.file.name, r.sha256, memory.latest(p.id))),
  );
  let changed = false;
  for (const resource of command.resources) {
    if (resource.kind === 'form') {
      const { formId } = resource.form;
      const versions = memory.formVersions.get(formId) ?? [];
      const latest = versions.findLast((f) => f.latest);
      if (latest && !isNew && same(resource.file.name, resource.sha256, latest)) {
        result.forms.push({
          formKey: latest.key,
          formId,
          version: latest.version,
          resourceName: latest.resourceName,
          duplicate: true,
        });
        continue;
      }
      setLatest(work, latest, false);
      const form: FormDefinition = {
        key: work.nextKey(),
        formId,
        version: (versions[versions.length - 1]?.version ?? 0) + 1,
        versionTag: resource.form.versionTag ?? null,
        resourceName: resource.file.name,
        checksum: resource.sha256,
        deploymentKey,
        latest: true,
        deleted: false,
      };
      memory.addForm(form, work.undoes);
      work.formRow(form, resource.form.schema);
      result.forms.push({
        formKey: form.key,
        formId,
        version: form.version,
        resourceName: form.resourceName,
        duplicate: false,
      });
      changed = true;
      continue;
    }
    for (const model of resource.bpmn.processes) {
      const versions = memory.versions.get(model.id) ?? [];
      const latest = memory.latest(model.id);
      if (latest && !isNew && same(resource.file.name, resource.sha256, latest)) {
        result.processes.push({
          processDefinitionKey: latest.key,
          processDefinitionId: model.id,
          version: latest.version,
          resourceName: latest.resourceName,
          duplicate: true,
        });
        continue;
      }
      setLatest(work, latest, false);
      if (latest) closeStartTimers(work, latest.key);
      const startForm = model.startForm?.formId;
      const definition: Definition = {
        key: work.nextKey(),
        processId: model.id,
        version: (versions[versions.length - 1]?.version ?? 0) + 1,
        versionTag: model.versionTag ?? null,
        name: model.name ?? null,
        resourceName: resource.file.name,
        checksum: resource.sha256,
        deploymentKey,
        hasStartForm: startForm !== undefined,
        startFormId: startForm?.source ?? null,
        latest: true,
        deleted: false,
        model,
        active: 0,
      };
      memory.addDefinition(definition, work.undoes);
      work.definitionRow(definition, Buffer.from(resource.file.content));
      const failure = openStartTimers(work, definition);
      if (failure) return reject('INVALID_ARGUMENT', failure.message);
      result.processes.push({
        processDefinitionKey: definition.key,
        processDefinitionId: model.id,
        version: definition.version,
        resourceName: definition.resourceName,
        duplicate: false,
      });
      changed = true;
    }
  }
  if (changed) work.rows.put('deployment', deploymentKey, [deploymentKey, work.now]);
  return result;
}

/** Deletes a process definition without running instances, or a form; the version before it becomes the newest. */
export function deleteResource(work: Work, command: { resourceKey: Key }): Outcome | Rejection {
  const { memory } = work;
  const definition = memory.definitions.get(command.resourceKey);
  const form = memory.forms.get(command.resourceKey);
  const found = definition ?? form;
  if (!found || found.deleted)
    return reject('NOT_FOUND', `Expected to delete resource but no resource found with key '${command.resourceKey}'`);
  if (definition && definition.active > 0)
    return reject(
      'INVALID_STATE',
      `Expected to delete resource with key '${definition.key}', but there are still running instances`,
    );
  const { latest } = found;
  found.deleted = true;
  found.latest = false;
  work.undoes.push(() => {
    found.deleted = false;
    found.latest = latest;
  });
  work.flags(definition ? 'process_definition' : 'form', found);
  if (definition) closeStartTimers(work, definition.key);
  if (latest) {
    const before = definition
      ? memory.versions.get(definition.processId)?.findLast((d) => !d.deleted)
      : form && memory.formVersions.get(form.formId)?.findLast((f) => !f.deleted);
    if (before) {
      if ('model' in before && !before.model) throw new NeedRows({ definitions: [before.key] });
      setLatest(work, before, true);
      if ('model' in before) {
        const failure = openStartTimers(work, before);
        if (failure) return reject('INVALID_STATE', failure.message);
      }
    }
  }
  return {};
}

/** A whole deployment, read and judged before the writer sees it. */
import type { FeelEnvironment } from '../feel/types.ts';
import { parseBpmn } from './bpmn.ts';
import { DeploymentRefusal } from './types.ts';
import type { ParsedDeployment, ParsedForm, ParsedResource, ResourceFile } from './types.ts';
import { checksum, decodeText } from './xml.ts';

/**
 * @param files in the order in which they were sent
 * @throws DeploymentRefusal naming every file (and element) with what is wrong; nothing is deployed then
 */
export async function parseDeployment(files: readonly ResourceFile[], env: FeelEnvironment): Promise<ParsedDeployment> {
  const errors: string[] = [];
  const resources: ParsedResource[] = [];
  for (const file of files) {
    try {
      resources.push(await parseResource(file, env));
    } catch (error) {
      if (!(error instanceof DeploymentRefusal)) throw error;
      errors.push(error.message);
    }
  }
  if (errors.length === 0) errors.push(...acrossFiles(resources));
  if (errors.length > 0) {
    throw new DeploymentRefusal(
      `Expected to deploy new resources, but encountered the following errors:\n${errors.join('\n')}`,
    );
  }
  return { resources };
}

async function parseResource(file: ResourceFile, env: FeelEnvironment): Promise<ParsedResource> {
  const sha256 = checksum(file.content);
  if (/\.(bpmn|bpmn20\.xml)$/i.test(file.name))
    return { kind: 'bpmn', file, sha256, bpmn: await parseBpmn(file.content, env, file.name) };
  if (/\.form$/i.test(file.name)) return { kind: 'form', file, sha256, form: parseForm(file) };
  if (/\.dmn$/i.test(file.name))
    throw new DeploymentRefusal(`'${file.name}': decisions (DMN) are not supported by the embedded cluster`);
  throw new DeploymentRefusal(`'${file.name}': unknown resource type; supported are .bpmn and .form`);
}

/**
 * @returns id and schema of a Camunda form
 * @throws DeploymentRefusal when it is not JSON or has no id
 */
export function parseForm(file: ResourceFile): ParsedForm {
  let schema: string;
  let form: unknown;
  try {
    schema = decodeText(file.content);
    form = JSON.parse(schema);
  } catch (error) {
    throw new DeploymentRefusal(
      `'${file.name}': the form is not valid JSON (${error instanceof Error ? error.message : String(error)})`,
    );
  }
  const read = (name: string): unknown =>
    typeof form === 'object' && form !== null ? Reflect.get(form, name) : undefined;
  const id = read('id');
  const versionTag = read('versionTag');
  if (typeof id !== 'string' || id.trim() === '') {
    throw new DeploymentRefusal(`'${file.name}': Expected the form id to be present, but none given`);
  }
  return {
    formId: id,
    versionTag: typeof versionTag === 'string' && versionTag !== '' ? versionTag : undefined,
    schema,
  };
}

/** Ids that occur twice, and bindings to what is not in this deployment. */
function acrossFiles(resources: readonly ParsedResource[]): string[] {
  const errors: string[] = [];
  const owners = new Map<string, string>();
  const claim = (what: string, id: string, file: string): void => {
    const key = `${what} ${id}`;
    const other = owners.get(key);
    if (other !== undefined) errors.push(`Duplicated ${what} id in resources '${other}' and '${file}': '${id}'`);
    else owners.set(key, file);
  };
  for (const resource of resources) {
    if (resource.kind === 'form') claim('form', resource.form.formId, resource.file.name);
    else for (const process of resource.bpmn.processes) claim('process', process.id, resource.file.name);
  }
  for (const resource of resources) {
    if (resource.kind !== 'bpmn') continue;
    for (const bound of resource.bpmn.deploymentBound) {
      if (owners.has(`${bound.kind} ${bound.id}`)) continue;
      const name = bound.elementName === undefined ? '' : ` ('${bound.elementName}')`;
      errors.push(
        `'${resource.file.name}': - Element: ${bound.elementId}${name}\n    - ERROR: Expected to find ${bound.kind} with id '${bound.id}' in current deployment, but not found.`,
      );
    }
  }
  return errors;
}

/** BPMN and forms as the engine sees them. */
export { parseBpmn } from './bpmn.ts';
export { parseDeployment, parseForm } from './deployment.ts';
export { DeploymentRefusal } from './types.ts';
export { checksum } from './xml.ts';

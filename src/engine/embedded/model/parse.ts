/** BPMN and forms as the engine sees them. */
export { parseBpmn } from './bpmn.ts';
export { parseDeployment } from './deployment.ts';
export { DeploymentRefusal } from './types.ts';

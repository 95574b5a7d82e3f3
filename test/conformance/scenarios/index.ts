/** Every theme, in the order they are run. */
import type { Theme } from '../scenario.ts';
import { flowsAndGateways } from './flows-and-gateways.ts';
import { joins } from './joins.ts';

export const themes: readonly Theme[] = [flowsAndGateways, joins];

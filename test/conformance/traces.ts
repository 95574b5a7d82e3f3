/** The recorded traces: one file per theme, one entry per scenario title. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Trace } from './world.ts';

export const tracesDirectory = join(import.meta.dirname, 'traces');

/** The traces of a theme by scenario title; empty when none has been recorded. */
export function recordedTraces(theme: string): Record<string, Trace> {
  const path = join(tracesDirectory, `${theme}.json`);
  if (!existsSync(path)) return {};
  const traces: Record<string, Trace> = JSON.parse(readFileSync(path, 'utf8'));
  return traces;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Env } from './variables.ts';

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

/** The variables of `<cwd>/.env`, with those of `env` over them. Without such a file, `env` alone. */
export const loadEnv = ({ cwd, env }: { cwd: string; env: Env }): Env => {
  try {
    return { ...parseEnv(readFileSync(join(cwd, '.env'), 'utf8')), ...env };
  } catch (error) {
    if (isMissing(error)) return env;
    throw error;
  }
};

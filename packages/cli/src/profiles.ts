import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { UsageError } from './usage-error.ts';

type Env = Readonly<Record<string, string | undefined>>;

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/;
export const DEFAULT_REGISTRY = 'http://localhost:8000';

/** The value of a variable; an empty one counts as none. */
export function variable(env: Env, name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}

/** The file of a profile. Throws UsageError for a name that could lead elsewhere. */
export function profileFile(env: Env, name: string): string {
  if (!NAME.test(name))
    throw new UsageError('A profile is named by up to 64 letters, digits, dots, dashes and underscores.');
  const configured = variable(env, 'XDG_CONFIG_HOME');
  const home = configured !== undefined && isAbsolute(configured) ? configured : join(homedir(), '.config');
  return join(home, 'agent-registry', `${name}.json`);
}

/** The profile that is meant: the option, else AGENT_REGISTRY_PROFILE, else `default`. */
export function profileName(env: Env, chosen: string | undefined): string {
  return chosen ?? variable(env, 'AGENT_REGISTRY_PROFILE') ?? 'default';
}

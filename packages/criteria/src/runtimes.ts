import { type ScriptRuntime, scriptRuntimes } from '@agent-registry/schemas';

/** The runtime of a script that names none. */
export const defaultRuntime: ScriptRuntime = 'python:3';

const families: readonly { readonly pattern: RegExp; readonly runtime: ScriptRuntime }[] = [
  { pattern: /^(javascript|js|quickjs)(:[0-9.]{1,20})?$/, runtime: 'javascript' },
  { pattern: /^python(3|:3)?(\.[0-9.]{1,20})?$/, runtime: 'python:3' },
  { pattern: /^node(js)?(:[0-9.]{1,20}|:lts)?$/, runtime: 'node:24' },
  { pattern: /^bash(:[0-9.]{1,20})?$/, runtime: 'bash:5' },
];

/** The runtime that a name means: `python:3.13` and `python` are python:3. Null for a language we do not know. */
export function resolveRuntime(name: string): ScriptRuntime | null {
  const exact = scriptRuntimes.find((runtime) => runtime === name);
  return exact ?? families.find(({ pattern }) => pattern.test(name))?.runtime ?? null;
}

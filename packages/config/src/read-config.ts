import type { z } from 'zod';
import type { Env } from './variables.ts';

/** Names every variable that is missing or wrong, and no value. */
export class ConfigError extends Error {
  readonly variables: readonly string[];

  constructor(problems: readonly { variable: string; problem: string }[]) {
    const lines = problems.map(({ variable, problem }) => `  ${variable} ${problem}`);
    super(['The configuration is not usable:', ...lines].join('\n'));
    this.name = 'ConfigError';
    this.variables = [...new Set(problems.map(({ variable }) => variable))];
  }
}

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

const deepFreeze = <T>(value: T): Frozen<T> => {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value as Frozen<T>;
};

// Secret stores and shells add newlines, and `NAME=` means "not set".
const tidy = (env: Env): Record<string, string> => {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const trimmed = value?.trim() ?? '';
    if (trimmed !== '') kept[name] = trimmed;
  }
  return kept;
};

/** A service's schema: each group reads its variables from the whole environment. */
export type ServiceSchema = z.ZodObject<Record<string, z.ZodType>>;

/**
 * Reads every group of a service's schema from the environment. Groups are checked independently, so one
 * message can name all that is wrong. Throws `ConfigError`.
 */
export const readConfig = <Schema extends ServiceSchema>(
  schema: Schema,
  env: Env,
): Frozen<z.output<Schema>> => {
  const tidied = tidy(env);
  const input = Object.fromEntries(Object.keys(schema.shape).map((group) => [group, tidied]));
  const result = schema.safeParse(input);
  if (result.success) return deepFreeze(result.data);
  const problems = result.error.issues.map((issue) => ({
    variable: String(issue.path[1] ?? issue.path[0]),
    problem: issue.message,
  }));
  throw new ConfigError(problems);
};

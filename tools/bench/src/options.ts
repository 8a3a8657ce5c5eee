import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios/index.ts';

const DEFAULT_SECONDS = 5;
const SECONDS_MOST = 3_600;

/** What to measure against: another checkout, in turn with this one, or the figures of an earlier run. */
export type Against = { readonly checkout: string } | { readonly file: string };

export interface Options {
  readonly mode: 'run' | 'list' | 'help';
  readonly chosen: readonly Scenario[];
  readonly seconds: number;
  readonly json: string | null;
  readonly svg: string | null;
  readonly against: Against | null;
}

const listed = ({ name, about, long }: Scenario): string =>
  `  ${name.padEnd(20)}${about}${long === true ? ' (long)' : ''}`;

export const scenarioList = `${scenarios.map(listed).join('\n')}\n`;

export const help = `Measures the registry beside this machine's own limits: npm run bench [-- options]

  --only <names>      these scenarios, separated by commas; all but the long ones when absent
  --long              the long ones too
  --seconds <n>       how long each case is measured (${DEFAULT_SECONDS}); half a second is one slice
  --compare <dir>     another checkout, with its npm ci done: a slice of each in turn, and the ratios.
                      The commit before: git worktree add ../before HEAD~1 && (cd ../before && npm ci)
  --compare <file>    the figures that an earlier --json wrote: another time, so trust the CPU more than the rates
  --json <file>       all figures, by slice
  --svg <file>        latency against load, of what is measured under several loads
  --list, --help

${scenarioList}
Each stack is one that npm start runs, on free ports in a temporary directory. The load comes from this process, on the same machine.
A "floor" is what the least of a thing costs by the limits: so many verifications, Express requests, selects and commits.
`;

function choose(only: string | undefined, long: boolean): readonly Scenario[] {
  if (only === undefined) return scenarios.filter((scenario) => long || scenario.long !== true);
  const names = only.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}: see --list`);
  return scenarios.filter(({ name }) => names.includes(name));
}

function readAgainst(path: string | undefined): Against | null {
  if (path === undefined) return null;
  const found = resolve(path);
  if (!existsSync(found)) throw new Error(`There is no ${path} to compare with`);
  if (!statSync(found).isDirectory()) return { file: found };
  if (!existsSync(join(found, 'node_modules')))
    throw new Error(`${path} has no node_modules: run npm ci in it first`);
  return { checkout: found };
}

function readSeconds(text: string | undefined): number {
  const seconds = Number(text ?? DEFAULT_SECONDS);
  if (seconds > 0 && seconds <= SECONDS_MOST) return seconds;
  throw new Error(`--seconds is more than 0 and at most ${SECONDS_MOST}`);
}

/** Throws an Error to be shown to the person. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      long: { type: 'boolean', default: false },
      seconds: { type: 'string' },
      compare: { type: 'string' },
      json: { type: 'string' },
      svg: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    mode: values.help ? 'help' : values.list ? 'list' : 'run',
    chosen: choose(values.only, values.long),
    seconds: readSeconds(values.seconds),
    json: values.json ?? null,
    svg: values.svg ?? null,
    against: readAgainst(values.compare),
  };
}

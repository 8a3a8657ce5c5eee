// `npm run drill [-- <drill> …]`: rehearses the incidents of infra/runbooks, all of them or those that are named.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// A drill is a test file beside this one.
const drills: Readonly<Record<string, string>> = {
  outages: 'Postgres, Redis, Cloud Tasks and the test-runner go away, one after the other',
  'read-only': 'Postgres answers and takes no writes: it is read-only, or its disk is full',
  clock: 'the clocks of one api and of the dispatcher are 5 minutes ahead',
  'tasks-refused': 'Cloud Tasks is reached and refuses every create, for 5 s (2 minutes with --full)',
  'leaked-signing-key': 'the signing key is replaced while agents are served',
  flood:
    'a thousand agents behind one address use every route, for 20 s (a minute with --full); a table of what that cost',
  bombs:
    'one agent delivers a bomb every 100 ms; another’s long script passes all the same (bombs.ts: at length, with times)',
  statements: 'every SQL statement of the runbooks is run on a migrated database',
};
const testOf = (...names: string[]) => [
  'npm',
  ...['test', '-w', 'tools/e2e', '--'],
  ...names.map((name) => `src/drills/${name}.test.ts`),
];
// What takes as long as a real outage, or measures: for a quiet machine.
const long: Readonly<Record<string, readonly string[]>> = {
  'tasks-refused': testOf('tasks-refused'),
  flood: testOf('flood'),
  bombs: [process.execPath, 'tools/e2e/src/drills/bombs.ts', '--rounds', '20'],
  growth: [process.execPath, 'tools/bench/src/growth/main.ts'], // up to a million rows a table, under the bounds of 20,000
  storm: [process.execPath, 'tools/e2e/src/storm/main.ts', '--events', '20000', '--kills', '10'],
};
const help = `Rehearses the bad days of infra/runbooks, each on a local stack of its own: npm run drill [-- <drill> …] [--full]

${Object.entries(drills)
  .map(([name, what]) => `  ${name.padEnd(20)}${what}`)
  .join('\n')}

All of them when none is named. With --full those that have a long form, in that form: ${Object.keys(long).join(', ')}.
`;

function run([command = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  // Ctrl-C reaches the drills from the terminal itself; a plain kill has to be passed on.
  process.once('SIGINT', () => undefined);
  process.once('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs them one after the other, until one fails. */
async function runLong(names: readonly string[]): Promise<number> {
  for (const name of names) {
    const code = await run(long[name] ?? [], { LONG_TESTS: 'true' });
    if (code !== 0) return code;
  }
  return 0;
}

const args = process.argv.slice(2);
const isFull = args.includes('--full');
const all = isFull ? long : drills;
const named = args.filter((name) => name !== '--full');
const unknown = named.filter((name) => !Object.hasOwn(all, name));
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(help);
} else if (unknown.length > 0) {
  process.stderr.write(`There is no ${isFull ? 'long ' : ''}drill ${unknown.join(', ')}\n\n${help}`);
  process.exitCode = 2;
} else {
  const names = named.length > 0 ? named : Object.keys(all);
  process.exitCode = await (isFull ? runLong(names) : run(testOf(...names), {}));
}

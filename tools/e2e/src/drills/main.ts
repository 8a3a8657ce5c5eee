// `npm run drill [-- <drill> …]`: rehearses the bad days of infra/runbooks, all of them or those that are named.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// A drill is a test file beside this one.
const drills: Readonly<Record<string, string>> = {
  outages: 'Postgres, Redis, Cloud Tasks and the test-runner go away, one after the other',
  weather:
    'Postgres is read-only or its disk full, Redis a read-only replica, and twelve receivers speak odd HTTP',
  'leaked-signing-key': 'the signing key is replaced while agents are served',
  flood: 'a thousand agents behind one address use every route for a minute; a table of what that cost',
  bombs:
    'one agent delivers a bomb every 100 ms; another’s long script passes all the same (bombs.ts: at length, with times)',
  statements: 'every SQL statement of the runbooks is run on a migrated database',
};
const help = `Rehearses the bad days of infra/runbooks, each on a local stack of its own: npm run drill [-- <drill> …]

${Object.entries(drills)
  .map(([name, what]) => `  ${name.padEnd(20)}${what}`)
  .join('\n')}

All of them when none is named.
`;

function runDrills(names: readonly string[]): Promise<number> {
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const files = names.map((name) => `src/drills/${name}.test.ts`);
  const child = spawn('npm', ['test', '-w', 'tools/e2e', '--', ...files], { cwd: root, stdio: 'inherit' });
  // Ctrl-C reaches the drills from the terminal itself; a plain kill has to be passed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

const args = process.argv.slice(2);
const unknown = args.filter((name) => !Object.hasOwn(drills, name));
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(help);
} else if (unknown.length > 0) {
  process.stderr.write(`There is no drill ${unknown.join(', ')}\n\n${help}`);
  process.exitCode = 2;
} else {
  process.exitCode = await runDrills(args.length > 0 ? args : Object.keys(drills));
}

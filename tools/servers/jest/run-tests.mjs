// `npm test`: one Postgres and one Redis for all projects, every project's tests through Nx, and one closing line.
// Arguments go to Nx: `npm test -- --projects=@agent-registry/domain`.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countResults } from './count-results.mjs';
import { startServers } from './servers.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const results = join(root, '.test-results');

function runNx(args) {
  const nx = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  const child = spawn(process.execPath, [nx, ...args], { cwd: root, stdio: 'inherit' });
  // Ctrl-C reaches Nx from the terminal itself; a plain kill has to be passed on.
  const passOn = () => child.kill('SIGTERM');
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', passOn);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

// Jest starts once a project, and tests start the repository's programs: both start faster from what Node has compiled before.
process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'node-compile');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
const stopServers = await startServers();
let code = 1;
try {
  const cache = process.env.CI === 'true' ? ['--skip-nx-cache'] : [];
  code = await runNx(['run-many', '-t', 'test', '--output-style=stream', ...cache, ...process.argv.slice(2)]);
} finally {
  await stopServers();
}
const { passed, failed: counted, skipped } = countResults(results);
// A project that broke before its tests could be counted is a failure too.
const failed = code === 0 ? counted : Math.max(counted, 1);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = code === 0 && failed > 0 ? 1 : code;

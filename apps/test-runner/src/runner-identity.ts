import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunnerIdentity, RuntimeInfo } from '@agent-registry/schemas';

/** Raised when the same suite may get another verdict on the same deliverable. */
const version = '2';

/**
 * Identifies this runner: the sha256 over the names and bytes of its code, the interpreters and the Node that checks run
 * on. Equal digests give equal verdicts; when a defect is found later, the digest tells which verdicts it affects.
 *
 * @param paths files and directories that hold the code; tests in them are left out
 */
export function identifyRunner(
  paths: readonly string[],
  runtimes: readonly RuntimeInfo[],
  node: string = process.version,
): RunnerIdentity {
  const hash = createHash('sha256');
  for (const root of paths) {
    for (const name of listFiles(root)) {
      const bytes = readFileSync(join(root, name));
      hash.update(`${name}\0${bytes.length}\0`).update(bytes);
    }
  }
  const interpreters = runtimes.map((runtime) => JSON.stringify(runtime)).sort();
  hash.update(JSON.stringify([node, ...interpreters]));
  return { version, digest: hash.digest('hex') };
}

/** Names below `root`, in an order that is the same on every machine; '' where it is a file itself. */
function listFiles(root: string): string[] {
  if (statSync(root).isFile()) return [''];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length))
    .filter((name) => !name.includes('.test.') && !name.includes('/testing/'))
    .sort();
}

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Block } from './guides.ts';

const MARK = '==== end of block ====';
const client = new URL('../../../../packages/client/src/index.ts', import.meta.url).href;

/** How the blocks of a language on one page run: as one program, in which each sees what those before it have made. */
const RUNNERS: Readonly<
  Record<string, { readonly mark: string; readonly command: (file: string) => string[] }>
> = {
  sh: { mark: `echo; echo '${MARK}'`, command: (file) => ['bash', '--norc', '-euo', 'pipefail', file] },
  ts: {
    mark: `console.log('\\n${MARK}');`,
    command: (file) => [process.execPath, '--disable-warning=ExperimentalWarning', file],
  },
  py: { mark: `print("\\n${MARK}")`, command: (file) => ['python3', file] },
};
export const RUNNABLE = Object.keys(RUNNERS);

/** Runs the blocks in a folder of their own and returns what each prints. */
export async function runBlocks(
  language: string,
  blocks: readonly Block[],
  env: Readonly<Record<string, string>>,
): Promise<string[]> {
  const { mark, command } = RUNNERS[language]!;
  const folder = mkdtempSync(join(tmpdir(), 'agent-registry-docs-'));
  try {
    const file = join(folder, language === 'ts' ? 'guide.mts' : `guide.${language}`);
    const source = blocks.map(({ code }) => `${code}\n${mark}\n`).join('');
    writeFileSync(file, source.replaceAll(`'@agent-registry/client'`, `'${fileURLToPath(client)}'`));
    const [program = '', ...args] = command(file);
    const options = { cwd: folder, env: { ...process.env, ...env } };
    const { stdout } = await promisify(execFile)(program, args, options);
    return stdout.split(`\n${MARK}\n`).slice(0, -1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

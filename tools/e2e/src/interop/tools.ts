import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Tools that other people use on what we publish. */
const NODE_TOOLS = {
  '@arethetypeswrong/cli': '0.18.5',
  '@hey-api/openapi-ts': '0.95.0',
  // An alpha: the suite's releases know the protocol up to 2025-11-25 alone.
  '@modelcontextprotocol/conformance': '0.2.0-alpha.12',
  '@modelcontextprotocol/inspector': '2.12.0',
  '@redocly/cli': '2.77.0',
  '@stoplight/spectral-cli': '6.16.3',
  'openapi-typescript': '7.13.0',
  publint: '0.3.25',
  typescript: '5.9.3',
};
const PYTHON_TOOLS = ['mypy==2.4.1', 'openapi-python-client==0.29.1', 'ruff==0.17.6', 'schemathesis==4.32.5'];

export interface Tools {
  readonly directory: string;
  /** Runs one of them and resolves to what it prints; rejects with its output when it fails or warns and may not. */
  readonly use: (
    name: string,
    args: readonly string[],
    options?: { readonly mayWarn?: boolean; readonly mayFail?: boolean },
  ) => Promise<string>;
}

/** Installs the linters and generators into a directory of their own. */
export async function installTools(directory: string): Promise<Tools> {
  await mkdir(directory, { recursive: true });
  await writeFile(
    join(directory, 'package.json'),
    JSON.stringify({ private: true, dependencies: NODE_TOOLS }),
  );
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: directory });
  await run('python3', ['-m', 'venv', join(directory, 'python')]);
  const python = join(directory, 'python/bin');
  await run(join(python, 'pip'), ['install', '--quiet', ...PYTHON_TOOLS]);
  const path = [join(directory, 'node_modules/.bin'), python, process.env.PATH].join(':');
  return {
    directory,
    async use(name, args, { mayWarn = false, mayFail = false } = {}) {
      console.log(`== ${name} ${args.join(' ')}`);
      const env = { ...process.env, PATH: path, NO_COLOR: '1' };
      const maxBuffer = 64 * 1024 * 1024;
      const { stdout, stderr } = await run(name, args, { cwd: directory, env, maxBuffer }).catch(
        (error: Error & { stdout?: string; stderr?: string }) => {
          if (mayFail) return { stdout: error.stdout ?? '', stderr: error.stderr ?? '' };
          throw new Error(`${name} failed: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
        },
      );
      const output = stdout + stderr;
      const warning = /^.*\b(?:warning|❗).*$/im.exec(output.replaceAll(/^.*deprecation.*$/gim, ''));
      if (!mayWarn && warning !== null) throw new Error(`${name} warns: ${warning[0]}\n${output}`);
      return stdout;
    },
  };
}

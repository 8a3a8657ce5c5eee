import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tools } from './tools.ts';

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    module: 'esnext',
    moduleResolution: 'bundler',
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    skipLibCheck: true,
  },
  include: ['types.ts', 'hey-api'],
};

/** Linters report nothing on the document, and generators make clients of it without a warning that compile. */
export async function checkDocument(tools: Tools, document: string): Promise<void> {
  const { directory, use } = tools;
  await writeFile(join(directory, '.spectral.yaml'), 'extends: ["spectral:oas"]\n');
  await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  await use('redocly', ['lint', document]);
  await use('spectral', ['lint', '--fail-severity', 'hint', document]);
  await use('openapi-typescript', [document, '-o', 'types.ts']);
  await use('openapi-ts', ['-i', document, '-o', 'hey-api']);
  await use('tsc', ['-p', '.']);
  await use('openapi-python-client', [
    'generate',
    '--path',
    document,
    '--output-path',
    'python-client',
    '--overwrite',
    '--fail-on-warning',
  ]);
  await use('mypy', ['python-client/agent_registry_client']);
}

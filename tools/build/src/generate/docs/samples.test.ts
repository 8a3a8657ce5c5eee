import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { buildDocument } from '../openapi/build-document.ts';
import type { OpenApi } from './openapi-types.ts';
import { endpointsOf } from './reference.ts';
import { curlSample, pythonSample, typescriptSample } from './samples.ts';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
const document = buildDocument() as unknown as OpenApi;
const endpoints = endpointsOf(document);

test('the TypeScript sample of every operation is right by the types of the client', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-registry-samples-'));
  try {
    const samples = endpoints.flatMap((endpoint) => typescriptSample(document, endpoint) ?? []);
    expect(samples.length).toBeGreaterThan(50);
    const source = [
      `import type { AgentClient, OperatorClient } from '@agent-registry/client';`,
      'declare const client: AgentClient;\ndeclare const operator: OperatorClient;',
      ...samples.map((sample) => `{\n${sample}\n}`),
    ].join('\n');
    writeFileSync(join(folder, 'samples.ts'), `${source}\n`);
    const config = {
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: {
        composite: false,
        declaration: false,
        emitDeclarationOnly: false,
        noEmit: true,
        noUnusedLocals: false,
        types: ['node'],
        paths: { '@agent-registry/client': [join(root, 'packages/client/src/index.ts')] },
        typeRoots: [join(root, 'node_modules/@types')],
      },
      files: ['samples.ts'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    await promisify(execFile)(process.execPath, [tsc, '-p', folder], { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

(hasPython ? test : test.skip)(
  `the Python sample of every operation is Python${hasPython ? '' : ': no python3 on the PATH'}`,
  () => {
    const samples = endpoints.flatMap((endpoint) => pythonSample(document, endpoint) ?? []);
    expect(samples.length).toBeGreaterThan(50);
    const program = 'import ast, json, sys\nfor text in json.load(sys.stdin): ast.parse(text)';
    const { status, stderr } = spawnSync('python3', ['-I', '-c', program], {
      input: JSON.stringify(samples),
    });
    expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
  },
);

test('the curl sample of an operation is signed where the operation must be', () => {
  for (const endpoint of endpoints) {
    const isSigned = ['signed', 'owner'].includes(endpoint.operation['x-access'] ?? '');
    const begin = isSigned ? `signed ${endpoint.method.toUpperCase()} "` : 'curl ';
    expect(curlSample(document, endpoint).startsWith(begin)).toBe(true);
  }
});

// `npm run check:interop`: runs third-party linters, generators and fuzzers on what we publish.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkAnswers } from './check-answers.ts';
import { checkDocument } from './check-document.ts';
import { checkMcp } from './check-mcp.ts';
import { checkPackages } from './check-packages.ts';
import { installTools } from './tools.ts';

const help = `Lets Redocly, Spectral, openapi-typescript, hey-api, openapi-python-client and Schemathesis loose on the OpenAPI document,
publint and attw on the npm packages, MCP's inspector and conformance suite on our servers: npm run check:interop [-- options].
Installs them from npm and PyPI into a temporary directory.

  --seconds <n>   for Schemathesis; 240
  --force         run the linters and generators though the document is the one that they last took
  --help
`;
const root = fileURLToPath(new URL('../../../..', import.meta.url));
const document = fileURLToPath(
  new URL('../../../../apps/api/src/docs/openapi.generated.json', import.meta.url),
);
const record = fileURLToPath(new URL('./checked.sha256', import.meta.url));

async function main(seconds: number, isForced: boolean): Promise<void> {
  const hash = createHash('sha256').update(readFileSync(document)).digest('hex');
  const directory = mkdtempSync(join(tmpdir(), 'interop-tools-'));
  try {
    console.log('installing the tools');
    const tools = await installTools(directory);
    if (!isForced && readFileSync(record, 'utf8').trim() === hash)
      console.log('linters and generators: skipped, the document is the one that they last took');
    else {
      await checkDocument(tools, document);
      writeFileSync(record, `${hash}\n`);
    }
    await checkPackages(tools, root);
    await checkMcp(tools);
    await checkAnswers(tools, document, seconds);
    console.log('nothing to report');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '240' },
    force: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) process.stdout.write(help);
else await main(Number(values.seconds), values.force);

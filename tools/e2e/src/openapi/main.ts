// `npm run check:openapi`: what other people's linters, generators and fuzzers make of our OpenAPI document.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkAnswers } from './check-answers.ts';
import { checkDocument } from './check-document.ts';
import { installTools } from './tools.ts';

const help = `Lets Redocly, Spectral, openapi-typescript, hey-api, openapi-python-client and Schemathesis loose on the OpenAPI document:
npm run check:openapi [-- options]. Installs them from npm and PyPI into a temporary directory.

  --seconds <n>   for Schemathesis; 240
  --force         run the linters and generators though the document is the one that they last took
  --help
`;
const document = fileURLToPath(
  new URL('../../../../apps/api/src/docs/openapi.generated.json', import.meta.url),
);
const record = fileURLToPath(new URL('./checked.sha256', import.meta.url));

async function main(seconds: number, isForced: boolean): Promise<void> {
  const hash = createHash('sha256').update(readFileSync(document)).digest('hex');
  const directory = mkdtempSync(join(tmpdir(), 'openapi-tools-'));
  try {
    console.log('installing the tools');
    const tools = await installTools(directory);
    if (!isForced && readFileSync(record, 'utf8').trim() === hash)
      console.log('linters and generators: skipped, the document is the one that they last took');
    else {
      await checkDocument(tools, document);
      writeFileSync(record, `${hash}\n`);
    }
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

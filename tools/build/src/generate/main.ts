import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generatedFiles } from './generated-files.ts';

const help = `Writes every file that is generated and committed: npm run generate [-- --check]

  --check   writes nothing and exits 1 where a committed file has drifted, as npm run check:generated does
  --help
`;
const root = new URL('../../../../', import.meta.url);

function readOptions(): { check?: boolean; help?: boolean } {
  try {
    return parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } })
      .values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split('. ')[0]}\n\n${help}`);
    process.exit(2);
  }
}

const read = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

function generate(isCheck: boolean): void {
  let drifted = 0;
  for (const { path, content } of generatedFiles) {
    const file = fileURLToPath(new URL(path, root));
    const wanted = content();
    if (read(file) === wanted) continue;
    drifted += 1;
    if (isCheck) console.error(`${path} is out of date: run npm run generate and commit it.`);
    else {
      writeFileSync(file, wanted);
      console.log(`wrote ${path}`);
    }
  }
  if (isCheck && drifted > 0) process.exitCode = 1;
}

const options = readOptions();
if (options.help === true) process.stdout.write(help);
else generate(options.check === true);

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './generated-files.ts';

const root = new URL('../../../', import.meta.url);
const isCheck = process.argv.includes('--check');

const read = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
};

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

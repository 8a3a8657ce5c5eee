import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

const clientFile = /[\\/]@google-cloud[\\/][^\\/]+[\\/]build[\\/]esm[\\/].*\.js$/;
const call = /getJSON\(path\.join\(dirname, ((?:'[^']*'(?:, )?)+)\)\)/g;

const readParts = (list: string): string[] => [...list.matchAll(/'([^']*)'/g)].map(([, part = '']) => part);

/**
 * Google's clients read JSON files beside themselves when they start. A bundle has no such files, so each call becomes an import.
 */
export function inlineClientJson(): Plugin {
  return {
    name: 'inline-client-json',
    setup(build) {
      build.onLoad({ filter: clientFile }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const imports: string[] = [];
        const contents = source.replace(call, (_whole, list: string) => {
          const name = `clientJson${imports.length}`;
          imports.push(`import ${name} from ${JSON.stringify(join(dirname(path), ...readParts(list)))};`);
          return name;
        });
        return { contents: [...imports, contents].join('\n'), loader: 'js' };
      });
    },
  };
}

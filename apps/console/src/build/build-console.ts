import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const app = fileURLToPath(new URL('../app', import.meta.url));
/** Where a checkout's console is built, and where an api that runs from its sources finds it. */
export const CONSOLE_DIR = fileURLToPath(new URL('../../../../dist/console', import.meta.url));

/** Builds the console into a directory: index.html, console.js and console.css, which need nothing from anywhere else. */
export async function buildConsole(outDir: string = CONSOLE_DIR): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [
      { in: join(app, 'main.tsx'), out: 'console' },
      { in: join(app, 'console.css'), out: 'console' },
    ],
    outdir: outDir,
    bundle: true,
    write: false,
    platform: 'browser',
    target: 'es2023',
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  await mkdir(outDir, { recursive: true });
  for (const { path, contents } of outputFiles) await writeWhole(join(outDir, basename(path)), contents);
  await writeWhole(join(outDir, 'index.html'), await readFile(join(app, 'index.html')));
}

/** Writes a file at once, and only where it changes: several stacks may build, and read, at the same time. */
async function writeWhole(file: string, contents: Uint8Array): Promise<void> {
  const before = await readFile(file).catch(() => null);
  if (before?.equals(contents) === true) return;
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, contents);
  await rename(draft, file);
}

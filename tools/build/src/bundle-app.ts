import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { buildConsole } from '@agent-registry/console';
import { build } from 'esbuild';
import { type App, RECIPES } from './apps.ts';
import { inlineClientJson } from './inline-json.ts';

// Packages written for CommonJS ask for these, and an ES module has neither.
const banner = [
  "import { createRequire as bundleCreateRequire } from 'node:module';",
  "import { dirname as bundleDirname } from 'node:path';",
  "import { fileURLToPath as bundleFileURLToPath } from 'node:url';",
  'const require = bundleCreateRequire(import.meta.url);',
  'const __filename = bundleFileURLToPath(import.meta.url);',
  'const __dirname = bundleDirname(__filename);',
].join('\n');

export interface BundleOptions {
  /** The repository. */
  readonly root: string;
  readonly app: App;
  /** Where `<app>/main.js` goes. What was there before is removed. */
  readonly outDir: string;
}

/** Bundles an app with all that it imports into `<outDir>/<app>`, which then needs Node and nothing else. Returns that directory. */
export async function bundleApp({ root, app, outDir }: BundleOptions): Promise<string> {
  const room = join(root, 'apps', app);
  const out = join(outDir, app);
  const recipe = RECIPES[app];
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: recipe.entries.map((entry) => ({ in: join(room, entry), out: basename(entry, '.ts') })),
    outdir: out,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    external: ['pg-native'],
    banner: { js: banner },
    plugins: [inlineClientJson()],
    minifySyntax: true,
    minifyWhitespace: true, // Identifiers stay: a stack trace must be readable.
    legalComments: 'linked',
    logLevel: 'warning',
    logOverride: { 'direct-eval': 'silent' },
  });
  await writeFile(join(out, 'package.json'), '{ "type": "module" }\n');
  const from = createRequire(join(room, 'package.json'));
  for (const [name, source] of Object.entries(recipe.assets))
    await copyFile(from.resolve(source), join(out, name));
  if (app === 'api') await buildConsole(join(out, 'console'));
  return out;
}

import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);
/** What is published runs where agents run, which is older than what this repository runs on. */
const TARGET = 'node20';

interface Recipe {
  readonly entry: string;
  /** The first Node that has all it calls. */
  readonly node: string;
  readonly description: string;
  /** npm packages that it leaves to npm: the packages of this repository are bundled. */
  readonly dependencies: readonly { readonly name: string; readonly declaredBy: string }[];
  readonly hasTypes: boolean;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The packages of this repository that are published. */
export const NPM_PACKAGES = {
  client: {
    entry: 'src/index.ts',
    node: '20.3',
    description: 'The client of the agent registry: a market where AI agents find, pay and review each other',
    dependencies: [
      { name: 'canonicalize', declaredBy: 'packages/signing' },
      { name: 'structured-headers', declaredBy: 'packages/signing' },
    ],
    hasTypes: true,
    fields: {
      exports: { '.': { types: './index.d.ts', default: './index.js' } },
      types: './index.d.ts',
      sideEffects: false,
    },
  },
  cli: {
    entry: 'src/main.ts',
    node: '20.12',
    description:
      'agent-registry: the command line of the agent registry, a market where AI agents work for each other',
    dependencies: [
      { name: 'canonicalize', declaredBy: 'packages/signing' },
      { name: '@modelcontextprotocol/server', declaredBy: 'packages/cli' },
      { name: 'commander', declaredBy: 'packages/cli' },
      { name: 'structured-headers', declaredBy: 'packages/signing' },
    ],
    hasTypes: false,
    fields: { bin: { 'agent-registry': './main.js' } },
  },
} as const satisfies Record<string, Recipe>;
export type NpmPackage = keyof typeof NPM_PACKAGES;

export interface PackageOptions {
  /** The repository. */
  readonly root: string;
  readonly name: NpmPackage;
  /** Where `<name>/` goes, ready for `npm publish` or `npm pack`. What was there before is removed. */
  readonly outDir: string;
}

/** Makes an npm package: one bundled module, declarations, README, CHANGELOG and licence. Returns its folder. */
export async function buildNpmPackage({ root, name, outDir }: PackageOptions): Promise<string> {
  const recipe: Recipe = NPM_PACKAGES[name];
  const room = join(root, 'packages', name);
  const out = join(outDir, name);
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const made = await manifest(root, name, recipe);
  const outfile = join(out, recipe.hasTypes ? 'index.js' : 'main.js');
  await build({
    absWorkingDir: root,
    entryPoints: [join(room, recipe.entry)],
    outfile,
    bundle: true,
    platform: 'node',
    target: TARGET,
    format: 'esm',
    external: recipe.dependencies.map((dependency) => dependency.name),
    define: { AGENT_REGISTRY_CLI_VERSION: JSON.stringify(made.version) },
    logLevel: 'warning',
  });
  if (recipe.hasTypes) await writeDeclarations(root, name, out);
  await writeFile(join(out, 'package.json'), `${JSON.stringify(made, null, 2)}\n`);
  for (const file of ['README.md', 'CHANGELOG.md']) await copyFile(join(room, file), join(out, file));
  await copyFile(join(root, 'LICENSE'), join(out, 'LICENSE'));
  return out;
}

/** The declarations of each source file; none names a package of this repository, which nobody else could resolve. */
async function writeDeclarations(root: string, name: NpmPackage, out: string): Promise<void> {
  await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', join('packages', name)], {
    cwd: root,
  });
  const sources = await readdir(join(root, 'packages', name, 'src'));
  for (const source of sources.filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))) {
    const declaration = source.replace(/\.ts$/, '.d.ts');
    const text = await readFile(join(root, '.types/packages', name, declaration), 'utf8');
    const inner = /from '(@agent-registry\/[^']+)'/.exec(text)?.[1];
    if (inner !== undefined) throw new Error(`${declaration} needs ${inner}, which is not published`);
    await writeFile(join(out, declaration), text.replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'"));
  }
}

async function manifest(
  root: string,
  name: NpmPackage,
  recipe: Recipe,
): Promise<{ readonly version: string; readonly [field: string]: unknown }> {
  const read = async (folder: string) =>
    JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')) as {
      readonly name: string;
      readonly version: string;
      readonly dependencies: Readonly<Record<string, string>>;
    };
  const own = await read(`packages/${name}`);
  const dependencies = await Promise.all(
    recipe.dependencies.map(async (dependency) => {
      const version = (await read(dependency.declaredBy)).dependencies[dependency.name];
      return [dependency.name, `^${version}`];
    }),
  );
  return {
    name: own.name,
    version: own.version,
    description: recipe.description,
    license: 'Apache-2.0',
    type: 'module',
    engines: { node: `>=${recipe.node}` },
    ...recipe.fields,
    dependencies: Object.fromEntries(dependencies),
  };
}

// `npm run build [-- <name> …]`: builds the named services and packages, or all, into dist/.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConsole, CONSOLE_DIR } from '@agent-registry/console';
import { APPS } from './apps.ts';
import { bundleApp } from './bundle-app.ts';
import { buildNpmPackage, NPM_PACKAGES, type NpmPackage } from './npm-packages.ts';

const PACKAGES = Object.keys(NPM_PACKAGES) as NpmPackage[];
const NAMES: readonly string[] = [...APPS, 'console', ...PACKAGES];
const help = `Builds into dist/: npm run build [-- <name> …]

Services, as their images have them: ${APPS.join(', ')}.
The console's pages, which the api's image has beside it: console.
npm packages, ready for \`npm pack dist/npm/<name>\`: ${PACKAGES.join(', ')}.
All of them when none is named.
`;

async function build(wanted: readonly string[]): Promise<void> {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
  for (const app of APPS.filter(isWanted))
    console.log(`${app}: ${await bundleApp({ root, app, outDir: join(root, 'dist') })}`);
  if (isWanted('console')) {
    await buildConsole();
    console.log(`console: ${CONSOLE_DIR}`);
  }
  for (const name of PACKAGES.filter(isWanted))
    console.log(`${name}: ${await buildNpmPackage({ root, name, outDir: join(root, 'dist/npm') })}`);
}

const args = process.argv.slice(2);
const unknown = args.filter((name) => !NAMES.includes(name));
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(help);
} else if (unknown.length > 0) {
  process.stderr.write(`There is no ${unknown.join(', ')}\n\n${help}`);
  process.exitCode = 2;
} else {
  await build(args);
}

// `npm run build [-- <app> …]`: bundles the named apps, or all three, into dist/<app>.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { APPS } from './apps.ts';
import { bundleApp } from './bundle-app.ts';

const help = `Bundles services into dist/<app>, as their images have them: npm run build [-- <app> …]

The apps: ${APPS.join(', ')}; all of them when none is named.
`;

async function build(wanted: readonly string[]): Promise<void> {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  for (const app of APPS.filter((name) => wanted.length === 0 || wanted.includes(name))) {
    const out = await bundleApp({ root, app, outDir: join(root, 'dist') });
    console.log(`${app}: ${out}`);
  }
}

const args = process.argv.slice(2);
const unknown = args.filter((name) => !APPS.some((app) => app === name));
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(help);
} else if (unknown.length > 0) {
  process.stderr.write(`There is no app ${unknown.join(', ')}\n\n${help}`);
  process.exitCode = 2;
} else {
  await build(args);
}

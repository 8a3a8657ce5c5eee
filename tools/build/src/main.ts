// `npm run build [-- <app> …]`: bundles the named apps, or all three, into dist/<app>.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { APPS } from './apps.ts';
import { bundleApp } from './bundle-app.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !APPS.some((app) => app === name));
if (unknown.length > 0) {
  console.error(`There is no app ${unknown.join(', ')}: choose from ${APPS.join(', ')}.`);
  process.exit(1);
}
for (const app of APPS.filter((name) => wanted.length === 0 || wanted.includes(name))) {
  const out = await bundleApp({ root, app, outDir: join(root, 'dist') });
  console.log(`${app}: ${out}`);
}

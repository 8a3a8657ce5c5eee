// Jest's globalSetup. `npm test` at the root starts the servers once for all projects; a single project's run starts its own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const sureSigns = ['@agent-registry/db', '@agent-registry/servers'];

function needsServers(rootDir) {
  const manifest = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8'));
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  return manifest.name === '@agent-registry/db' || sureSigns.some((name) => names.includes(name));
}

export default async function globalSetup(globalConfig) {
  if (!needsServers(globalConfig.rootDir)) return;
  const { startServers } = await import('./servers.mjs');
  globalThis.stopTestServers = await startServers();
}

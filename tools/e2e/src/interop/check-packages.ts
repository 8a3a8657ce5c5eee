import { buildNpmPackage, NPM_PACKAGES, type NpmPackage } from '@agent-registry/build';
import type { Tools } from './tools.ts';

/** publint and attw (for what has types) report nothing on the npm packages. */
export async function checkPackages({ directory, use }: Tools, root: string): Promise<void> {
  for (const name of Object.keys(NPM_PACKAGES) as NpmPackage[]) {
    const built = await buildNpmPackage({ root, name, outDir: directory });
    await use('publint', ['--strict', built]);
    if (NPM_PACKAGES[name].hasTypes) await use('attw', ['--pack', built, '--profile', 'esm-only']);
  }
}

export type { App } from './apps.ts';
export { pythonSamples } from './generate/docs/python-samples.ts';
export { buildNpmPackage, NPM_PACKAGES, type NpmPackage } from './npm-packages.ts';

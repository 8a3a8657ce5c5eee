export { APPS, type App } from './apps.ts';
export { type BundleOptions, bundleApp } from './bundle-app.ts';
export { type PythonSample, pythonSamples } from './generate/docs/python-samples.ts';
export { buildNpmPackage, NPM_PACKAGES, type NpmPackage, type PackageOptions } from './npm-packages.ts';

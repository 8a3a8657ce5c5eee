export { APPS, type App } from './apps.ts';
export { type BundleOptions, bundleApp } from './bundle-app.ts';
export { buildNpmPackage, NPM_PACKAGES, type NpmPackage, type PackageOptions } from './npm-packages.ts';

export { APPS, type App } from './apps.ts';
export { type BundleOptions, bundleApp } from './bundle-app.ts';

// One Jest configuration for every project: `jest --config ../../jest.config.mjs --rootDir .`
import { fileURLToPath } from 'node:url';

// Nx asks its children for colours; what the tests start and read must not inherit that.
delete process.env.FORCE_COLOR;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default {
  testMatch: ['**/{src,test}/**/*.test.ts'],
  // It takes pictures for people, and expects nothing of them.
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.CONSOLE_LOOKS ? [] : ['console-looks'])],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      here('./node_modules/@swc/jest/index.js'),
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2024',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  globalSetup: here('./tools/servers/jest/global-setup.mjs'),
  globalTeardown: here('./tools/servers/jest/global-teardown.mjs'),
  reporters: ['default', here('./tools/servers/jest/count-reporter.mjs')],
  injectGlobals: false,
  testTimeout: 60_000,
  // A test that fails may leave a server open; the run ends all the same, and says so by its failure.
  forceExit: true,
  cache: true,
};

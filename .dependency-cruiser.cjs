// Who may import whom. The table is the design's; a line here is the only place that states it.
const rooms = {
  'packages/schemas': [],
  'packages/config': [],
  'packages/signing': [],
  'packages/log': ['packages/signing'],
  'packages/anchor': ['packages/log'],
  'packages/domain': ['packages/schemas'],
  'packages/criteria': ['packages/schemas', 'packages/signing'],
  'packages/db': ['packages/schemas'],
  'packages/service-kit': ['packages/schemas', 'packages/config'],
  'packages/tasks': ['packages/schemas', 'packages/config', 'packages/signing', 'packages/service-kit'],
  'packages/outbound': ['packages/schemas', 'packages/domain', 'packages/signing', 'packages/service-kit'],
  'packages/operations': [
    'packages/schemas',
    'packages/domain',
    'packages/db',
    'packages/signing',
    'packages/log',
    'packages/service-kit',
  ],
  'packages/client': ['packages/schemas', 'packages/signing', 'packages/log'],
  'packages/mcp': ['packages/schemas'],
  'packages/cli': ['packages/client', 'packages/mcp', 'packages/signing'],
  'apps/console': ['packages/client'],
  'apps/api': ['packages/(?!outbound)'],
  'apps/dispatcher': ['packages/'],
  'apps/test-runner': [
    'packages/schemas',
    'packages/config',
    'packages/signing',
    'packages/criteria',
    'packages/tasks',
    'packages/service-kit',
  ],
};

// A package whose library may be used in these rooms alone.
const libraries = {
  commander: ['packages/cli'],
  '@modelcontextprotocol/server': ['packages/mcp', 'packages/cli', 'apps/api'],
  kysely: ['packages/db'],
  pg: ['packages/db', 'tools/'],
  undici: ['packages/outbound'],
  ioredis: ['apps/api'],
  'rate-limiter-flexible': ['apps/api'],
  '@google-cloud/storage': ['packages/anchor'],
  '@google-cloud/tasks': ['packages/tasks', 'tools/cloud-tasks-emulator'],
  'google-auth-library': ['packages/tasks', 'tools/cloud-tasks-emulator'],
  jose: ['packages/tasks', 'tools/cloud-tasks-emulator'],
  'quickjs-emscripten-core': ['packages/criteria', 'apps/test-runner'],
};

const test = '\\.test\\.ts$|/src/testing/|^apps/[^/]+/test/';
const inRegex = (text) => text.replace(/[/.]/g, (mark) => `\\${mark}`);

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'one-door',
      comment: 'a package is entered by its index',
      severity: 'error',
      from: { path: '^((?:packages|apps|tools)/[^/]+|infra)/' },
      to: { path: '^packages/[^/]+/src/(?!index\\.ts|testing/index\\.ts)', pathNot: '^$1/' },
    },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `room:${room}`,
      severity: 'error',
      from: { path: `^${room}/`, pathNot: test },
      to: {
        path: '^(packages|apps|tools|infra)/',
        pathNot: [
          `^${room}/`,
          ...allowed.map((a) => (a.endsWith('/') || a.includes('(') ? `^${a}` : `^${a}/`)),
        ],
      },
    })),
    ...Object.entries(libraries).map(([library, allowed]) => ({
      name: `library:${library}`,
      severity: 'error',
      from: {
        path: '^(packages|apps)/',
        pathNot: [test, ...allowed.map((a) => `^${a}${a.endsWith('/') ? '' : '/'}`)],
      },
      to: { path: `node_modules/${inRegex(library)}/` },
    })),
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
    tsConfig: { fileName: 'tsconfig.base.json' },
  },
};

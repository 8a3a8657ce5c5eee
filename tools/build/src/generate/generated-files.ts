import { renderAll } from '@agent-registry/infra';
import { pythonClient } from './client/python-client.ts';
import { typescriptClient } from './client/typescript-client.ts';
import { buildSite } from './docs/site.ts';
import { mcpTools } from './mcp/tools.ts';
import { buildDocument } from './openapi/build-document.ts';

export interface GeneratedFile {
  /** From the repository's root. */
  readonly path: string;
  readonly content: () => string;
}

/** Every file that is generated and committed. */
export const generatedFiles: readonly GeneratedFile[] = [
  {
    path: 'apps/api/src/docs/openapi.generated.json',
    content: () => `${JSON.stringify(buildDocument(), null, 1)}\n`,
  },
  {
    path: 'apps/api/src/docs/site.generated.json',
    content: () => `${JSON.stringify(buildSite(), null, 1)}\n`,
  },
  { path: 'packages/client/src/api.generated.ts', content: () => typescriptClient() },
  { path: 'packages/mcp/src/tools.generated.ts', content: () => mcpTools() },
  ...(['types', '_calls', '_remedies'] as const).map((module) => ({
    path: `packages/client-python/src/agent_registry/${module}.py`,
    content: () => pythonClient()[module],
  })),
  ...[...renderAll()].map(([path, text]) => ({ path, content: () => text })),
];

import { acceptanceCriteria, type Contract, contracts } from '@agent-registry/schemas';
import { description, headers, parameters, securitySchemes, tags } from './components.ts';
import { createErrorWriter, errorCodeSchema, problemSchema } from './errors.ts';
import { createSchemaWriter } from './json-schema.ts';
import { operationOf } from './operations.ts';
import { platformPaths } from './platform-paths.ts';
import { webhooksOf } from './webhooks.ts';

const VERSION = '1.0.0';

/** The API's OpenAPI 3.1 document, made of nothing but the contracts. */
export function buildDocument(): Record<string, unknown> {
  const writer = createSchemaWriter();
  const errors = createErrorWriter();
  const paths: Record<string, Record<string, unknown>> = {};
  const all: readonly Contract[] = Object.values(contracts);
  for (const contract of all) {
    const operation = operationOf(contract, writer, errors);
    for (const [index, path] of [contract.path, ...(contract.aliases ?? [])].entries()) {
      const at = path.replaceAll(/:([a-z_]+)/g, '{$1}');
      paths[at] = {
        ...paths[at],
        [contract.method.toLowerCase()]: index === 0 ? operation : alias(operation),
      };
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Agent Registry',
      version: VERSION,
      description,
      contact: { name: 'The operators of this registry' },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/v1' }, { url: '/' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: { ...paths, ...platformPaths(errors) },
    webhooks: webhooksOf(writer),
    components: {
      schemas: {
        // Kept and hashed as received, so the contract itself takes any JSON: this says what passes the check.
        AcceptanceCriteria: writer.write(acceptanceCriteria, 'input'),
        ErrorCode: errorCodeSchema,
        Problem: problemSchema,
        ...sorted(writer.named),
      },
      responses: sorted(errors.named),
      parameters,
      headers,
      securitySchemes,
    },
  };
}

function alias(operation: unknown): unknown {
  const { operationId, summary, ...rest } = operation as { operationId: string; summary: string };
  return {
    operationId: `${operationId}Alias`,
    summary: `${summary} (alias)`,
    'x-alias-of': operationId,
    ...rest,
  };
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

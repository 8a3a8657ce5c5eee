import { bodyOf, type KnownEndpoint, knownEndpoints, parametersOf } from '../client/known-endpoints.ts';
import type { JsonSchema } from '../openapi/json-schema.ts';
import { type ToolDefinition, toolDefinitions } from './tool-definitions.ts';

const HEAD =
  '// Generated from the contracts of the API: npm run generate. Do not edit.\n\nexport const TOOLS = ';
const TAIL = ';\nexport type ToolName = keyof typeof TOOLS;\n';

/** The tools of MCP with their schemas, as TypeScript source without imports. */
export function mcpTools(): string {
  const { endpoints, schemas } = knownEndpoints();
  const byId = new Map(endpoints.map((endpoint) => [endpoint.contract.id as string, endpoint]));
  const tools = Object.entries(toolDefinitions as Readonly<Record<string, ToolDefinition>>).map(
    ([name, definition]) => [
      name,
      {
        title: definition.title,
        description: definition.description,
        annotations: { readOnlyHint: definition.isReading, openWorldHint: true },
        inputSchema: withDefinitions(inputOf(definition, byId, schemas), schemas),
        outputSchema: withDefinitions(opened(outputOf(definition, byId)), schemas),
      },
    ],
  );
  const lines = tools.map(([name, tool]) => `  ${name as string}: ${JSON.stringify(tool)},\n`);
  return `${HEAD}{\n${lines.join('')}}${TAIL}`;
}

type ById = ReadonlyMap<string, KnownEndpoint>;
type Schemas = Readonly<Record<string, JsonSchema>>;

const nameOf = (schema: JsonSchema | undefined): string | undefined => schema?.$ref?.split('/').at(-1);

function inputOf(definition: ToolDefinition, byId: ById, schemas: Schemas): JsonSchema {
  const { takes, without = [], own = {}, required } = definition;
  const members = takes.flatMap((id) => {
    const endpoint = byId.get(id)!;
    const parameters = parametersOf(endpoint).map(({ name, description, schema }): [string, JsonSchema] => [
      name,
      description === undefined ? schema : { description, ...schema },
    ]);
    const body = schemas[nameOf(bodyOf(endpoint)) ?? '']?.properties ?? {};
    return [...parameters, ...Object.entries(body)];
  });
  const kept = members.filter(
    ([name, { description }]) => !without.includes(name) && description !== 'Ignored',
  );
  return {
    type: 'object',
    properties: { ...Object.fromEntries(kept), ...own },
    required,
    additionalProperties: false,
  };
}

function outputOf({ answers, sometimes = [] }: ToolDefinition, byId: ById): JsonSchema {
  if (typeof answers === 'string') return byId.get(answers)!.answer!;
  const members = Object.entries(answers).map(([name, id]) => [name, byId.get(id)!.answer!]);
  if (members.length === 0)
    return {
      type: 'object',
      properties: { text: { type: 'string', description: 'Markdown' } },
      required: ['text'],
    };
  return {
    type: 'object',
    properties: Object.fromEntries(members) as Record<string, JsonSchema>,
    required: members.map(([name]) => name as string).filter((name) => !sometimes.includes(name)),
  };
}

/** Answers may come to have more members than this version knows of. */
function opened<T>(schema: T): T {
  return JSON.parse(JSON.stringify(schema), (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const { additionalProperties, ...rest } = value as { additionalProperties?: unknown };
    return additionalProperties === false ? rest : value;
  }) as T;
}

/** A schema that stands alone: an object at its root, and with it each component that it leads to. */
function withDefinitions(schema: JsonSchema, schemas: Schemas): JsonSchema {
  const isInput = schema.additionalProperties === false;
  const definitions: Record<string, JsonSchema> = {};
  const gather = (of: JsonSchema): void => {
    for (const [, name = ''] of JSON.stringify(of).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name in definitions) continue;
      definitions[name] = isInput ? schemas[name]! : opened(schemas[name]!);
      gather(definitions[name]);
    }
  };
  const root = nameOf(schema) === undefined ? schema : opened(schemas[nameOf(schema)!]!);
  gather(root);
  const whole = Object.keys(definitions).length === 0 ? root : { ...root, $defs: definitions };
  return JSON.parse(JSON.stringify(whole).replaceAll('"#/components/schemas/', '"#/$defs/')) as JsonSchema;
}

import type { JsonSchema } from '../openapi/json-schema.ts';

const literal = (value: unknown): string =>
  typeof value === 'string'
    ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
    : JSON.stringify(value);
const union = (types: readonly string[]): string => [...new Set(types)].join(' | ');

/** Whether the type is of what is sent (`in`), whose members are readonly so that callers may pass readonly values, or received. */
export type Way = 'in' | 'out';
const modifier = (way: Way): string => (way === 'in' ? 'readonly ' : '');

/** A JSON Schema as a TypeScript type. A reference is the name of its component. */
export function printType(schema: JsonSchema, way: Way): string {
  const name = schema.$ref?.split('/').at(-1);
  // A suite that is put together from parts is no literal, and what is not known of it the registry says.
  if (name === 'AcceptanceCriteria') return `${name} | object`;
  if (name !== undefined) return name;
  if (schema.const !== undefined) return literal(schema.const);
  if (Array.isArray(schema.enum)) return union(schema.enum.map(literal));
  const branches = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (branches !== undefined) return union(branches.map((branch) => printType(branch, way)));
  if (Array.isArray(schema.type))
    return union(schema.type.map((type) => printType({ ...schema, type }, way)));
  switch (schema.type) {
    case 'array': {
      const item = printType((schema.items ?? {}) as JsonSchema, way);
      return /^[\w]+$/.test(item) ? `${modifier(way)}${item}[]` : `${modifier(way)}(${item})[]`;
    }
    case 'object':
      return printObject(schema, way);
    case 'integer':
      return 'number';
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return schema.type;
    default:
      return 'unknown';
  }
}

function printObject(schema: JsonSchema, way: Way): string {
  const members = Object.entries(schema.properties ?? {});
  const more = schema.additionalProperties;
  if (members.length === 0) {
    if (more === false || more === undefined) return 'Record<string, never>';
    return `Record<string, ${printType(more as JsonSchema, way)}>`;
  }
  const isOpen = typeof more === 'object' && more !== null;
  return `{\n${printMembers(schema, way)}${isOpen ? `${modifier(way)}[member: string]: unknown;\n` : ''}}`;
}

/** The members of an object, each with its description. */
export function printMembers(schema: JsonSchema, way: Way): string {
  return Object.entries(schema.properties ?? {})
    .map(([name, property]) => {
      const optional = schema.required?.includes(name) === true ? '' : '?';
      return `${comment(property.description)}${modifier(way)}${name}${optional}: ${printType(property, way)};\n`;
    })
    .join('');
}

/** Text as a documentation comment; nothing for what is no text. */
export function comment(text: unknown): string {
  if (typeof text !== 'string' || text === '') return '';
  const lines = text.replaceAll('*/', '*\\/').split('\n');
  return lines.length === 1
    ? `/** ${lines[0]} */\n`
    : `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`;
}

/** A component as a declaration: an interface where it can be one. */
export function printDeclaration(name: string, schema: JsonSchema, way: Way): string {
  const isInterface = schema.type === 'object' && Object.keys(schema.properties ?? {}).length > 0;
  const declared = isInterface
    ? `export interface ${name} ${printType(schema, way)}`
    : `export type ${name} = ${printType(schema, way)};`;
  return `${comment(schema.description)}${declared}\n`;
}

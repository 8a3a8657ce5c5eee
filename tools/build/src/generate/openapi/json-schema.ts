import { formatCents } from '@agent-registry/schemas';
import { z } from 'zod';

/** JSON Schema 2020-12, as far as we look into it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly $ref?: string;
}

/** Turns zod schemas into JSON Schema, and gathers the named ones so that each is written once. */
export interface SchemaWriter {
  /** `input` is what a client sends, `output` what it gets. */
  write(schema: z.ZodType, io: 'input' | 'output'): JsonSchema;
  /** Makes a component of a schema; the reference to it. */
  name(id: string, schema: JsonSchema): JsonSchema;
  readonly named: Readonly<Record<string, JsonSchema>>;
}

export function createSchemaWriter(): SchemaWriter {
  const named: Record<string, JsonSchema> = {};
  return {
    named,
    write(schema, io) {
      const {
        $schema: _,
        $defs,
        ...written
      } = withMoneyDefaults(
        () =>
          z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' }) as JsonSchema & {
            $defs?: Record<string, JsonSchema>;
          },
      );
      for (const [id, definition] of Object.entries($defs ?? {})) named[id] = pointed(definition);
      const plain = pointed(written);
      const id = written.id ?? pageName(plain);
      return typeof id === 'string' ? this.name(id, plain) : plain;
    },
    name(id, schema) {
      named[id] = schema;
      return { $ref: `#/components/schemas/${id}` };
    },
  };
}

/** Points references at the document's components, and drops the ids that made them. */
function pointed(schema: JsonSchema): JsonSchema {
  const { id: _, ...rest } = schema;
  const text = JSON.stringify(rest).replaceAll('"#/$defs/', '"#/components/schemas/');
  return JSON.parse(text, (_key, value) => (isSchema(value) ? tidy(value) : value));
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Says what the wire says and no more: a number that travels in a query is described as the number, not as the text that is
 * read, and the bounds that every integer of JavaScript has are left out.
 */
function tidy(schema: JsonSchema): JsonSchema {
  const branches = schema.anyOf as JsonSchema[] | undefined;
  const described = branches?.length === 2 && branches[1]?.type === 'null' ? branches[0] : undefined;
  if (described !== undefined && schema.description === undefined && described.description !== undefined) {
    const { description, ...rest } = described;
    return { ...schema, anyOf: [rest, branches![1]], description };
  }
  const isText = schema.type === 'string' || schema.type === undefined || Array.isArray(schema.type);
  return Object.fromEntries(
    Object.entries(schema).filter(
      ([keyword, value]) =>
        !(keyword === 'minimum' && value === Number.MIN_SAFE_INTEGER) &&
        !(keyword === 'maximum' && value === Number.MAX_SAFE_INTEGER) &&
        !(!isText && (keyword === 'pattern' || (keyword === 'enum' && schema.type === 'boolean'))),
    ),
  );
}

/** A page of named items is named after them. */
function pageName(schema: JsonSchema): string | undefined {
  const { items, next_cursor: cursor } = schema.properties ?? {};
  const of = (items?.items as JsonSchema | undefined)?.$ref?.split('/').at(-1);
  return cursor === undefined || of === undefined ? undefined : `${of}Page`;
}

/** A default of money is a bigint of cents; on the wire it is a decimal string. */
function withMoneyDefaults<T>(work: () => T): T {
  const prototype = BigInt.prototype as { toJSON?: () => string };
  prototype.toJSON = function (this: bigint) {
    return formatCents(BigInt(this));
  };
  try {
    return work();
  } finally {
    delete prototype.toJSON;
  }
}

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
      const id = written.id;
      if (typeof id !== 'string') return pointed(written);
      named[id] = pointed(written);
      return { $ref: `#/components/schemas/${id}` };
    },
  };
}

/** Points references at the document's components, and drops the ids that made them. */
function pointed(schema: JsonSchema): JsonSchema {
  const { id: _, ...rest } = schema;
  return JSON.parse(JSON.stringify(rest).replaceAll('"#/$defs/', '"#/components/schemas/'));
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

import { compileSchema, type JsonSchemaTest, validate } from '@agent-registry/criteria';
import type { CheckResult } from '../worker/protocol.ts';

/** Validates the deliverable by JSON Schema 2020-12, formats included. */
export function checkJsonSchema(test: JsonSchemaTest, deliverable: unknown): CheckResult {
  const compilation = compileSchema(test.schema, { assertFormats: true });
  // The proposal was checked with the same code, so this is ours and not the seller's.
  if (!compilation.ok) throw new Error(`the schema ${compilation.errors[0]?.message}`);
  const result = validate(compilation.compiled, deliverable);
  switch (result.outcome) {
    case 'valid':
      return { outcome: 'passed', message: 'Valid.' };
    case 'invalid':
      return { outcome: 'failed', message: `At ${result.pointer || '/'}: ${result.message}.` };
    case 'too_expensive':
      return { outcome: 'failed', message: `too_expensive: gave up after ${result.work} steps.` };
  }
}

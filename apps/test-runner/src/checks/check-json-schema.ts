import type { JsonSchemaTest } from '@agent-registry/criteria';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { RE2JS } from 're2js';
import type { CheckResult } from '../worker/protocol.ts';

/** Patterns in a schema match in linear time, as `contains` does. */
function linearRegExp(pattern: string) {
  const compiled = RE2JS.compile(pattern);
  // ajv tells patterns apart by their text, so this one must have its own.
  return { test: (text: string): boolean => compiled.matcher(text).find(), toString: (): string => pattern };
}
linearRegExp.code = 'linearRegExp';

/** Validates the deliverable by JSON Schema 2020-12; `format` is an annotation, as the draft has it. */
export function checkJsonSchema(test: JsonSchemaTest, deliverable: unknown): CheckResult {
  const ajv = new Ajv2020({
    strict: false,
    // The criteria's check has already held the schema against its meta-schema, which is dear to compile.
    meta: false,
    validateSchema: false,
    validateFormats: false,
    logger: false,
    code: { regExp: linearRegExp },
  });
  const validate = ajv.compile(test.schema);
  if (validate(deliverable)) return { outcome: 'passed', message: 'Valid.' };
  const error = validate.errors?.[0];
  const path = error?.instancePath === undefined || error.instancePath === '' ? '/' : error.instancePath;
  return { outcome: 'failed', message: `At ${path}: ${error?.message ?? 'not valid'}.` };
}

import * as z from 'zod';

/**
 * Acceptance criteria on the wire, for documentation: loose, because criteria are kept and hashed as received.
 * What decides is `checkCriteria` of packages/criteria.
 */
const scriptParams = {
  script: z.string().describe('Base64 of at most 1 MiB.'),
  runtime: z.string().optional().describe('python:3 unless given; see /ready for those offered.'),
  timeout_seconds: z.number().positive().optional(),
  memory_limit_mb: z.number().positive().optional(),
};

function test<Type extends string, Shape extends z.ZodRawShape>(type: Type, params: Shape) {
  return z.looseObject({
    test_id: z.string().min(1).max(100),
    type: z.literal(type),
    params: z.looseObject(params),
  });
}

export const criteriaTest = z.discriminatedUnion('type', [
  test('json_schema', { schema: z.union([z.looseObject({}), z.boolean()]).describe('JSON Schema 2020-12.') }),
  test('count_gte', { path: z.string().describe('JSONPath, RFC 9535.'), min_count: z.int().min(0) }),
  test('count_lte', { path: z.string().describe('JSONPath, RFC 9535.'), max_count: z.int().min(0) }),
  test('contains', {
    pattern: z.string().max(1000).describe('Text, or RE2 syntax with is_regex.'),
    is_regex: z.boolean().optional(),
  }),
  test('checksum', { expected_hash: z.string().describe('sha256 of the RFC 8785 form, in hex.') }),
  test('latency_lte', { max_seconds: z.number().positive() }),
  test('assertion', { expression: z.string().max(500).describe('CEL over `output`.') }),
  test('script', scriptParams),
]);

export const criteriaSuite = z.looseObject({
  version: z.literal('1.0').optional(),
  tests: z.array(criteriaTest).min(1).max(20),
  pass_threshold: z
    .union([z.enum(['all', 'majority']), z.object({ min_pass: z.int().min(1).max(20) })])
    .optional()
    .describe('"all" unless given.'),
});

export const acceptanceCriteria = z.union([criteriaSuite, z.looseObject(scriptParams)]);

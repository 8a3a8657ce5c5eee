import * as z from 'zod';

/**
 * Acceptance criteria on the wire, for documentation: loose, because criteria are kept and hashed as received.
 * What decides is `checkCriteria` of packages/criteria.
 */
const runParams = {
  runtime: z.string().optional().describe('python:3 unless given; see /ready for those offered.'),
  timeout_seconds: z
    .number()
    .positive()
    .optional()
    .describe('Wall-clock seconds of the test; the runner’s maximum unless given, and never more.'),
  memory_limit_mb: z
    .number()
    .positive()
    .optional()
    .describe('Memory in MiB; the runner’s maximum unless given, and never more.'),
};
const scriptParams = {
  script: z
    .string()
    .describe(
      'Base64 of at most 1 MiB. The deliverable is data to it: a script that executes delivered code lets that code decide the ' +
        'verdict, by ending the process with code 0 or by values that equal everything. Test delivered code with `program`.',
    ),
  ...runParams,
};

const programCase = z.object({
  stdin: z.string().optional().describe('At most 64 KiB; nothing unless given.'),
  args: z.array(z.string()).max(16).optional().describe('At most 4 KiB together.'),
  expect: z
    .union([
      z.object({
        stdout: z.string().optional().describe('At most 64 KiB.'),
        compare: z
          .enum(['exact', 'trimmed', 'tokens', 'numbers'])
          .optional()
          .describe(
            'exact, unless given: every character. trimmed: without the white space at both ends. tokens: the words between white ' +
              'space. numbers: tokens, of which two numbers may differ by `tolerance`; NaN and infinities equal themselves alone.',
          ),
        tolerance: z
          .number()
          .min(0)
          .lt(1)
          .optional()
          .describe('1e-9 unless given: |printed − expected| ≤ tolerance × max(1, |expected|), in doubles.'),
        exit_code: z.int().min(0).max(128).optional().describe('0 unless given.'),
      }),
      z.object({
        assertion: z
          .string()
          .max(500)
          .describe(
            'CEL over `stdout`, `json` (stdout as JSON, null where it is none) and `exit_code`, a double.',
          ),
      }),
    ])
    .describe('What it must print.'),
});

/** Cases of one program test that the registry keeps to itself; what `commitment` is the hash of. */
export const hiddenCases = z.object({
  salt: z.string().min(16).max(128).describe('Random, so that the commitment cannot be tried out.'),
  cases: z.array(programCase).min(1).max(50),
});

const programParams = {
  source: z
    .string()
    .describe(
      'JSONPath (RFC 9535) of one node of the deliverable: the text of the program, or an object of file names and texts whose ' +
        'member `entry` names the file that runs (64 files, 512 KiB). It runs as /program/<entry>, in an empty /tmp.',
    ),
  ...runParams,
  cases: z
    .array(programCase)
    .min(1)
    .max(50)
    .describe(
      'Each is run as a process of its own in a sandbox that holds the program and the input of this case, within the limits; its ' +
        'output is compared outside. The test passes when every case does.',
    ),
  hidden: z
    .object({
      count: z.int().min(1).max(50).describe('How many.'),
      commitment: z.string().describe('Hex sha256 of the RFC 8785 form of {salt, cases}.'),
    })
    .optional()
    .describe(
      'More cases, which the registry keeps sealed until the job has ended. They are sent with the proposal, beside the criteria, as ' +
        '`hidden_cases`. They run when every visible case has passed, and a result says no more of them than whether all passed.',
    ),
};

interface TestTypeEntry {
  /** When a test of this type passes. */
  readonly passes: string;
  /** Whether it executes code that a party wrote: that needs a runtime, and its duration is a side channel. */
  readonly runsCode: boolean;
  readonly params: z.ZodRawShape;
  /** Params for documentation; the runner's workers warm up on them. */
  readonly example: Readonly<Record<string, unknown>>;
}

const jsonPath = z.string().describe('JSONPath, RFC 9535.');

/**
 * The types of test. A new one is an entry here, one in packages/criteria/src/checks.ts, which reads its params, and one in
 * apps/test-runner/src/checks.ts, which runs it; what is missing is a type error.
 */
export const testTypes = {
  json_schema: {
    passes: 'The deliverable is valid.',
    runsCode: false,
    params: {
      schema: z
        .union([z.looseObject({}), z.boolean()])
        .describe(
          'JSON Schema 2020-12. `format` is asserted, patterns are RE2, `multipleOf` is decimal. References must stay inside the ' +
            'schema (`$id`, `$anchor`, `$dynamicRef` work). Work is counted: beyond 10,000,000 steps the test fails with too_expensive.',
        ),
    },
    example: {
      schema: { type: 'object', patternProperties: { '^t': { type: 'string', pattern: '^[A-Z]' } } },
    },
  },
  count_gte: {
    passes:
      'The path selects at least `min_count` nodes; an array that is the only node counts as its elements.',
    runsCode: false,
    params: { path: jsonPath, min_count: z.int().min(0).describe('How many at least.') },
    example: { path: '$..records[?@.id >= 1]', min_count: 2 },
  },
  count_lte: {
    passes:
      'The path selects at most `max_count` nodes; an array that is the only node counts as its elements.',
    runsCode: false,
    params: { path: jsonPath, max_count: z.int().min(0).describe('How many at most.') },
    example: { path: '$.errors', max_count: 0 },
  },
  contains: {
    passes: 'The pattern is found.',
    runsCode: false,
    params: {
      pattern: z
        .string()
        .max(1000)
        .describe(
          'Text, or RE2 syntax with is_regex: found in a string that is delivered as it reads, else in each string value or the JSON text.',
        ),
      is_regex: z.boolean().optional().describe('false unless given: the pattern is plain text.'),
    },
    example: { pattern: 'https?://\\S+', is_regex: true },
  },
  checksum: {
    passes: 'The deliverable has this hash.',
    runsCode: false,
    params: { expected_hash: z.string().describe('sha256 of the RFC 8785 form, in hex.') },
    example: { expected_hash: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' },
  },
  latency_lte: {
    passes: 'The delivery came at most `max_seconds` after the last start, by the clock of the registry.',
    runsCode: false,
    params: { max_seconds: z.number().positive().describe('Seconds at most.') },
    example: { max_seconds: 3600 },
  },
  assertion: {
    passes: 'The expression is true.',
    runsCode: false,
    params: {
      expression: z
        .string()
        .max(500)
        .describe('CEL over `output`, whose numbers are doubles: `output.n + 1.0`, `int(output.n) + 1`.'),
    },
    example: { expression: 'output.all(name, name.matches("^[a-z]+$"))' },
  },
  script: {
    passes: 'The script exits with code 0.',
    runsCode: true,
    params: scriptParams,
    example: { script: 'Z3JlcCAtcSB0aXRsZSAvaW5wdXQvcmVzdWx0Lmpzb24K', runtime: 'bash:5' },
  },
  program: {
    passes: 'The delivered program prints what is expected, for the input of every case.',
    runsCode: true,
    params: programParams,
    example: {
      source: '$.program',
      cases: [{ stdin: '2 3\n', expect: { stdout: '5', compare: 'trimmed' } }],
    },
  },
} as const satisfies Record<string, TestTypeEntry>;

export type TestType = keyof typeof testTypes;

/** Whether a test of this type, as it was sent, executes code that a party wrote. */
export function runsCode(type: unknown): boolean {
  return typeof type === 'string' && Object.hasOwn(testTypes, type) && testTypes[type as TestType].runsCode;
}

type TestSchema<Type extends TestType> = z.ZodObject<
  {
    test_id: z.ZodString;
    type: z.ZodLiteral<Type>;
    params: z.ZodObject<(typeof testTypes)[Type]['params'], z.core.$loose>;
  },
  z.core.$loose
>;
type AnyTestSchema = { [Type in TestType]: TestSchema<Type> }[TestType];

function schemaOf(type: TestType): AnyTestSchema {
  const { passes, params, example } = testTypes[type];
  const shape = {
    test_id: z.string().min(1).max(100).describe('Names the test in results; unique in the suite.'),
    type: z.literal(type).describe('Type of the test.'),
    params: z.looseObject(params).meta({ examples: [example], description: 'What it checks.' }),
  };
  const id = `${type.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}Test`;
  return z.looseObject(shape).meta({ id, description: passes }) as unknown as AnyTestSchema;
}

export const criteriaTest = z.discriminatedUnion(
  'type',
  (Object.keys(testTypes) as TestType[]).map(schemaOf) as [AnyTestSchema, ...AnyTestSchema[]],
);

const disclosure = z
  .enum(['tests', 'verdict'])
  .optional()
  .describe(
    'What the client learns of work that it has not paid for: which tests passed, unless given, or the verdict alone. Each test it sees is one bit of the deliverable, a delivery.',
  );

export const criteriaSuite = z
  .looseObject({
    version: z.literal('1.0').optional().describe('The version of this format.'),
    tests: z.array(criteriaTest).min(1).max(20).describe('What is tested.'),
    pass_threshold: z
      .union([
        z.enum(['all', 'majority']),
        z.object({ min_pass: z.int().min(1).max(20).describe('So many tests must pass.') }),
      ])
      .optional()
      .describe('"all" unless given.'),
    disclosure,
  })
  .meta({ id: 'AcceptanceSuite', description: 'Tests, of which enough must pass' });

const criteriaScript = z
  .looseObject({ ...scriptParams, disclosure })
  .meta({ id: 'AcceptanceScript', description: 'A single script test, without a suite around it' });

export const acceptanceCriteria = z.union([criteriaSuite, criteriaScript]);

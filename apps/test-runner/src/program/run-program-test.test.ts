import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ProgramBench, startProgramBench } from '../../test/program-bench.ts';
import { describeWithSandbox } from '../../test/sandbox/availability.ts';

const adds = 'import sys\nprint(sum(int(word) for word in sys.stdin.read().split()))';
const cases = [
  { stdin: '1 2', expect: { stdout: '3\n' } },
  { stdin: '20 22', expect: { stdout: '42\n' } },
];
const hidden = [
  { stdin: '7 8 9', expect: { stdout: '24\n' } },
  { stdin: '-5', expect: { stdout: '-5\n' } },
];

describeWithSandbox('a program test', () => {
  let bench: ProgramBench;
  beforeAll(async () => {
    bench = await startProgramBench();
  });
  afterAll(() => bench?.close());
  const resultOf: ProgramBench['resultOf'] = (...given) => bench.resultOf(...given);

  test.each([
    ['python:3', adds],
    [
      'node:24',
      "const text = require('node:fs').readFileSync(0, 'utf8'); console.log(text.split(' ').map(Number).reduce((a, b) => a + b))",
    ],
    ['bash:5', 'read -r line; set -- $line; sum=0; for word; do sum=$((sum + word)); done; echo $sum'],
  ])('passes an honest program in %s, on cases it has seen and on hidden ones', async (runtime, program) => {
    expect(await resultOf({ runtime, cases }, { program }, hidden)).toEqual({
      test_id: 'program',
      type: 'program',
      passed: true,
      outcome: 'passed',
      message: 'All 4 cases passed.',
      exit_code: null,
      stdout: '',
      stderr: '',
    });
  });

  test('a program test passes arguments on, and compares exit codes', async () => {
    const program = {
      entry: 'a/run.sh',
      'a/run.sh': '. /program/lib.sh; answer "$@"',
      'lib.sh': 'answer() { echo "$2-$1"; exit 3; }',
    };
    const given = [{ args: ['one', 'two words'], expect: { stdout: 'two words-one\n', exit_code: 3 } }];
    expect(await resultOf({ runtime: 'bash', cases: given }, { program })).toMatchObject({ passed: true });
    const other = [{ args: ['a', 'b'], expect: { stdout: 'b-a\n' } }];
    expect(await resultOf({ runtime: 'bash', cases: other }, { program })).toMatchObject({
      passed: false,
      exit_code: 3,
      message: 'Case 1 of 1: exited with code 3, not 0.',
    });
  });

  test('a program test tells the seller which visible case differs, and what the program said there', async () => {
    const program = 'import sys\nsys.stderr.write("my trace")\nprint(input().split()[0] + "!")';
    expect(
      await resultOf({ cases: [{ stdin: '3', expect: { stdout: '3!\n' } }, ...cases] }, { program }),
    ).toMatchObject({
      outcome: 'failed',
      message: 'Case 2 of 3: standard output differs in line 1: expected "3\\n", got "1!\\n".',
      exit_code: 0,
      stdout: '1!\n',
      stderr: 'my trace',
    });
  });

  test.each([
    ['json.sum == 3.0 && exit_code == 0.0', true],
    ['exit_code == 0', true],
    ['stdout.contains("sum")', true],
    ['json == null', false],
    ['json.sum > 3.0', false],
  ])('a case passes by the assertion %s: %j', async (assertion, passed) => {
    const given = [{ stdin: '1 2', expect: { assertion } }];
    const program = 'import json\na, b = map(int, input().split())\nprint(json.dumps({"sum": a + b}))';
    expect(await resultOf({ cases: given }, { program })).toMatchObject({ passed });
  });

  test('an assertion over what is no JSON finds null', async () => {
    const given = [{ expect: { assertion: 'json == null && stdout == "[1" && exit_code == 2.0' } }];
    const program = 'import sys\nprint("[1", end="")\nsys.exit(2)';
    expect(await resultOf({ cases: given }, { program })).toMatchObject({ passed: true });
  });

  test.each([
    [
      'bytes that are no UTF-8',
      'import sys\nsys.stdout.buffer.write(b"\\xff")',
      '\ufffd',
      'failed',
      'is not UTF-8',
    ],
    ['more than is compared', 'print("x" * 65536)', 'x', 'failed', 'is over 65536 bytes'],
    ['output without end', 'while True: print("x" * 9999)', 'x', 'output', 'Stopped for writing more than'],
    ['NUL', 'print("\\0", end="")', '\0', 'passed', ''],
    ['a byte order mark', 'print("\\ufeffx", end="")', 'x', 'failed', 'differs in line 1'],
  ])('the outcome of %s says what it was', async (_what, program, stdout, outcome, message) => {
    const result = await resultOf({ cases: [{ expect: { stdout } }] }, { program });
    expect(result.outcome).toBe(outcome);
    expect(result.message).toContain(message);
  });

  test.each([
    ['runs for ever', 'while True: pass', { timeout_seconds: 0.5 }, /^(timeout|cpu)$/],
    ['sleeps for ever', 'import time\ntime.sleep(600)', { timeout_seconds: 0.5 }, /^timeout$/],
    [
      'takes memory without end',
      'x = []\nwhile True: x.append(bytearray(1_000_000))',
      { memory_limit_mb: 64 },
      /^memory$/,
    ],
    ['ends by a signal', 'import os\nos.kill(os.getpid(), 9)', {}, /^killed$/],
  ])('a program that %s fails its case, and that is told', async (_what, program, limits, outcome) => {
    const result = await resultOf({ cases, ...limits }, { program });
    expect(result.outcome).toMatch(outcome);
    expect(result).toMatchObject({
      passed: false,
      exit_code: null,
      message: expect.stringMatching(/^Case 1 of 2: /),
    });
  });

  test('each case has the time of a whole test, and all together that of the suite', async () => {
    const sleeps = (seconds: number) => ({
      program: `import time\ntime.sleep(${seconds})\nprint(input())`,
    });
    const given = Array.from({ length: 4 }, (_, index) => ({
      stdin: `${index}`,
      expect: { stdout: `${index}\n` },
    }));
    expect(await resultOf({ cases: given }, sleeps(0.9))).toMatchObject({ passed: true });
    expect(await resultOf({ cases: given }, sleeps(2.2))).toMatchObject({
      outcome: 'suite_timeout',
      message: expect.stringMatching(/^The suite was out of time at case \d\.$/),
    });
  }, 20_000);

  test('a deliverable without a program fails, and the seller reads why', async () => {
    expect(await resultOf({ cases }, { code: adds }, hidden)).toMatchObject({
      outcome: 'failed',
      message: expect.stringMatching(/^There is no program/),
    });
  });

  test('whatever a program does in a hidden case, its author reads the same', async () => {
    const seen =
      'import sys\ndata = sys.stdin.read()\nif data in ("1 2", "20 22"):\n  print(sum(map(int, data.split())))\n  sys.exit()\n';
    const tricks = [
      'print(data)',
      'sys.exit(int(data.split()[0]))',
      'sys.stderr.write(data)',
      'import os; os.kill(os.getpid(), 9)',
      'x = [0] * 10**9',
      'import time; time.sleep(600)',
      'print("x" * 10**7)',
      'print(24 if data == "7 8 9" else "?")',
    ];
    for (const trick of tricks) {
      expect(await resultOf({ cases, timeout_seconds: 1 }, { program: seen + trick }, hidden)).toEqual({
        test_id: 'program',
        type: 'program',
        passed: false,
        outcome: 'failed',
        message: 'All 2 visible cases passed; of the hidden ones at least one did not.',
        exit_code: null,
        stdout: '',
        stderr: '',
      });
    }
  });

  test('criteria that promise hidden cases are not run without them', async () => {
    const params = { source: '$.program', cases, hidden: { count: 1, commitment: '0'.repeat(64) } };
    const response = await bench.runner.post({
      run_id: 'run',
      criteria: { tests: [{ test_id: 't', type: 'program', params }] },
      deliverable: { program: adds },
      facts: { started_at: '2026-01-01T00:00:00Z', delivered_at: '2026-01-01T00:00:10Z' },
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ path: 'hidden_cases.t' }] });
  });
});

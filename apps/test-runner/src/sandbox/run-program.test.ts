import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { attackLimits, maxLimits } from '../../test/sandbox/attack-limits.ts';
import { describeWithSandbox } from '../../test/sandbox/availability.ts';
import { findLeftovers } from '../../test/sandbox/leftovers.ts';
import type { ProgramJob, ScriptBackend } from '../backend.ts';
import { createSandboxBackend } from './index.ts';

const never = new AbortController().signal;

describeWithSandbox('a delivered program in its sandbox', () => {
  let backend: ScriptBackend;

  beforeAll(async () => {
    const made = await createSandboxBackend({
      maxLimits,
      allowWatchdog: true,
      concurrency: 2,
      poolSize: 0,
    });
    if (made.backend === null) throw new Error(made.report.reason ?? 'no backend');
    backend = made.backend;
  });

  afterAll(() => backend?.close());

  const run = (job: Partial<ProgramJob> & Pick<ProgramJob, 'runtime'>, files: Record<string, string>) =>
    backend.runProgram(
      {
        files: Object.entries(files).map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
        entry: Object.keys(files)[0] ?? '',
        args: [],
        stdin: Buffer.alloc(0),
        limits: attackLimits,
        ...job,
      },
      never,
    );
  const args = [
    '',
    '=',
    '=a',
    '-c',
    '*',
    ' two  words ',
    'new\nline\n',
    "'",
    '"',
    '\\0101',
    '$HOME',
    'zwölf 🦆',
    '%s',
  ];

  test.each([
    [
      'python:3',
      {
        'main.py': 'import sys, json, os\nprint(json.dumps([sys.argv[1:], sys.stdin.read(), os.getcwd()]))',
      },
    ],
    [
      'node:24',
      {
        'main.js':
          "const fs = require('node:fs'); console.log(JSON.stringify([process.argv.slice(2), fs.readFileSync(0, 'utf8'), process.cwd()]))",
      },
    ],
  ] as const)('%s gets its arguments and its standard input to the byte', async (runtime, files) => {
    const stdin = 'line one\n\0 zwölf\r\n';
    const ended = await run({ runtime, args, stdin: Buffer.from(stdin) }, files);
    expect(ended).toMatchObject({ outcome: 'passed', exitCode: 0, stderr: '' });
    expect(JSON.parse(ended.stdoutBytes.toString())).toEqual([args, stdin, '/tmp']);
  });

  test('bash:5 gets its arguments and its standard input to the byte', async () => {
    const ended = await run(
      { runtime: 'bash:5', args, stdin: Buffer.from('a\nb\n') },
      { 'main.sh': 'printf "[%s]" "$@"; cat; exit 7' },
    );
    expect(ended).toMatchObject({ outcome: 'failed', exitCode: 7, stderr: '' });
    expect(ended.stdoutBytes.toString()).toBe(`${args.map((arg) => `[${arg}]`).join('')}a\nb\n`);
  });

  test('a program of several files finds what lies beside it and below', async () => {
    const python = await run(
      { runtime: 'python:3' },
      {
        'main.py': 'import a.b\nprint(a.b.x)',
        'a/__init__.py': '',
        'a/b.py': 'x = open("/program/a/c.txt").read()',
        'a/c.txt': '5',
      },
    );
    expect(python.stdoutBytes.toString()).toBe('5\n');
    const node = await run(
      { runtime: 'node:24' },
      {
        'src/main.mjs': "import { x } from '../lib/x.mjs'; console.log(x)",
        'lib/x.mjs': 'export const x = 6;',
      },
    );
    expect(node.stdoutBytes.toString()).toBe('6\n');
  });

  test('the sandbox holds the program and its standard input, and nothing else of the job', async () => {
    const { stdoutBytes } = await run(
      { runtime: 'bash:5', stdin: Buffer.from('asked') },
      {
        'main.sh': 'find /program /input /tmp /home /root /etc /runtime -type f 2>/dev/null',
      },
    );
    expect(
      stdoutBytes
        .toString()
        .split('\n')
        .filter((line) => !line.startsWith('/etc/')),
    ).toEqual(['/program/main.sh', '/input/stdin', '/runtime/harness.sh', '']);
  });

  test('a program cannot change its own files, and what it leaves is gone in the next case', async () => {
    const files = {
      'main.sh':
        'cat /tmp/left /dev/shm/left 2>/dev/null; echo x > /tmp/left; echo x > /dev/shm/left 2>/dev/null; (echo x > /program/main.sh) 2>/dev/null || (echo x > /program/new) 2>/dev/null || echo kept',
    };
    for (let round = 0; round < 2; round += 1) {
      const { stdoutBytes } = await run({ runtime: 'bash:5' }, files);
      expect(stdoutBytes.toString()).toBe('kept\n');
    }
  });

  test('output that is longer than what is kept is told from output that just fits', async () => {
    const limits = { ...attackLimits, keptOutputBytes: 1_000 };
    const [fits, longer] = [
      await run({ runtime: 'bash:5', limits }, { 'main.sh': 'printf %01000d 0' }),
      await run({ runtime: 'bash:5', limits }, { 'main.sh': 'printf %02000d 0' }),
    ];
    expect([fits.stdoutBytes.length, longer.stdoutBytes.length]).toEqual([1_000, 1_001]);
  });

  test('a program that outlives its first process, floods or waits for ever is ended', async () => {
    const daemon = await run({ runtime: 'bash:5' }, { 'main.sh': 'sleep 600 & echo done' });
    expect([daemon.outcome, daemon.stdoutBytes.toString()]).toEqual(['passed', 'done\n']);
    expect(await run({ runtime: 'bash:5' }, { 'main.sh': 'yes' })).toMatchObject({ outcome: 'output' });
    const limits = { ...attackLimits, wallMs: 300 };
    expect(await run({ runtime: 'bash:5', limits }, { 'main.sh': 'sleep 600' })).toMatchObject({
      outcome: 'timeout',
      exitCode: null,
    });
    expect(findLeftovers().processes).toEqual([]);
  });
});

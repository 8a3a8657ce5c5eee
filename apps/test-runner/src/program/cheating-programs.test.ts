import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ProgramBench, startProgramBench } from '../../test/program-bench.ts';
import { describeWithSandbox } from '../../test/sandbox/availability.ts';
import { base64, facts } from '../../test/start-runner.ts';

const cases = [
  { stdin: '1 2', args: ['add'], expect: { stdout: '3\n', compare: 'tokens' } },
  { stdin: '20 22', args: ['add'], expect: { stdout: '42\n', compare: 'tokens' } },
];
const hidden = [
  { stdin: '7 8', args: ['add'], expect: { stdout: '15\n', compare: 'tokens' } },
  { stdin: '100 -1', args: ['add'], expect: { stdout: '99\n', compare: 'tokens' } },
];
const honest = 'print(sum(map(int, input().split())))';
const table =
  'import sys\nanswers = {"1 2": "3", "20 22": "42"}\ndata = sys.stdin.read()\nprint(answers.get(data, "")';

/** Each tries to pass without adding; `seen` are those that pass the cases which their authors have read. */
const cheats: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'python:3': {
    'ends its process with code 0': 'import os\nos._exit(0)',
    'prints an object that equals everything':
      'class All:\n  def __eq__(self, other): return True\n  def __repr__(self): return ""\nprint(All())',
    'prints every number': 'print(*range(-2000, 2000))',
    'prints both answers': 'print("3\\n42")',
    'prints the answer over another with backspaces': 'print("3\\b42", end="\\r")',
    'prints digits that look the same': 'print("\\uff13", "\\uff14\\uff12")',
    'looks for the suite in every file it can read':
      'import os\nfor place, _, names in os.walk("/"):\n  if place.startswith(("/usr", "/lib", "/sys")): continue\n  for name in names:\n    try:\n      text = open(os.path.join(place, name), errors="replace").read(100000)\n      if "expect" in text or "stdout" in text: print(text)\n    except Exception: pass',
    'reads every descriptor that it inherited':
      'import os\nfor fd in range(3, 64):\n  try: os.write(1, os.read(fd, 4096))\n  except OSError: pass',
    'reports a good end on every descriptor':
      'import os\nfor fd in range(2, 64):\n  try: os.write(fd, b"begun\\nready\\nexit 0\\ndone\\n")\n  except OSError: pass\nos._exit(0)',
    'reads the memory of other processes':
      'import os\nfor pid in filter(str.isdigit, os.listdir("/proc")):\n  for name in ("environ", "cmdline", "mem", "maps"):\n    try: print(open(f"/proc/{pid}/{name}", "rb").read(100000))\n    except Exception: pass',
    'asks the network':
      'import socket\nfor place in (("127.0.0.1", 8002), ("169.254.169.254", 80), ("10.0.0.1", 5432)):\n  try:\n    s = socket.create_connection(place, 0.2); print(s.recv(100))\n  except OSError: pass',
    'has a table of the answers that it has read': `${table})`,
    'has that table, and ends with code 0 otherwise': `${table}) if data in answers else __import__("os")._exit(0)`,
    'has that table, and echoes what it does not know': `${table} or data.split()[0])`,
    'has that table, and waits for the suite to give up': `${table}) if data in answers else __import__("time").sleep(600)`,
    'adds while it is watched':
      'a, b = map(int, input().split())\nprint(a + b if (a, b) in ((1, 2), (20, 22)) else a - b)',
  },
  'bash:5': {
    'reads what a script would find': 'cat /input/result.json /input/script.sh /input/script.py /input/*',
    'kills everything, its first process too': 'kill -9 1; kill -TERM 1; kill -9 -1; exit 0',
    'leaves the answer to the next case':
      'cat /tmp/* /dev/shm/* 2>/dev/null; for answer in 3 42 15 99; do echo $answer > /tmp/$answer; echo $answer > /dev/shm/$answer; done 2>/dev/null',
    'rewrites its own file for the next case':
      'echo "echo 42" > /program/main.sh; echo "echo 42" > "$0"; chmod +w /program; mount -o remount,rw /program; echo 3',
    'leaves a process behind that answers later': '(sleep 0.3; echo 3) & (sleep 0.3; echo 42) & exit 0',
    'expands to its surroundings': 'echo * /* $@ $0; set',
    'has that table, and crashes the machine otherwise':
      'read -r line; case $line in "1 2") echo 3;; "20 22") echo 42;; *) f() { f | f & }; f; x=$(yes | head -c 900000000);; esac',
  },
  'node:24': {
    'replaces what compares it':
      'Object.prototype.toString = () => "3"; String.prototype.trim = () => "3"; globalThis.JSON = { parse: () => true, stringify: () => "3" }; process.exitCode = 0; console.log({});',
  },
};

describeWithSandbox('a program that cheats', () => {
  let bench: ProgramBench;
  beforeAll(async () => {
    bench = await startProgramBench({ testMs: 2_000 });
  });
  afterAll(() => bench?.close());

  test('a program that cheats is told from an honest one, which passes', async () => {
    expect(await bench.resultOf({ cases }, { program: honest }, hidden)).toMatchObject({ passed: true });
  });

  const rows = Object.entries(cheats).flatMap(([runtime, programs]) =>
    Object.entries(programs).map(([what, program]) => [what, runtime, program] as const),
  );
  test.each(rows)('a program that cheats does not pass: %s', async (_what, runtime, program) => {
    const result = await bench.resultOf({ runtime, cases }, { program }, hidden);
    expect(result).toMatchObject({ passed: false });
    // That the harness broke would be a verdict of nobody's.
    expect(result.outcome).not.toBe('error');
  });

  test('a program that cheats passes a script that executes it, and no program test: that is what program is for', async () => {
    const program = 'import os\nos._exit(0)';
    const executes =
      'import json\nexec(json.load(open("/input/result.json"))["program"])\nassert add(1, 2) == 3';
    const script = {
      test_id: 's',
      type: 'script',
      params: { runtime: 'python:3', script: base64(executes) },
    };
    const response = await bench.runner.post({
      run_id: 'r',
      criteria: { tests: [script] },
      deliverable: { program },
      facts,
    });
    expect(await response.json()).toMatchObject({ verdict: 'pass' });
    expect(await bench.resultOf({ cases }, { program })).toMatchObject({ passed: false });
  });

  test.each([
    ['nan', '3.0'],
    ['inf', '3.0'],
    ['1e999', '1e308'],
    ['', '0'],
    ['0x3', '3'],
    ['3 3', '3'],
  ])('prints %j where the number %s is expected: it is not near', async (printed, stdout) => {
    const given = [{ expect: { stdout, compare: 'numbers', tolerance: 0.9 } }];
    expect(
      await bench.resultOf({ cases: given }, { program: `print(${JSON.stringify(printed)})` }),
    ).toMatchObject({
      passed: false,
    });
  });
});

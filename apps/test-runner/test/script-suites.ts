import { base64 } from './start-runner.ts';
import type { Suite } from './suites.ts';

interface Problem {
  readonly name: string;
  readonly reference: unknown;
  readonly stub: unknown;
  /** An expression over `o`, the deliverable. */
  readonly js: string;
  readonly py: string;
}

const problems: readonly Problem[] = [
  {
    name: 'a sum',
    reference: { sum: 42 },
    stub: { sum: 41 },
    js: 'o?.sum === 42',
    py: 'isinstance(o, dict) and o.get("sum") == 42',
  },
  {
    name: 'numbers in order',
    reference: { sorted: [1, 2, 3, 5] },
    stub: { sorted: [2, 1, 3, 5] },
    js: 'JSON.stringify(o?.sorted) === "[1,2,3,5]"',
    py: 'isinstance(o, dict) and o.get("sorted") == [1, 2, 3, 5]',
  },
  {
    name: 'a palindrome of different letters',
    reference: { word: 'level' },
    stub: { word: 'lever' },
    js: 'typeof o?.word === "string" && /^[a-z]{5,}$/.test(o.word) && new Set(o.word).size > 2 && [...o.word].reverse().join("") === o.word',
    py: 'isinstance(o, dict) and isinstance(w := o.get("word"), str) and w.isalpha() and len(set(w)) > 2 and w == w[::-1]',
  },
  {
    name: 'factors of 91',
    reference: { factors: [7, 13] },
    stub: { factors: [7, 11] },
    js: 'Array.isArray(o?.factors) && o.factors.every((f) => Number.isInteger(f) && f > 1 && f < 91) && o.factors.reduce((a, b) => a * b, 1) === 91',
    py: 'isinstance(o, dict) and isinstance(f := o.get("factors"), list) and all(isinstance(n, int) and 1 < n < 91 for n in f) and __import__("math").prod(f) == 91',
  },
  {
    name: 'rows of a table',
    reference: {
      rows: [
        { id: 1, name: 'ann' },
        { id: 2, name: 'bob' },
      ],
    },
    stub: { rows: [{ id: 1, name: 'ann' }] },
    js: 'Array.isArray(o?.rows) && o.rows.map((r) => r?.id + " " + r?.name).join() === "1 ann,2 bob"',
    py: 'isinstance(o, dict) and isinstance(r := o.get("rows"), list) and [(i.get("id"), i.get("name")) for i in r if isinstance(i, dict)] == [(1, "ann"), (2, "bob")]',
  },
  {
    name: 'a translation',
    reference: { hello: 'hallo', world: 'welt' },
    stub: { hello: 'hallo', world: 'world' },
    js: 'o?.hello === "hallo" && o?.world === "welt"',
    py: 'o == {"hello": "hallo", "world": "welt"}',
  },
  {
    name: 'counts of letters',
    reference: { text: 'banana', a: 3, n: 2 },
    stub: { text: 'banana', a: 2, n: 3 },
    js: 'o?.text === "banana" && o.a === 3 && o.n === 2',
    py: 'isinstance(o, dict) and o.get("text") == "banana" and (o.get("a"), o.get("n")) == (3, 2)',
  },
  {
    name: 'the day of a date',
    reference: 'Monday',
    stub: 'Sunday',
    js: 'o === "Monday"',
    py: 'o == __import__("datetime").date(2026, 1, 5).strftime("%A")',
  },
  {
    name: 'a product of matrices',
    reference: [
      [19, 22],
      [43, 50],
    ],
    stub: [
      [19, 22],
      [43, 51],
    ],
    js: 'JSON.stringify(o) === JSON.stringify([[1, 2], [3, 4]].map((r) => [5 * r[0] + 7 * r[1], 6 * r[0] + 8 * r[1]]))',
    py: 'o == [[5 * a + 7 * b, 6 * a + 8 * b] for a, b in [(1, 2), (3, 4)]]',
  },
  {
    name: 'merged intervals',
    reference: {
      merged: [
        [1, 6],
        [8, 10],
      ],
    },
    stub: {
      merged: [
        [1, 3],
        [2, 6],
        [8, 10],
      ],
    },
    js: 'Array.isArray(o?.merged) && o.merged.length === 2 && o.merged.flat().join() === "1,6,8,10"',
    py: 'isinstance(o, dict) and o.get("merged") == [[1, 6], [8, 10]]',
  },
];

const sources: Readonly<Record<string, (problem: Problem) => string>> = {
  javascript: ({ js }) => `const o = deliverable;\nif (!(${js})) throw new Error("not so");\n`,
  'node:24': ({ js }) =>
    `const o = JSON.parse(require('node:fs').readFileSync('/input/result.json', 'utf8'));\nprocess.exitCode = ${js} ? 0 : 1;\n`,
  'python:3': ({ py }) =>
    `import json, sys\no = json.load(open("/input/result.json"))\nsys.exit(0 if ${py} else 1)\n`,
  'bash:5': ({ reference }) => `text=$(</input/result.json)\n[ "$text" = '${JSON.stringify(reference)}' ]\n`,
};

/** Ten suites of one script each. */
export function scriptSuites(runtime: string): Suite[] {
  return problems.map((problem) => {
    const params = { runtime, script: base64(sources[runtime]!(problem)) };
    return { ...problem, criteria: { tests: [{ test_id: 'script', type: 'script', params }] } };
  });
}

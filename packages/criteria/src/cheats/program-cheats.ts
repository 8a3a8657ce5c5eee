import { parseSingularPath, type SingularPath } from '../singular-path.ts';
import type { Cheat } from './cheat.ts';

interface VisibleCase {
  readonly stdin?: string;
  readonly args?: readonly string[];
  readonly expect: { readonly stdout?: string; readonly exit_code?: number };
}

interface ProgramTestAsSent {
  readonly test_id: string;
  readonly type: string;
  readonly params: {
    readonly source: string;
    readonly runtime?: string;
    readonly cases: readonly VisibleCase[];
  };
}

type Language = 'python' | 'node' | 'bash';

/** One visible answer: what comes in, and what is to come out. */
interface Entry {
  readonly key: string;
  readonly out: string;
  readonly code: number;
}

/**
 * Programs that do none of the work, for every program test at once: none at all, one that only exits, one that prints what it reads,
 * and one that knows the visible cases by heart, which gets through wherever there are no hidden ones.
 */
export function programCheats(criteria: unknown, models: readonly unknown[]): Cheat[] {
  const { tests } = criteria as { readonly tests?: readonly ProgramTestAsSent[] };
  const programs = (tests ?? []).filter(({ type }) => type === 'program');
  if (programs.length === 0) return [];
  const model = models[0] ?? {};
  const made = (name: string, write: (test: ProgramTestAsSent, language: Language) => string): Cheat => ({
    name: `program_${name}`,
    deliverable: programs.reduce<unknown>(
      (whole, test) => put(whole, parseSingularPath(test.params.source) ?? [], write(test, languageOf(test))),
      model,
    ),
  });
  return [
    made('empty', () => ''),
    made('exit', (_, language) => EXIT[language]),
    made('echo', (_, language) => ECHO[language]),
    made('visible_answers', ({ params }, language) => TABLE[language](entriesOf(params.cases))),
  ];
}

function languageOf({ params }: ProgramTestAsSent): Language {
  const language = (params.runtime ?? 'python:3').split(':')[0];
  return language === 'node' || language === 'bash' ? language : 'python';
}

function entriesOf(cases: readonly VisibleCase[]): Entry[] {
  return cases.map(({ stdin = '', args = [], expect }) => ({
    key: JSON.stringify([stdin, ...args]),
    out: expect.stdout ?? '',
    code: expect.exit_code ?? 0,
  }));
}

const EXIT: Readonly<Record<Language, string>> = {
  python: 'import os\nos._exit(0)\n',
  node: 'process.exit(0);\n',
  bash: 'exit 0\n',
};

const ECHO: Readonly<Record<Language, string>> = {
  python: 'import sys\nsys.stdout.write(sys.stdin.read() or " ".join(sys.argv[1:]))\n',
  node: "process.stdout.write(require('node:fs').readFileSync(0, 'utf8') || process.argv.slice(2).join(' '));\n",
  bash: 'text=$(cat); [ -n "$text" ] || text=$*; printf %s "$text"\n',
};

/** Finds the case by its input and its arguments, and gives the answer that is promised for it. */
const TABLE: Readonly<Record<Language, (entries: readonly Entry[]) => string>> = {
  python: (entries) => `import json, sys
given = [sys.stdin.read(), *sys.argv[1:]]
for entry in json.loads(${JSON.stringify(JSON.stringify(entries))}):
    if json.loads(entry["key"]) == given:
        sys.stdout.write(entry["out"])
        sys.exit(entry["code"])
`,
  node: (
    entries,
  ) => `const given = JSON.stringify([require('node:fs').readFileSync(0, 'utf8'), ...process.argv.slice(2)]);
const entry = ${JSON.stringify(entries)}.find(({ key }) => key === given);
if (entry !== undefined) { process.stdout.write(entry.out); process.exitCode = entry.code; }
`,
  bash: (entries) => `IFS= read -r -d '' input
given=("$input" "$@")
same() { [ "\${#given[@]}" = "$#" ] || return 1; local item; for item in "\${given[@]}"; do [ "$item" = "$1" ] || return 1; shift; done; }
${entries.map(bashBranch).join('\n')}
`,
};

function bashBranch({ key, out, code }: Entry): string {
  const words = (JSON.parse(key) as string[]).map(quoted).join(' ');
  return `if same ${words}; then printf %s ${quoted(out)}; exit ${code}; fi`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A copy of a value with another node at the end of the path; objects and arrays on the way are made where there are none. */
function put(value: unknown, path: SingularPath, node: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return node;
  if (typeof step === 'number') {
    const items = Array.isArray(value) ? [...(value as unknown[])] : [];
    const index = step < 0 ? Math.max(0, items.length + step) : Math.min(step, ITEMS_MAX);
    while (items.length < index) items.push(null);
    items[index] = put(items[index], rest, node);
    return items;
  }
  const members = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const inner = Object.hasOwn(members, step) ? (members as Record<string, unknown>)[step] : undefined;
  return Object.fromEntries([...Object.entries(members), [step, put(inner, rest, node)]]);
}

/** Places that are filled up to reach an index. */
const ITEMS_MAX = 1_000;

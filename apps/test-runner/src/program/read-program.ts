import { type ProgramRuntime, programBounds, type SingularPath, selectNode } from '@agent-registry/criteria';
import { storableText } from '@agent-registry/schemas';
import type { ProgramFile } from '../backend.ts';

/** A delivered program, or what is wrong with it. */
export type DeliveredProgram =
  | { readonly files: readonly ProgramFile[]; readonly entry: string }
  | { readonly wrong: string };

/** What a program that is one text is called. */
const onlyFile: Readonly<Record<ProgramRuntime, string>> = {
  'python:3': 'main.py',
  'node:24': 'main.js',
  'bash:5': 'main.sh',
};
const segment = /^[A-Za-z0-9_.-]+$/;

/**
 * Reads the program out of a deliverable: a text, or an object of file names and texts whose member `entry` names the
 * file that runs.
 */
export function readProgram(
  source: SingularPath,
  runtime: ProgramRuntime,
  deliverable: unknown,
): DeliveredProgram {
  const node = selectNode(source, deliverable);
  if (typeof node === 'string') return readFiles([[onlyFile[runtime], node]], onlyFile[runtime]);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) {
    return { wrong: 'There is no program: `source` must select a text, or an object of files with `entry`.' };
  }
  const { entry, ...files } = node as Record<string, unknown>;
  if (typeof entry !== 'string' || !Object.hasOwn(files, entry)) {
    return { wrong: 'The program has no `entry` that names one of its files.' };
  }
  return readFiles(Object.entries(files), entry);
}

function readFiles(files: readonly (readonly [string, unknown])[], entry: string): DeliveredProgram {
  const { files: most, sourceBytes } = programBounds;
  if (files.length > most) return { wrong: `The program has more than ${most} files.` };
  const read: ProgramFile[] = [];
  for (const [name, text] of files) {
    if (!isFileName(name)) return { wrong: `${show(name)} is no name of a file: ${namesAre}` };
    if (typeof text !== 'string') return { wrong: `The file ${show(name)} is not a text.` };
    read.push({ name, bytes: Buffer.from(text) });
  }
  const inTheWay = read.find(({ name }) => read.some((other) => other.name.startsWith(`${name}/`)));
  if (inTheWay !== undefined) return { wrong: `${show(inTheWay.name)} is both a file and a directory.` };
  const bytes = read.reduce((sum, file) => sum + file.bytes.length, 0);
  return bytes > sourceBytes
    ? { wrong: `The program is over ${sourceBytes} bytes.` }
    : { files: read, entry };
}

const namesAre = 'a relative path of letters, digits, ".", "_" and "-", without "..".';

function isFileName(name: string): boolean {
  const segments = name.split('/');
  return (
    name.length <= programBounds.fileName &&
    segments.every((part) => segment.test(part) && part !== '.' && part !== '..')
  );
}

function show(name: string): string {
  return JSON.stringify(storableText(name, 50));
}

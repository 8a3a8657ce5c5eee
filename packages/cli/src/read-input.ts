import { readFile } from 'node:fs/promises';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** The registry takes no larger request. */
const INPUT_BYTES_MAX = 2 ** 20;

/** The text of a file; of standard input for `-`. Throws UsageError when it cannot be read or is too much. */
export async function readText(io: Io, file: string): Promise<string> {
  try {
    const bytes = file === '-' ? await readAll(io.stdin) : await readFile(file);
    if (bytes.length <= INPUT_BYTES_MAX) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UsageError(`${nameOf(file)} cannot be read: ${(error as Error).message}`);
  }
  throw new UsageError(`${nameOf(file)} is larger than 1 MiB.`);
}

/** The JSON of a file; of standard input for `-`. */
export async function readJson(io: Io, file: string): Promise<unknown> {
  return parseJson(await readText(io, file), nameOf(file));
}

/** The same of a file that may be left out. */
export async function readJsonIfGiven(io: Io, file: string | undefined): Promise<unknown> {
  return file === undefined ? undefined : readJson(io, file);
}

/** JSON that was given on the command line. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`${what} is not JSON: ${(error as Error).message}`);
  }
}

const nameOf = (file: string): string => (file === '-' ? 'Standard input' : file);

async function readAll(stdin: Io['stdin']): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    size += chunk.length;
    chunks.push(chunk);
    if (size > INPUT_BYTES_MAX) break;
  }
  return Buffer.concat(chunks);
}

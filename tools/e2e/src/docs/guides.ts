import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../../../../apps/api/docs/', import.meta.url);

/** A fenced block of a guide. */
export interface Block {
  readonly language: string;
  /** What a test does with it: `run`, `check`, `refused`, `script`, `event`, `vector`, `aside`. */
  readonly use: string;
  readonly code: string;
  /** What the block below it says that it prints; null where nothing is said. */
  readonly output: string | null;
}

export interface Guide {
  readonly name: string;
  readonly blocks: readonly Block[];
}

/** The guides of the documentation with their blocks of code. */
export function readGuides(): Guide[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => ({ name, blocks: blocksOf(readFileSync(new URL(name, folder), 'utf8')) }));
}

/** The fenced blocks of a text. */
export function blocksOf(markdown: string): Block[] {
  const found = [...markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', code = '']) => ({
    info,
    code,
  }));
  return found.flatMap(({ info, code }, index) => {
    if (info === 'output') return [];
    const [language = '', use = ''] = info.split(' ');
    const next = found[index + 1];
    return [{ language, use, code, output: next?.info === 'output' ? next.code : null }];
  });
}

/** Whether it runs by the Python package alone. */
export const usesPythonPackage = ({ code }: Block): boolean =>
  /^(?:from|import) agent_registry\b/m.test(code);

/** Without what differs from run to run: ids. */
export function withoutIds(text: string): string {
  return text.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>').trim();
}

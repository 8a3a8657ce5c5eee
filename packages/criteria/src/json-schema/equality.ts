import { enter, type Run, spend, spendText } from './run.ts';

/**
 * A text that two JSON values share only when they are equal: 1 and 1.0 are, and the order of members is nothing. Counted, and
 * bounded in depth.
 */
function equalityText(run: Run, value: unknown): string {
  if (typeof value === 'string') {
    spendText(run, value);
    return JSON.stringify(value);
  }
  if (typeof value !== 'object' || value === null) {
    spend(run, 1);
    return JSON.stringify(value);
  }
  enter(run);
  let text: string;
  if (Array.isArray(value)) text = `[${value.map((item) => equalityText(run, item)).join()}]`;
  else {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    text = `{${members.map(([name, item]) => `${equalityText(run, name)}:${equalityText(run, item)}`).join()}}`;
  }
  run.depth -= 1;
  return text;
}

/** The index of the first item that equals an earlier one, or -1. */
export function firstDuplicate(run: Run, items: readonly unknown[]): number {
  const primitives = new Set<unknown>();
  const texts = new Set<string>();
  for (const [index, item] of items.entries()) {
    if (typeof item === 'object' && item !== null) texts.add(equalityText(run, item));
    else {
      spend(run, 1);
      if (typeof item === 'string') spendText(run, item);
      primitives.add(item);
    }
    if (primitives.size + texts.size !== index + 1) return index;
  }
  return -1;
}

/** JSON equality, counted; as deep as the shallower of the two. */
export function isEqual(run: Run, a: unknown, b: unknown): boolean {
  if (a === b) {
    if (typeof a === 'string') spendText(run, a);
    return true;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  enter(run);
  const equal = Array.isArray(a) ? equalLists(run, a, b as unknown[]) : equalObjects(run, a, b);
  run.depth -= 1;
  return equal;
}

function equalLists(run: Run, a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  spend(run, a.length);
  return a.every((item, index) => isEqual(run, item, b[index]));
}

function equalObjects(run: Run, a: object, b: object): boolean {
  const names = Object.keys(a);
  const other = b as Record<string, unknown>;
  spend(run, names.length);
  if (names.length !== Object.keys(b).length) return false;
  return names.every(
    (name) => Object.hasOwn(b, name) && isEqual(run, (a as Record<string, unknown>)[name], other[name]),
  );
}

/**
 * An upper bound on the instructions that a pattern of RE2 syntax compiles to, from its text alone: counted repeats multiply,
 * nested ones too. For text that is no pattern the number means nothing.
 */
export function programBound(pattern: string): number {
  const groups: { size: number; last: number }[] = [{ size: 3, last: 0 }];
  let at = 0;
  const top = () => groups.at(-1) as { size: number; last: number };
  const atom = (size: number): void => {
    top().size += size;
    top().last = size;
  };
  while (at < pattern.length) {
    const char = pattern[at] as string;
    switch (char) {
      case '\\':
        at = skipEscape(pattern, at, atom);
        continue;
      case '[':
        at = classEnd(pattern, at);
        atom(1);
        continue;
      case '(':
        at = openGroup(pattern, at, groups);
        continue;
      case ')': {
        const inner = groups.length > 1 ? groups.pop() : undefined;
        // Two for what captures, and one for what is empty.
        atom((inner?.size ?? 0) + 3);
        break;
      }
      case '|':
        // One to choose, and one for a branch that is empty on each side.
        top().size += 3;
        top().last = 0;
        break;
      case '*':
      case '+':
      case '?':
        top().size += 3;
        top().last += 3;
        break;
      case '{':
        at = repeat(pattern, at, top(), atom);
        continue;
      default:
        atom(1);
    }
    at += 1;
  }
  return groups.reduce((sum, { size }) => sum + size, 0);
}

function skipEscape(pattern: string, at: number, atom: (size: number) => void): number {
  if (pattern[at + 1] === 'Q') {
    const end = pattern.indexOf('\\E', at + 2);
    const quoted = pattern.slice(at + 2, end === -1 ? undefined : end);
    for (const _ of quoted) atom(1);
    return end === -1 ? pattern.length : end + 2;
  }
  // \E outside a quotation is an escape like any other, and refused as such by the parser.
  atom(1);
  return escapeEnd(pattern, at);
}

/** Where `\x{10FFFF}`, `\p{Greek}` or an escape of two characters ends. */
function escapeEnd(pattern: string, at: number): number {
  const isLong = /^[xpP]$/.test(pattern[at + 1] ?? '') && pattern[at + 2] === '{';
  const end = isLong ? pattern.indexOf('}', at) : -1;
  return end === -1 ? at + 2 : end + 1;
}

function classEnd(pattern: string, start: number): number {
  let at = pattern[start + 1] === '^' ? start + 2 : start + 1;
  for (let isFirst = true; at < pattern.length && (isFirst || pattern[at] !== ']'); isFirst = false) {
    const named = pattern.startsWith('[:', at) ? pattern.indexOf(':]', at) : -1;
    if (named !== -1) at = named + 2;
    else at = pattern[at] === '\\' ? escapeEnd(pattern, at) : at + 1;
  }
  return at + 1;
}

const flags = /^\(\?[a-zA-Z-]*\)/;
const groupStart = /^\(\?(?:P?<[^>]*>|[a-zA-Z-]*:)/;

function openGroup(pattern: string, at: number, groups: { size: number; last: number }[]): number {
  const rest = pattern.slice(at, at + 1_000);
  const setting = flags.exec(rest);
  if (setting !== null) return at + setting[0].length;
  groups.push({ size: 0, last: 0 });
  return at + (groupStart.exec(rest)?.[0].length ?? 1);
}

const counted = /^\{(0|[1-9]\d*)(?:(,)(0|[1-9]\d*)?)?\}/;

function repeat(
  pattern: string,
  at: number,
  group: { size: number; last: number },
  atom: (size: number) => void,
): number {
  const parts = counted.exec(pattern.slice(at, at + 30));
  if (parts === null) {
    atom(1);
    return at + 1;
  }
  const [whole, least, , most] = parts;
  // Without an upper count, the last copy is starred; each optional copy is one instruction more.
  const times = Math.max(Number(least) + 1, Number(most ?? 0));
  const size = (group.last + 2) * times;
  group.size += size - group.last;
  group.last = size;
  return at + whole.length;
}

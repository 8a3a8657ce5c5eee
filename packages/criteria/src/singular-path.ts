/** The way to one node: member names and indices; an index below 0 counts from the end. */
export type SingularPath = readonly (string | number)[];

const space = '[ \\t\\n\\r]*';
const name = '([A-Z_a-z\\u0080-\\u{10ffff}][0-9A-Z_a-z\\u0080-\\u{10ffff}]*)';
const index = '(0|-?[1-9][0-9]{0,8})';
const escaped = (quote: string) =>
  `${quote}((?:[^${quote}\\\\\\u0000-\\u001f]|\\\\(?:[${quote}\\\\/bfnrt]|u[0-9A-Fa-f]{4}))*)${quote}`;
/** Every alternative begins with another character, so it is matched in linear time. */
const segment = new RegExp(
  `${space}(?:\\.${name}|\\[${space}(?:${index}|${escaped('"')}|${escaped("'")})${space}\\])`,
  'uy',
);

/** Reads a JSONPath (RFC 9535) that selects one node at the most, such as `$.files['main.py']`. Null for anything else. */
export function parseSingularPath(text: string): SingularPath | null {
  if (!text.startsWith('$')) return null;
  const path: (string | number)[] = [];
  for (let at = 1; at < text.length; at = segment.lastIndex) {
    segment.lastIndex = at;
    const found = segment.exec(text);
    if (found === null) return null;
    const [, short, number, double, single] = found;
    if (number !== undefined) path.push(Number(number));
    else
      path.push(short ?? readEscapes(double ?? (single ?? '').replaceAll("\\'", "'").replaceAll('"', '\\"')));
  }
  return path;
}

/** The node that a path selects; undefined where there is none. */
export function selectNode(path: SingularPath, value: unknown): unknown {
  let node = value;
  for (const step of path) {
    if (typeof node !== 'object' || node === null) return undefined;
    if (typeof step === 'number') node = Array.isArray(node) ? node.at(step) : undefined;
    else
      node =
        !Array.isArray(node) && Object.hasOwn(node, step)
          ? (node as Record<string, unknown>)[step]
          : undefined;
  }
  return node;
}

function readEscapes(text: string): string {
  return JSON.parse(`"${text}"`) as string;
}

/** Escapes of one character that an I-Regexp knows. */
const single = '()*+-.?[\\]^nrt{|}';
const category = /^\\[pP]\{(?:C[cfno]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)\}/;
const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})/;

/**
 * The pattern in RE2 syntax that an I-Regexp becomes by section 5 of RFC 9485: `.` matches all but line ends, and `^` and `$`
 * anchor. An I-Regexp has no `\d`, no lazy repeat and no `(?…)`.
 *
 * @throws Error when it is no I-Regexp
 */
export function translateIRegexp(pattern: string): string {
  let out = '';
  let at = 0;
  let mayRepeat = false;
  while (at < pattern.length) {
    const rest = pattern.slice(at, at + 64);
    const char = String.fromCodePoint(pattern.codePointAt(at) as number);
    const repeat = quantifier.exec(rest)?.[0];
    if (repeat !== undefined) {
      if (!mayRepeat) throw new Error(`${repeat} has nothing to repeat`);
      out += repeat;
      at += repeat.length;
      mayRepeat = false;
    } else if (char === '[') {
      const [set, end] = translateClass(pattern, at);
      out += set;
      at = end;
      mayRepeat = true;
    } else if (char === '\\') {
      const escaped = category.exec(rest)?.[0] ?? escapeAt(pattern, at);
      out += escaped;
      at += escaped.length;
      mayRepeat = true;
    } else if (char === '(' || char === '|' || char === ')') {
      out += char === '(' ? '(?:' : char;
      at += 1;
      mayRepeat = char === ')';
    } else {
      out += ordinary(char);
      at += char.length;
      mayRepeat = true;
    }
  }
  return out;
}

function ordinary(char: string): string {
  if (char === '.') return '[^\\n\\r]';
  if (char === '{' || char === '}' || char === ']' || isSurrogate(char))
    throw new Error(`${char} must be escaped`);
  return char;
}

const isSurrogate = (char: string): boolean => /^[\uD800-\uDFFF]$/.test(char);

function escapeAt(pattern: string, at: number): string {
  const escaped = pattern[at + 1] ?? '';
  if (escaped === '' || !single.includes(escaped)) throw new Error(`\\${escaped} is not in it`);
  return `\\${escaped}`;
}

/** A class such as `[^a-z\p{L}-]`, and where it ends. */
function translateClass(pattern: string, start: number): [string, number] {
  let at = start + 1;
  let out = '[';
  if (pattern[at] === '^') {
    out += '^';
    at += 1;
  }
  const first = at;
  while (pattern[at] !== ']') {
    if (at >= pattern.length) throw new Error('a class is not closed');
    if (pattern[at] === '-') {
      if (at !== first && pattern[at + 1] !== ']') throw new Error('- must be escaped');
      out += '\\-';
      at += 1;
      continue;
    }
    const whole = category.exec(pattern.slice(at, at + 8))?.[0];
    if (whole !== undefined) {
      out += whole;
      at += whole.length;
      continue;
    }
    const [low, next] = classChar(pattern, at);
    out += low;
    at = next;
    if (pattern[at] === '-' && pattern[at + 1] !== ']') {
      const [high, end] = classChar(pattern, at + 1);
      out += `-${high}`;
      at = end;
    }
  }
  if (at === first) throw new Error('a class is empty');
  return [`${out}]`, at + 1];
}

function classChar(pattern: string, at: number): [string, number] {
  const point = pattern.codePointAt(at);
  if (point === undefined) throw new Error('a class is not closed');
  const char = String.fromCodePoint(point);
  if (char === '\\') return [escapeAt(pattern, at), at + 2];
  if (char === '[' || char === '-' || isSurrogate(char)) throw new Error(`${char} must be escaped`);
  return [char === '^' ? '\\^' : char, at + char.length];
}

import type { Work } from './work.ts';

/** Below, at or above zero, by code points; UTF-16 units would put U+FF5E after U+1F600. */
export function compareText(a: string, b: string, work: Work): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  work.spend(at >> 3);
  if (at === length) return a.length - b.length;
  return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
}

/** Puts surrogates after every other unit, where the characters that they spell belong. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** Length in code points. */
export function textSize(text: string, work: Work): number {
  work.spend(text.length >> 3);
  let size = text.length;
  for (let at = 0; at + 1 < text.length; at += 1) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) size -= 1;
  }
  return size;
}

const NAME_CHARS_MAX = 64;
/** A name as it is compared: `sellerAgentId` and `seller-agent-id` are `seller_agent_id`. */
const fold = (name: string): string =>
  name
    .slice(0, NAME_CHARS_MAX)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');

/**
 * The known name that was most likely meant: the fewest letters away, at most two in five, or else one that begins the
 * other; null when none resembles it.
 */
export function nearestName(name: string, known: Iterable<string>): string | null {
  const asked = fold(name);
  if (asked === '') return null;
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    const folded = fold(candidate);
    const begins = folded !== '' && (folded.startsWith(asked) || asked.startsWith(folded));
    const distance = editDistance(asked, folded);
    const isNear = distance * 5 <= Math.max(asked.length, folded.length) * 2 || begins;
    if (isNear && (best === null || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name ?? null;
}

/** Levenshtein distance. */
export function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 0; row < a.length; row += 1) {
    const current = [row + 1];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = above[column - 1]! + (a[row] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[b.length]!;
}

/** The codings that static answers come in, the smallest first. */
export const ENCODINGS = ['br', 'gzip', 'identity'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Not named and not refused: taken, but anything named is preferred (RFC 9110, 12.5.3). */
const UNNAMED_IDENTITY = 0.0005;

/** The coding that an Accept-Encoding header prefers; of those it likes alike, the smallest. `identity` where it takes none. */
export function chooseEncoding(header: string | undefined): Encoding {
  const weights = new Map((header ?? '').toLowerCase().split(',').map(readWeight));
  const weightOf = (encoding: Encoding): number =>
    weights.get(encoding) ?? weights.get('*') ?? (encoding === 'identity' ? UNNAMED_IDENTITY : 0);
  let best: Encoding = 'identity';
  for (const encoding of ENCODINGS.toReversed()) {
    if (weightOf(encoding) > 0 && weightOf(encoding) >= weightOf(best)) best = encoding;
  }
  return best;
}

function readWeight(part: string): [coding: string, weight: number] {
  const [coding = '', ...params] = part.split(';').map((piece) => piece.trim());
  const weight = params.find((param) => param.startsWith('q='))?.slice(2);
  if (weight === undefined) return [coding, 1];
  return [coding, /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight) : 0];
}

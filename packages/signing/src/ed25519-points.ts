// Point-encoding rules that node:crypto does not enforce: OpenSSL accepts keys of small order and y ≥ p.
// A small-order key "verifies" signatures that nobody made, so such keys must never enter the registry.

const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const SQRT_MINUS_ONE = 19681161376707505956807079304988542015446066515923890162744021073123829784752n;

/** The order of the base point: a canonical S is below it. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

export const POINT_BYTES = 32;

/** The y coordinates of the eight points whose order divides 8 (each serves both signs of x). */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  P - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  P - 2707385501144840649318225287225658788936804267575313519463743609750303402022n,
]);

/** Reads bytes as a little-endian number. */
function readLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex') || '0'}`);
}

/** True when the 32 bytes encode y < p and the point, if there is one, is not of small order. Cheap. */
export function isSafePointEncoding(bytes: Uint8Array): boolean {
  if (bytes.length !== POINT_BYTES) return false;
  const y = readLittleEndian(bytes) & ((1n << 255n) - 1n);
  return y < P && !SMALL_ORDER_Y.has(y);
}

/** True when the 32 bytes of S are below the group order, so that a signature has one spelling only. */
export function isCanonicalScalar(bytes: Uint8Array): boolean {
  return bytes.length === POINT_BYTES && readLittleEndian(bytes) < L;
}

/** True when some x satisfies −x² + y² = 1 + d·x²·y². Costs two modular powers: for registration, not per request. */
export function isOnCurve(bytes: Uint8Array): boolean {
  if (bytes.length !== POINT_BYTES) return false;
  const y = readLittleEndian(bytes) & ((1n << 255n) - 1n);
  const y2 = (y * y) % P;
  const u = (y2 - 1n + P) % P;
  const v = (D * y2 + 1n) % P;
  const candidate = (u * power(v, 3n) * power(u * power(v, 7n), (P - 5n) / 8n)) % P;
  const check = (v * candidate * candidate) % P;
  if (check === u) return true;
  const rotated = (candidate * SQRT_MINUS_ONE) % P;
  return (v * rotated * rotated) % P === u;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % P;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

/** The value below which the given share of the values lies (nearest rank). NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const rank = Math.ceil(share * sorted.length) - 1;
  return sorted[Math.min(sorted.length - 1, Math.max(0, rank))]!;
}

/** The middle value, or the mean of the two in the middle. NaN for none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A ratio of two measurements that were made in turn. */
export interface Ratio {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/**
 * What `after` is of `before`, pair by pair: what else the machine did meanwhile met both of a pair. Null when no pair has a
 * positive, finite `before`.
 */
export function ratioOf(after: readonly number[], before: readonly number[]): Ratio | null {
  const ratios = after
    .map((value, index) => value / (before[index] ?? Number.NaN))
    .filter((ratio) => Number.isFinite(ratio));
  if (ratios.length === 0) return null;
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

/** Least-squares slope of points (x, y): how much y grows with each x. 0 for fewer than two different x. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = sum(points.map(([x]) => x)) / points.length;
  const meanY = sum(points.map(([, y]) => y)) / points.length;
  const spread = sum(points.map(([x]) => (x - meanX) ** 2));
  return spread > 0 ? sum(points.map(([x, y]) => (x - meanX) * (y - meanY))) / spread : 0;
}

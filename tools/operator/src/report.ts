/** What an inspection found, for a person to read. */
export interface Report {
  readonly lines: readonly string[];
  /** Things that do not add up; the command exits 1 when there are any. */
  readonly faults: number;
}

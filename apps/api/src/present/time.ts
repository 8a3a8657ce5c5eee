/** RFC 3339, UTC, with `Z`. */
export function time(at: Date): string {
  return at.toISOString();
}

export function optionalTime(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}

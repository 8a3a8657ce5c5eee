/** Which test-runner computed a verdict; null where none did yet, or older code did not ask. */
export function presentRunner(row: {
  readonly runner_version: string | null;
  readonly runner_digest: string | null;
}) {
  if (row.runner_digest === null) return null;
  return { version: row.runner_version ?? '', digest: row.runner_digest };
}

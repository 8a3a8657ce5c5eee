const HOUR_MS = 3_600_000;

/** Start of the UTC hour of `at`: hourly quotas are counted in fixed windows. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
}

/** Start of the next hour, when hourly counts start over. */
export function nextHour(at: Date): Date {
  return new Date(hourOf(at).getTime() + HOUR_MS);
}

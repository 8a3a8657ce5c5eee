const HOUR_MS = 3_600_000;

/** The hour that a moment is in, by its start: what is bounded by the hour is counted in whole hours of the clock. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
}

/** When the hour of this moment is over, and its counts begin again. */
export function nextHour(at: Date): Date {
  return new Date(hourOf(at).getTime() + HOUR_MS);
}

/** The current time. Injected so that tests decide what time it is. */
export interface Clock {
  now(): Date;
}

/** A source of UUIDv7 identifiers. */
export interface Ids {
  next(): string;
}

/** Something that the search finds. */
export interface Entry {
  readonly title: string;
  /** Its place in the page; none is the page itself. */
  readonly id?: string;
  readonly text: string;
}

/** A page before its frame. */
export interface Page {
  /** From the origin: `/docs/money`. */
  readonly path: string;
  readonly title: string;
  readonly main: string;
  readonly entries: readonly Entry[];
}

/** Statements that a session keeps prepared: each costs Postgres some 50 kB a session. LRU-evicted. */
const STATEMENTS_MAX = 256;
/** A longer text is hardly ever sent again: it lists the rows of an insert. */
const TEXT_CHARS_MAX = 16_384;
/** Ends a statement whose best plan depends on its parameters: it is planned anew each time. */
export const CUSTOM_PLAN = '/* custom plan */';

export interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

/** A statement as one session knows it. */
export interface PreparedStatement {
  /** Empty for one that is not kept. */
  readonly name: string;
  isSent: boolean;
  /** Of its result, once Postgres has described it. */
  columns: readonly Column[];
}

/**
 * The named statements of one session: Postgres parses and plans each text once. A name is never used for a second text, so
 * that what became of the first is of no concern.
 */
export class PreparedStatements {
  readonly #byText = new Map<string, PreparedStatement>();
  #closing: string[] = [];
  #names = 0;

  use(text: string): PreparedStatement {
    if (text.length > TEXT_CHARS_MAX || text.endsWith(CUSTOM_PLAN))
      return { name: '', isSent: false, columns: [] };
    const known = this.#byText.get(text);
    if (known !== undefined) this.#byText.delete(text);
    const statement = known ?? { name: `s${++this.#names}`, isSent: false, columns: [] };
    this.#byText.set(text, statement);
    if (this.#byText.size > STATEMENTS_MAX) this.forget(this.#byText.keys().next().value!);
    return statement;
  }

  forget(text: string): void {
    const statement = this.#byText.get(text);
    if (statement === undefined) return;
    this.#byText.delete(text);
    this.#closing.push(statement.name);
  }

  /** What was prepared may be gone, or its result may have other columns by now. */
  forgetAll(): void {
    for (const text of [...this.#byText.keys()]) this.forget(text);
  }

  /** Names of statements to be closed. To close one that Postgres does not have is no error. */
  takeClosing(): readonly string[] {
    const closing = this.#closing;
    this.#closing = [];
    return closing;
  }
}

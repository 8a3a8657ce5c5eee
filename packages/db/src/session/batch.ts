import utils from 'pg/lib/utils';
import { serialize } from 'pg-protocol';
import type { PreparedStatement, PreparedStatements } from './prepared-statements.ts';

/** The driver's connection, to which a batch writes messages of Postgres' query protocol. */
interface Wire {
  readonly stream: { readonly writable: boolean; write(bytes: Buffer): unknown };
  query(text: string): void;
  sendCopyFail(reason: string): void;
}

/** What a batch must know of its session. */
export interface BatchSession {
  readonly statements: PreparedStatements;
  /** `I` outside a transaction. */
  getTransactionStatus(): string | null;
  getTypeParser(typeId: number, format: 'text'): (text: string) => unknown;
}

export interface StatementResult {
  readonly rows: unknown[];
  /** Such as `UPDATE 3`. */
  readonly tag: string;
}

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly resolve: (result: StatementResult) => void;
  readonly reject: (error: unknown) => void;
}

interface BatchOptions {
  /** Whether nothing may be sent unless the session is in a transaction. */
  readonly needsTransaction: boolean;
  /** Called once every statement has its result or its error. */
  readonly onEnd: () => void;
}

interface Sent {
  readonly statement: Statement;
  readonly prepared: PreparedStatement;
  /** Whether Postgres is to parse it. */
  readonly isNew: boolean;
  readonly rows: unknown[];
  tag: string;
}

/** Several statements in one text, as in a migration: only the simple query protocol takes that, and no parameters. */
export function isScript({ text, values }: Pick<Statement, 'text' | 'values'>): boolean {
  return values.length === 0 && text.includes(';');
}

/**
 * Statements that travel together, in one round trip. Postgres runs them in order, each seeing what those before it did, and
 * skips all that follow one that fails: there is one Sync for them. So nothing that follows a BEGIN that failed runs outside a
 * transaction, and a COMMIT behind a statement that failed is not even tried.
 */
export class StatementBatch {
  readonly #session: BatchSession;
  readonly #statements: readonly Statement[];
  readonly #options: BatchOptions;
  readonly #isScript: boolean;
  #sent: Sent[] = [];
  /** How many of them Postgres has done. */
  #done = 0;
  #unreadable: unknown;

  constructor(
    session: BatchSession,
    statements: readonly [Statement, ...Statement[]],
    options: BatchOptions,
  ) {
    this.#session = session;
    this.#statements = statements;
    this.#options = options;
    this.#isScript = isScript(statements[0]);
  }

  /** For who counts round trips. */
  get text(): string {
    return this.#statements.map(({ text }) => text.trim()).join('; ');
  }

  /** The driver calls it when the session is idle. What it returns is passed to `handleError`. */
  submit(wire: Wire): Error | null {
    if (this.#options.needsTransaction && this.#session.getTransactionStatus() === 'I')
      return new Error('a statement of a transaction is not run outside it');
    try {
      if (this.#isScript) this.#sendScript(wire);
      else this.#sendPrepared(wire);
      return null;
    } catch (error) {
      return error as Error;
    }
  }

  #sendScript(wire: Wire): void {
    const statement = this.#statements[0]!;
    const prepared = { name: '', isSent: true, columns: [] };
    this.#sent = [{ statement, prepared, isNew: false, rows: [], tag: '' }];
    wire.query(statement.text);
  }

  /** All at once: each write by itself costs as much as a short statement does. */
  #sendPrepared(wire: Wire): void {
    const { statements } = this.#session;
    // Before anything is remembered as sent: a value may be one that cannot be.
    const values = this.#statements.map((statement) =>
      statement.values.map((value) => utils.prepareValue(value)),
    );
    const messages = statements.takeClosing().map((name) => serialize.close({ type: 'S', name }));
    this.#sent = this.#statements.map((statement, index) => {
      const prepared = statements.use(statement.text);
      const { name, isSent } = prepared;
      if (!isSent) {
        messages.push(
          serialize.parse({ name, text: statement.text }),
          serialize.describe({ type: 'S', name }),
        );
        prepared.isSent = true;
      }
      messages.push(serialize.bind({ statement: name, values: values[index]! }), serialize.execute());
      return { statement, prepared, isNew: !isSent, rows: [], tag: '' };
    });
    messages.push(serialize.sync());
    if (wire.stream.writable) wire.stream.write(Buffer.concat(messages));
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#sent[this.#done]!.prepared.columns = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: this.#session.getTypeParser(dataTypeID, 'text'),
    }));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const { prepared, rows } = this.#sent[this.#done]!;
    const row: Record<string, unknown> = {};
    try {
      for (let index = 0; index < prepared.columns.length; index += 1) {
        const { name, parse } = prepared.columns[index]!;
        const text = fields[index] ?? null;
        row[name] = text === null ? null : parse(text);
      }
    } catch (error) {
      this.#unreadable ??= error;
    }
    rows.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#sent[this.#done]!.tag = text;
    if (!this.#isScript) this.#done += 1;
  }

  handleEmptyQuery(): void {
    if (!this.#isScript) this.#done += 1;
  }

  handleReadyForQuery(): void {
    for (const { statement, rows, tag } of this.#sent) {
      if (this.#unreadable === undefined) statement.resolve({ rows, tag });
      else statement.reject(this.#unreadable);
    }
    this.#options.onEnd();
  }

  /** What was done before the one that failed has its result; what follows it was not run, and fails with it. */
  handleError(error: unknown): void {
    for (const { statement, rows, tag } of this.#sent.slice(0, this.#done)) statement.resolve({ rows, tag });
    for (const { statement, isNew } of this.#sent.slice(this.#done))
      if (isNew) this.#session.statements.forget(statement.text);
    for (const { reject } of this.#statements.slice(this.#done)) reject(error);
    this.#options.onEnd();
  }

  handlePortalSuspended(): void {}

  handleCopyInResponse(wire: Wire): void {
    wire.sendCopyFail('COPY is not supported');
  }

  handleCopyData(): void {}
}

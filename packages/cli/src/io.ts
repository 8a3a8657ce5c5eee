/** One of the streams that a command writes to. */
export interface Output {
  readonly isTTY: boolean;
  write(text: string): void;
}

/** What a command knows of the process that runs it. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  /** What a person answers at the terminal. */
  ask(question: string): Promise<string>;
}

/** Whether colours may be used on the stream. */
export function mayColour({ env }: Io, output: Output): boolean {
  return output.isTTY && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

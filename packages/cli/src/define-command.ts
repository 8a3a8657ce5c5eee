import type { Access, At } from './at.ts';
import type { Flags, ValuesOf } from './flags.ts';
import type { Doc } from './terminal/document.ts';

type ArgOf<Word extends string> = Word extends `<${infer Name}>`
  ? { readonly [K in Name]: string }
  : Word extends `[${infer Name}...]`
    ? { readonly [K in Name]: readonly string[] }
    : Word extends `[${infer Name}]`
      ? { readonly [K in Name]: string | undefined }
      : unknown;
/** The arguments that a usage names: `show <job_id>` takes `job_id`. */
export type ArgsOf<Usage extends string> = Usage extends `${infer Word} ${infer Rest}`
  ? ArgOf<Word> & ArgsOf<Rest>
  : ArgOf<Usage>;

interface Said {
  readonly summary: string;
  /** What follows `agent-registry` in an example. */
  readonly example: string;
  readonly access: Access;
}

export interface Command extends Said {
  readonly usage: string;
  readonly flags: Flags;
  readonly run: (at: At, input: Readonly<Record<string, unknown>>) => Promise<unknown>;
  readonly stream?: (at: At, input: Readonly<Record<string, unknown>>) => AsyncIterable<unknown>;
  readonly show: (value: unknown, at: At) => Doc;
  readonly exitCode: (value: unknown) => number;
}

interface Declared<Usage extends string, F extends Flags, R> extends Partial<Said> {
  readonly usage: Usage;
  readonly summary: string;
  readonly example: string;
  readonly flags?: F;
  readonly show: (value: R, at: At) => Doc;
}
type Input<Usage extends string, F extends Flags> = ArgsOf<Usage> & ValuesOf<F>;

/** A command: `run` makes the value that `--json` prints, `show` what people see of it. An agent's, unless `access` says otherwise. */
export function defineCommand<const Usage extends string, R, const F extends Flags = Record<never, never>>(
  declared: Declared<Usage, F, R> & {
    readonly run: (at: At, input: Input<Usage, F>) => Promise<R>;
    readonly exitCode?: (value: R) => number;
  },
): Command {
  return { access: 'agent', flags: {}, exitCode: () => 0, ...declared } as unknown as Command;
}

/** A command that goes on: each value is shown, or printed as a line of JSON, when it comes. */
export function defineStream<const Usage extends string, R, const F extends Flags = Record<never, never>>(
  declared: Declared<Usage, F, R> & {
    readonly stream: (at: At, input: Input<Usage, F>) => AsyncIterable<R>;
  },
): Command {
  return { access: 'agent', flags: {}, exitCode: () => 0, ...declared } as unknown as Command;
}

/** Commands under one word. */
export interface Group {
  readonly name: string;
  readonly summary: string;
  readonly commands: readonly Command[];
}

import type { Io } from '../io.ts';

/** An Io that keeps what is written, and answers questions from a list. */
export interface RecordedIo extends Io {
  readonly said: { stdout: string; stderr: string };
  readonly asked: string[];
  interrupt(): void;
}

export interface Recording {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Whether a person sits at the terminal. */
  readonly isTTY?: boolean;
  readonly answers?: readonly string[];
}

export function recordIo({ env = {}, stdin = '', isTTY = false, answers = [] }: Recording = {}): RecordedIo {
  const said = { stdout: '', stderr: '' };
  const asked: string[] = [];
  const interrupted = new AbortController();
  const writeTo = (name: keyof typeof said) => ({
    isTTY,
    write: (text: string) => {
      said[name] += text;
    },
  });
  return {
    env: { XDG_CONFIG_HOME: '/nowhere', ...env },
    stdin: {
      isTTY,
      async *[Symbol.asyncIterator]() {
        yield Buffer.from(stdin);
      },
    },
    stdout: writeTo('stdout'),
    stderr: writeTo('stderr'),
    signal: interrupted.signal,
    ask: async (question) => {
      asked.push(question);
      return answers[asked.length - 1] ?? '';
    },
    said,
    asked,
    interrupt: () => interrupted.abort(),
  };
}

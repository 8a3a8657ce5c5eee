#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { createInterface } from 'node:readline/promises';
import { EXIT } from './describe-error.ts';
import type { Io } from './io.ts';
import { runCommandLine } from './run-command-line.ts';

/** What does not end by itself after Ctrl-C, such as a read of standard input, is ended after this. */
const INTERRUPT_GRACE_MS = 1_000;

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    interrupted.abort();
    setTimeout(() => process.exit(EXIT.interrupted), INTERRUPT_GRACE_MS).unref();
  });
}
// `agent-registry … | head` has read enough.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.refused),
  );
}

const outputTo = (stream: NodeJS.WriteStream) => ({
  isTTY: stream.isTTY === true,
  write: (text: string) => void stream.write(text),
});

const io: Io = {
  env: process.env,
  stdin: process.stdin,
  stdout: outputTo(process.stdout),
  stderr: outputTo(process.stderr),
  signal: interrupted.signal,
  async ask(question) {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    // In raw mode Ctrl-C is a key, which the line reader takes.
    terminal.once('SIGINT', () => interrupted.abort());
    try {
      return await terminal.question(question, { signal: interrupted.signal });
    } finally {
      terminal.close();
    }
  },
};

process.exitCode = await runCommandLine(process.argv.slice(2), io);

import { CommanderError } from 'commander';
import { type GlobalOptions, openAt } from './at.ts';
import { buildProgram } from './build-program.ts';
import { catalogue } from './catalogue.ts';
import type { Command } from './define-command.ts';
import { describeError, EXIT } from './describe-error.ts';
import { type Io, mayColour } from './io.ts';
import { renderDocument } from './terminal/render-document.ts';
import { visibleJson } from './terminal/visible-text.ts';

/** Runs one command line, without the name of the program; resolves to its exit code and never throws. */
export async function runCommandLine(words: readonly string[], io: Io): Promise<number> {
  let json = false;
  let exitCode: number = EXIT.ok;
  const program = buildProgram(io, catalogue, async (command, options, input) => {
    json = options.json ?? false;
    exitCode = await runCommand(io, command, { options, input });
  });
  try {
    await program.parseAsync(words, { from: 'user' });
    return io.signal.aborted ? EXIT.interrupted : exitCode;
  } catch (error) {
    if (io.signal.aborted) return EXIT.interrupted;
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const described = describeError(error);
    const text = json
      ? `${visibleJson(described.json)}\n`
      : renderDocument(described.doc, mayColour(io, io.stderr));
    io.stderr.write(text);
    return described.exitCode;
  }
}

interface Call {
  readonly options: GlobalOptions;
  readonly input: Readonly<Record<string, unknown>>;
}

async function runCommand(io: Io, command: Command, { options, input }: Call): Promise<number> {
  const at = await openAt(io, command.access, options);
  const print = (value: unknown, indent: number): void =>
    io.stdout.write(
      at.json
        ? `${visibleJson(value, indent)}\n`
        : renderDocument(command.show(value, at), mayColour(io, io.stdout)),
    );
  if (command.stream !== undefined) {
    for await (const value of command.stream(at, input)) print(value, 0);
    return EXIT.ok;
  }
  const value = await command.run(at, input);
  print(value, 2);
  return command.exitCode(value);
}

import { completionScripts } from '../complete-words.ts';
import { type Command, defineCommand, type Group } from '../define-command.ts';
import { line } from '../terminal/document.ts';
import { UsageError } from '../usage-error.ts';

/** The command that prints what teaches a shell the commands of the catalogue. */
export function completionOf(catalogue: readonly (Command | Group)[]): Command {
  const shells = Object.keys(completionScripts).join(', ');
  return defineCommand({
    usage: 'completion <shell>',
    summary: `Print a completion script: ${shells}`,
    example: 'completion bash >> ~/.bashrc',
    access: 'none',
    async run(_at, { shell }) {
      const script = Object.hasOwn(completionScripts, shell) ? completionScripts[shell] : undefined;
      if (script === undefined) throw new UsageError(`The shells are ${shells}.`);
      return { lines: script(catalogue) };
    },
    show: ({ lines }) => lines.map((text) => line(text)),
  });
}

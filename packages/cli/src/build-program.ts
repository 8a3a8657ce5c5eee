import { Command as Commander, Option } from 'commander';
import type { GlobalOptions } from './at.ts';
import type { Command, Group } from './define-command.ts';
import type { Flag } from './flags.ts';
import type { Io } from './io.ts';
import { visibleText } from './terminal/visible-text.ts';
import { version } from './version.ts';

type Input = Readonly<Record<string, unknown>>;
export type OnRun = (command: Command, options: GlobalOptions, input: Input) => Promise<void>;

const EVERYWHERE = 'Everywhere:';
const AFTER_HELP = `
Environment:
  AGENT_REGISTRY_URL                 the registry, for --registry
  AGENT_REGISTRY_PROFILE             the profile, for --profile
  AGENT_REGISTRY_AGENT_ID            with AGENT_REGISTRY_PRIVATE_KEY (hex or PEM): the agent, in place of a profile
  AGENT_REGISTRY_WEBHOOK_SECRET      the webhook secret, in place of the profile's
  AGENT_REGISTRY_OPERATOR_KEY        for the operator commands
  NO_COLOR                           no colours

Exit codes:
  0  done
  1  refused
  2  the command line, a file or the environment is wrong
  3  the registry cannot be reached, or cannot answer now: see what it did before you repeat what changes something
  4  the verdict is FAIL, or a check of criteria found a fault
  130  Ctrl-C

Example:
  agent-registry register "My agent" --registry http://localhost:8000
`;

/** The whole command line; `onRun` is called with what was asked for. It throws CommanderError instead of ending the process. */
export function buildProgram(io: Io, catalogue: readonly (Command | Group)[], onRun: OnRun): Commander {
  const program = new Commander('agent-registry')
    .description('A market for AI agents, from the command line.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (said) => io.stdout.write(said),
      // It repeats what was typed, which may have been pasted.
      writeErr: (said) => io.stderr.write(said.split('\n').map(visibleText).join('\n')),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('(--help tells more)')
    .addHelpText('after', AFTER_HELP);
  addEverywhere(program);
  for (const entry of catalogue) {
    if (!('commands' in entry)) {
      add(program, entry, onRun);
      continue;
    }
    const group = program.command(entry.name).description(entry.summary);
    for (const command of entry.commands) add(group, command, onRun);
    group.addHelpText('after', `\nExample:\n  agent-registry ${entry.commands[0]?.example}\n`);
  }
  return program;
}

function add(parent: Commander, command: Command, onRun: OnRun): void {
  const [name = '', ...words] = command.usage.split(' ');
  const made = parent.command(name).description(command.summary);
  for (const word of words) made.argument(word);
  const options = Object.entries(command.flags).map(([key, flag]) => [key, optionOf(key, flag)] as const);
  for (const [, option] of options) made.addOption(option);
  addEverywhere(made);
  made.addHelpText('after', `\nExample:\n  agent-registry ${command.example}\n`);
  made.action(async (...given: unknown[]) => {
    const values = made.optsWithGlobals<Record<string, unknown>>();
    const input = Object.fromEntries([
      ...words.map((word, at) => [word.replace(/[<>[\].]/g, ''), given[at]]),
      ...options.map(([key, option]) => [key, values[option.attributeName()] ?? command.flags[key]?.absent]),
    ]) as Input;
    await onRun(command, values as GlobalOptions, input);
  });
}

function optionOf(key: string, flag: Flag<unknown>): Option {
  const name = `--${key.replaceAll('_', '-')}`;
  const option = new Option(flag.value === '' ? name : `${name} ${flag.value}`, flag.description);
  if (flag.value !== '') option.argParser((text: string, before: unknown) => flag.parse(text, before));
  return option.makeOptionMandatory(flag.isRequired ?? false);
}

function addEverywhere(command: Commander): void {
  const options = [
    new Option('--profile <name>', 'which of your agents acts; "default" unless given'),
    new Option('--registry <url>', 'the registry; the profile’s unless given, else http://localhost:8000'),
    new Option('--json', 'JSON for programs: one document, or a line each for what goes on'),
  ];
  for (const option of options) command.addOption(option.helpGroup(EVERYWHERE));
}

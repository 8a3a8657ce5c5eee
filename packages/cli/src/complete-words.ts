import type { Command, Group } from './define-command.ts';

type Catalogue = readonly (Command | Group)[];
const EVERYWHERE = ['--help', '--json', '--profile', '--registry'];

/** What may follow each command's words, such as `jobs fund`; the empty text stands for the beginning. */
export function wordsAfter(catalogue: Catalogue): ReadonlyMap<string, readonly string[]> {
  const words = new Map<string, readonly string[]>();
  words.set('', [...catalogue.map(nameOf), ...EVERYWHERE, '--version']);
  for (const entry of catalogue) {
    if (!('commands' in entry)) {
      words.set(nameOf(entry), optionsOf(entry));
      continue;
    }
    words.set(entry.name, entry.commands.map(nameOf));
    for (const command of entry.commands) words.set(`${entry.name} ${nameOf(command)}`, optionsOf(command));
  }
  return words;
}

const nameOf = (entry: Command | Group): string =>
  'commands' in entry ? entry.name : (entry.usage.split(' ')[0] ?? '');
const optionsOf = ({ flags }: Command): string[] => [
  ...Object.keys(flags).map((key) => `--${key.replaceAll('_', '-')}`),
  ...EVERYWHERE,
];

/** The lines that teach a shell the commands and their options; files are offered everywhere else. */
export const completionScripts: Readonly<Record<string, (catalogue: Catalogue) => string[]>> = {
  bash: (catalogue) => [
    '_agent_registry() {',
    `  local current="\${COMP_WORDS[COMP_CWORD]}" path='' offered='' word`,
    `  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do`,
    `    [[ $word == -* ]] && break`,
    `    path="\${path:+$path }$word"`,
    '  done',
    '  case "$path" in',
    ...casesOf(catalogue),
    '  esac',
    '  COMPREPLY=($(compgen -W "$offered" -- "$current"))',
    '}',
    'complete -o default -F _agent_registry agent-registry',
  ],
  zsh: (catalogue) => [
    '#compdef agent-registry',
    '_agent_registry() {',
    "  local path='' offered='' word",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's.
    '  for word in "${(@)words[2,CURRENT-1]}"; do',
    '    [[ $word == -* ]] && break',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's.
    '    path="${path:+$path }$word"',
    '  done',
    '  case "$path" in',
    ...casesOf(catalogue),
    '  esac',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's.
    '  compadd -- ${=offered} || _files',
    '}',
    'compdef _agent_registry agent-registry',
  ],
  fish: (catalogue) =>
    [...wordsAfter(catalogue)].map(([path, words]) => {
      const seen =
        path === ''
          ? '__fish_use_subcommand'
          : path
              .split(' ')
              .map((word) => `__fish_seen_subcommand_from ${word}`)
              .join('; and ');
      return `complete -c agent-registry -n '${seen}' -a '${words.join(' ')}'`;
    }),
};

/** A command's arguments do not change what may follow it, so its pattern is open at the end. */
function casesOf(catalogue: Catalogue): string[] {
  return [...wordsAfter(catalogue)]
    .sort(([a], [b]) => b.split(' ').length - a.split(' ').length || b.length - a.length)
    .map(([path, words]) => {
      const pattern =
        path === ''
          ? "''"
          : `'${path}'${path.includes(' ') || words[0]?.startsWith('--') ? `|'${path} '*` : ''}`;
      return `    ${pattern}) offered='${words.join(' ')}' ;;`;
    });
}

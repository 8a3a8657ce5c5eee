import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { catalogue } from './catalogue.ts';
import { completionScripts } from './complete-words.ts';

const hasBash = spawnSync('bash', ['--version']).status === 0;
const inBash = hasBash ? test : test.skip;

function complete(...words: readonly string[]): string[] {
  const script = completionScripts.bash!(catalogue).join('\n');
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const source = `${script}\nCOMP_WORDS=(agent-registry ${quoted}); COMP_CWORD=${words.length}; _agent_registry; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', source], { encoding: 'utf8' }).trim().split('\n');
}

inBash(
  `bash completes commands, their commands and their options${hasBash ? '' : ' (skipped without bash)'}`,
  () => {
    expect(complete('jo')).toEqual(['jobs']);
    expect(complete('jobs', 'f')).toEqual(['fund', 'fail']);
    expect(complete('jobs', 'propose', '--max-b')).toEqual(['--max-budget']);
    expect(complete('jobs', 'propose', 'some-id', '--cri')).toEqual(['--criteria']);
    expect(complete('register', 'Alice', '--cap')).toEqual(['--capability']);
  },
);

test('every shell’s script knows every command', () => {
  for (const script of Object.values(completionScripts)) {
    const text = script(catalogue).join('\n');
    for (const words of ['webhooks', 'redeliver', '--forward-to', 'failed-deliveries'])
      expect(text).toContain(words);
  }
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { register } from '@agent-registry/client';
import { startE2eStack } from '../testing/stack.ts';
import { startSigningProxy } from './signing-proxy.ts';
import type { Tools } from './tools.ts';

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];

/** Schemathesis finds no 5xx and no answer outside the document, in requests signed by an agent of a running registry. */
export async function checkAnswers(
  { directory, use }: Tools,
  document: string,
  seconds: number,
): Promise<void> {
  const stack = await startE2eStack();
  try {
    const profile = { display_name: 'Schemathesis', hosting_mode: 'client_only' } as const;
    const { agent, keys } = await register({ baseUrl: stack.apiUrl }, profile);
    const identity = { agentId: agent.agent_id, privateKey: keys.privateKey };
    const proxy = await startSigningProxy(stack.apiUrl, identity);
    try {
      await writeFile(join(directory, 'schemathesis.toml'), `[parameters]\nagent_id = "${agent.agent_id}"\n`);
      const bounds = [
        '--max-time',
        String(seconds),
        '--continue-on-failure',
        // A feed may wait for half a minute where it is asked to.
        '--request-timeout',
        '60',
        '--phases',
        'examples,coverage,fuzzing',
      ];
      const target = ['-u', `${proxy.baseUrl}/v1`, '-c', CHECKS.join(','), '--exclude-tag', 'Operators'];
      // Its warnings are about what it could not reach without knowing the market, not about the answers.
      await use('schemathesis', ['run', document, ...target, ...bounds], { mayWarn: true });
    } finally {
      await proxy.close();
    }
  } finally {
    await stack.remove();
  }
}

import type { Scenario } from '../scenario.ts';
import { openSignedGets } from '../signed-gets.ts';

export const signedGet: Scenario = {
  name: 'signed-get',
  about: 'GET of an agent, signed by AgentSig without a nonce, which a GET need not carry',
  needsRedis: false,
  open: (subject) =>
    openSignedGets(subject, {
      label: 'signed GET',
      floor: { express: 1, verify: 1, select: 1 },
      loads: [1, 8, 32],
      sign: (agent) => {
        const request = agent.sign('GET', `/v1/agents/${agent.id}`);
        const { 'X-Nonce': _, ...headers }: Record<string, string> = { ...request.headers };
        return { ...request, headers };
      },
    }),
};

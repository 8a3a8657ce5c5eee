import type { Scenario } from '../scenario.ts';
import { openSignedGets } from '../signed-gets.ts';

export const balance: Scenario = {
  name: 'balance',
  about: 'GET of the own balance, signed by AgentSig with a nonce',
  needsRedis: true,
  open: (subject) =>
    openSignedGets(subject, {
      label: 'balance',
      floor: { express: 1, verify: 1, select: 1 },
      loads: [8],
      sign: (agent) => agent.sign('GET', `/v1/agents/${agent.id}/balance`),
    }),
};

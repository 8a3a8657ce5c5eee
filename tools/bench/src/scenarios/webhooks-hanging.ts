import { callFor, createSender } from '../load.ts';
import type { Scenario } from '../scenario.ts';
import { openTargets, ping, timeDelivery } from '../webhook-targets.ts';

const TARGETS = 10;
const CALLERS = 8;

export const webhooksHanging: Scenario = {
  name: 'webhooks-hanging',
  about: 'the same beside as many endpoints that never answer, each sent as many events',
  needsRedis: true,
  open: async ({ stack }) => {
    const live = await openTargets(stack, TARGETS);
    const hanging = await openTargets(stack, TARGETS, true);
    const sender = createSender(stack.apiUrl, CALLERS);
    let turn = 0;
    const once = async () => {
      const nth = turn++;
      await ping(sender, hanging.agents[nth % TARGETS]!);
      return timeDelivery(sender, live, nth);
    };
    return {
      cases: [
        {
          label: 'beside hanging endpoints',
          load: CALLERS,
          unit: 'event',
          run: (seconds) => callFor(seconds, CALLERS, once),
        },
      ],
      note: 'signed as sent',
      close: () => {
        sender.close();
        live.close();
        hanging.close();
      },
    };
  },
};

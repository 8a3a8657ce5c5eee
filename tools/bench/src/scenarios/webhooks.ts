import { callFor, createSender } from '../load.ts';
import type { Scenario } from '../scenario.ts';
import { openTargets, timeDelivery } from '../webhook-targets.ts';

const TARGETS = 20;
const LOADS = [1, 8, 32, 128];

export const webhooks: Scenario = {
  name: 'webhooks',
  about: 'from the answer to what causes an event to the receipt of its webhook; each next one after that',
  needsRedis: true,
  open: async ({ stack }) => {
    const targets = await openTargets(stack, TARGETS);
    const sender = createSender(stack.apiUrl, Math.max(...LOADS));
    let turn = 0;
    return {
      cases: LOADS.map((load) => ({
        label: 'answer → receipt',
        load,
        unit: 'event',
        floor: { express: 2, verify: 1, select: 2, commit: 2 },
        run: (seconds) => callFor(seconds, load, () => timeDelivery(sender, targets, turn++)),
      })),
      note: 'signed as sent',
      close: () => {
        sender.close();
        targets.close();
      },
    };
  },
};

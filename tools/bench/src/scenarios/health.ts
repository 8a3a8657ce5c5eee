import { callFor, createSender } from '../load.ts';
import type { Scenario } from '../scenario.ts';

const CALLERS = 8;

export const health: Scenario = {
  name: 'health',
  about: 'GET /health: what a request costs that does nothing',
  needsRedis: false,
  open: async ({ stack }) => {
    const sender = createSender(stack.apiUrl, CALLERS);
    const once = async () => void (await sender.send({ method: 'GET', path: '/health' }, 200));
    return {
      cases: [
        {
          label: 'GET /health',
          load: CALLERS,
          unit: 'request',
          floor: { express: 1 },
          run: (seconds) => callFor(seconds, CALLERS, once),
        },
      ],
      close: sender.close,
    };
  },
};

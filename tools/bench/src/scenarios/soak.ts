import { openLifecycles } from '../lifecycles.ts';
import { type Scenario, Skipped, type Subject } from '../scenario.ts';
import type { StartedStack } from '../stack-under-test.ts';

const MINUTES = 10;
const SERVICES = ['api', 'dispatcher', 'test-runner'];

export const soak: Scenario = {
  name: 'soak',
  about: `the jobs of 128 pairs of agents for ${MINUTES} minutes, by the bundles of the images: does the memory grow?`,
  long: true,
  needsRedis: false,
  leastSeconds: MINUTES * 60,
  slices: MINUTES * 6,
  open: async (subject) => {
    const stack = await startBundles(subject);
    const opened = await openLifecycles({ ...subject, stack }, { label: 'soak', loads: [128] });
    return {
      ...opened,
      cases: opened.cases.map((one) => ({ ...one, stack })),
      close: async () => {
        await opened.close();
        await stack.stop();
      },
    };
  },
};

/** Builds the services of the checkout and runs them as their images do. */
async function startBundles(subject: Subject): Promise<StartedStack> {
  await subject.runProgram('tools/build/src/main.ts', SERVICES);
  try {
    return await subject.startStack(['--bundles']);
  } catch (error) {
    if (!String(error).includes('--bundles')) throw error;
    throw new Skipped('its stack knows no --bundles');
  }
}

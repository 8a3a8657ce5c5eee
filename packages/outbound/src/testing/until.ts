const MAX_WAIT_MS = 10_000;
const POLL_MS = 2;

/** Waits until a condition holds; rejects when it has not come true in ten seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + MAX_WAIT_MS;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error('the condition did not come true');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

// npm and the terminal each pass on the same Ctrl-C; two that close together are one.
const sameKeypressMs = 500;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Stops in order at the first signal and exits; a second Ctrl-C exits at once (the death watches then end the processes). */
export function stopOnSignals(stop: () => Promise<void>): void {
  let firstAtMs: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (firstAtMs === null) {
      firstAtMs = performance.now();
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    } else if (signal === 'SIGINT' && performance.now() - firstAtMs > sameKeypressMs) {
      process.exit(130);
    }
  };
  for (const signal of signals) process.on(signal, onSignal);
}

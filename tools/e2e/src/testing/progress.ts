/** Counts the steps of what many do at once, so that a kill can come in the middle of it. */
export function createProgress() {
  let steps = 0;
  const waiting: { readonly at: number; readonly go: () => void }[] = [];
  return {
    step: (): void => {
      steps += 1;
      for (const { at, go } of waiting) if (steps >= at) go();
    },
    count: (): number => steps,
    /** Resolves once so many steps were taken. */
    reaches: (at: number) =>
      new Promise<void>((go) => {
        if (steps >= at) go();
        else waiting.push({ at, go });
      }),
  };
}

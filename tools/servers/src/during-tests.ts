/** Stands for what a hook makes before the tests: whoever asks it for something earlier is told so. */
export function duringTests<T extends object>(current: () => T | undefined): T {
  const made = (): T => {
    const value = current();
    if (value === undefined) throw new Error('this exists only while tests run');
    return value;
  };
  return new Proxy({} as T, { get: (_, name) => Reflect.get(made(), name) as unknown });
}

// Preloaded into the services of a drill (clock skew): the one that CLOCK_AHEAD_OF names runs CLOCK_AHEAD_MS ahead.
const { CLOCK_AHEAD_OF: part, CLOCK_AHEAD_MS: aheadMs } = process.env;
const machine = Date;
const now = (): number => machine.now() + Number(aheadMs);

if (process.argv[1]?.includes(`/apps/${part}/`)) {
  globalThis.Date = new Proxy(machine, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length > 0 ? args : [now()], newTarget) as object,
    get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
  });
}

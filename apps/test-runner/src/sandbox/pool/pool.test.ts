import { expect, test } from '@jest/globals';
import { maxLimits } from '../../../test/sandbox/attack-limits.ts';
import { describeWithSandbox } from '../../../test/sandbox/availability.ts';
import { useContext } from '../../../test/sandbox/make-context.ts';
import { until } from '../../../test/sandbox/until.ts';
import { waitingInterpreters } from '../../../test/sandbox/waiting-interpreters.ts';
import type { Interpreter } from '../runtimes.ts';
import { startSandbox } from '../sandbox.ts';
import { createPool } from './pool.ts';

const plenty = () => 8 * 1024 ** 3;

describeWithSandbox('the pool', () => {
  const made = useContext();

  const start = (interpreter: Interpreter) => startSandbox(made.context, interpreter, maxLimits, 'waiting');

  test('the pool keeps its size of interpreters waiting and hands each out once', async () => {
    const pool = createPool([made.bash], 2, start, plenty);
    pool.refill();
    await until('it is full', () => pool.waiting === 2);
    const [first, second] = [pool.take(made.bash, []), pool.take(made.bash, [])];
    expect(first).not.toBe(second);
    expect(pool.take(made.bash, [])).toBeNull();
    for (const taken of [first, second]) {
      taken?.kill();
      await taken?.ended;
    }
    await pool.close();
  });

  test('the pool does not hand out one that has ended by itself', async () => {
    const sandboxes: ReturnType<typeof start>[] = [];
    const pool = createPool(
      [made.bash],
      1,
      (interpreter) => {
        const sandbox = start(interpreter);
        sandboxes.push(sandbox);
        return sandbox;
      },
      plenty,
    );
    pool.refill();
    await until('it is full', () => pool.waiting === 1);
    sandboxes[0]?.kill();
    await sandboxes[0]?.ended;
    expect(pool.take(made.bash, [])).toBeNull();
    await pool.close();
  });

  test('the pool gives back all of one whose interpreter has ended while it waited', async () => {
    let started = 0;
    // The pool starts what is missing each second, which would take the slot that is to be free.
    const startOne = (interpreter: Interpreter) => {
      started += 1;
      if (started > 1) throw new Error('one is enough');
      return start(interpreter);
    };
    const pool = createPool([made.bash], 1, startOne, plenty);
    pool.refill();
    await until('it is full', () => pool.waiting === 1);
    await until('its interpreter has started', () => waitingInterpreters().length === 1);
    const [interpreter] = waitingInterpreters();
    process.kill(interpreter as number, 'SIGKILL');
    await until('it is missed', () => pool.waiting === 0);
    await until('every slot is free', () => made.context.slots.inUse === 0);
    await pool.close();
  });

  test('the pool is empty while memory is short and gives back all that it held', async () => {
    let available = plenty();
    const pool = createPool([made.bash], 2, start, () => available);
    pool.refill();
    await until('it is full', () => pool.waiting === 2);
    available = 0;
    await until('it is empty', () => pool.waiting === 0);
    await until('every slot is free', () => made.context.slots.inUse === 0);
    pool.refill();
    await pool.close();
    expect(pool.waiting).toBe(0);
  });

  test('the pool rests when interpreters do not come up', async () => {
    let tries = 0;
    const broken = () => {
      tries += 1;
      throw new Error('broken');
    };
    const pool = createPool([made.bash], 100, broken, plenty);
    pool.refill();
    await until('it has tried', () => tries >= 3);
    await pool.close();
    expect(tries).toBe(3);
  });
});

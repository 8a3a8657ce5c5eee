import type { ScriptBackend } from '../../src/backend.ts';
import { type Attack, type Bait, flawOf } from './attack.ts';
import { attackLimits } from './attack-limits.ts';
import { titleOf } from './attacks.ts';

/** Title of each attack to what did not hold; null where all did. */
export type Flaws = Record<string, string | null>;

/** Runs the attacks against a backend, `atOnce` at a time. */
export async function runAttacks(
  backend: ScriptBackend,
  attacks: readonly Attack[],
  bait: Bait,
  atOnce: number,
): Promise<Flaws> {
  const flaws: Flaws = {};
  const waiting = [...attacks];
  const work = async () => {
    for (let attack = waiting.shift(); attack !== undefined; attack = waiting.shift()) {
      flaws[titleOf(attack)] = await runAttack(backend, attack, bait);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return flaws;
}

async function runAttack(backend: ScriptBackend, attack: Attack, bait: Bait): Promise<string | null> {
  try {
    const job = {
      runtime: attack.runtime,
      script: Buffer.from(attack.script(bait)),
      deliverableJson: Buffer.from('{"delivered":true}'),
      limits: { ...attackLimits, ...attack.limits },
    };
    return flawOf(attack, await backend.run(job, new AbortController().signal));
  } catch (error) {
    return `the harness broke: ${String(error)}`;
  }
}

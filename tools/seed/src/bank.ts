import { findBalance } from '@agent-registry/db';
import { type Op, operatorDeposit, operatorWithdraw, recordAudit } from '@agent-registry/operations';
import { formatCents } from '@agent-registry/schemas';
import type { Actor } from './actor.ts';
import { slug } from './cast.ts';

/** Plays the operator: deposits and withdraws credits against a reference. */
export interface Bank {
  /** Sees to it that an agent has as much: deposits are of whole hundreds. */
  provide(op: Op, agent: Actor, cents: bigint): Promise<void>;
  /** Pays out half of what an agent has, where that is worth it. */
  payOut(op: Op, agent: Actor): Promise<void>;
}

const STEP = 10_000n;
const WORTH_IT = 40_000n;
const MOVES = {
  operatorDeposit: { prefix: 'transfer', run: operatorDeposit },
  operatorWithdraw: { prefix: 'payout', run: operatorWithdraw },
} as const;

export const OPERATORS = ['amara', 'jonas'] as const;

export function createBank(): Bank {
  /** Transfers so far, by agent. */
  const numbers = new Map<string, number>();
  const move = async (op: Op, action: keyof typeof MOVES, agent: Actor, amount: bigint): Promise<void> => {
    const { agentId, name } = agent;
    const number = (numbers.get(agentId) ?? 0) + 1;
    numbers.set(agentId, number);
    const { prefix, run } = MOVES[action];
    const reference = `${prefix}-${op.now.getUTCFullYear()}-${slug(name)}-${number}`;
    await run(op, { agentId, amount, reference });
    const details = { outcome: 'done', agent_id: agentId, amount: formatCents(amount), reference };
    await recordAudit(op, {
      operator: OPERATORS[number % OPERATORS.length]!,
      action,
      subject: agentId,
      details,
    });
  };
  const balanceOf = async (op: Op, { agentId }: Actor): Promise<bigint> =>
    (await findBalance(op.trx, { kind: 'agent', ownerId: agentId })) ?? 0n;
  return {
    async provide(op, agent, cents) {
      if (cents === 0n) return;
      const balance = await balanceOf(op, agent);
      if (balance < cents) await move(op, 'operatorDeposit', agent, ((cents - balance) / STEP + 3n) * STEP);
    },
    async payOut(op, agent) {
      const balance = await balanceOf(op, agent);
      if (balance > WORTH_IT) await move(op, 'operatorWithdraw', agent, (balance / 2n / 100n) * 100n);
    },
  };
}

import {
  type Moved,
  operatorDeposit,
  operatorWithdraw,
  operatorWithdrawFees,
} from '@agent-registry/operations';
import { contracts, formatCents } from '@agent-registry/schemas';
import { changing } from '../../endpoint.ts';

export const depositForAgent = changing({
  contract: contracts.operatorDeposit,
  run: async (op, { body }) =>
    presentMoved(
      await operatorDeposit(op, { agentId: body.agent_id, amount: body.amount, reference: body.reference }),
    ),
});

export const withdrawForAgent = changing({
  contract: contracts.operatorWithdraw,
  run: async (op, { body }) =>
    presentMoved(
      await operatorWithdraw(op, { agentId: body.agent_id, amount: body.amount, reference: body.reference }),
    ),
});

export const withdrawFees = changing({
  contract: contracts.operatorWithdrawFees,
  run: async (op, { body }) =>
    presentMoved(await operatorWithdrawFees(op, { amount: body.amount, reference: body.reference })),
});

function presentMoved(moved: Moved) {
  return {
    transfer_id: moved.transferId,
    reference: moved.reference,
    amount: formatCents(moved.amount),
    balance: formatCents(moved.balance),
  };
}

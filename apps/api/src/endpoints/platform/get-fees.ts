import { describeFee } from '@agent-registry/domain';
import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';

export const getFees = reading({
  contract: contracts.getFees,
  read: async (context) => describeFee(context.rules.feeRatePpm),
});

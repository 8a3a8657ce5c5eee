import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { presentCheck } from '../../present/criteria-check.ts';
import { checkOf } from './check-of.ts';

export const getCriteriaCheck = reading({
  contract: contracts.getCriteriaCheck,
  async read(context, { params, caller }) {
    return presentCheck(context.db, await checkOf(context.db, params.check_id, caller.agentId));
  },
});

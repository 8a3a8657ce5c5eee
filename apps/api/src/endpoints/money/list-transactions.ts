import { contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { statementPage } from './statement-page.ts';

export const listTransactions = reading({
  contract: contracts.listTransactions,
  read: (context, { params, query }) => statementPage(context.db, params.agent_id, query),
});

import { agentCommands } from './commands/agent.ts';
import { completionOf } from './commands/completion.ts';
import { criteria } from './commands/criteria.ts';
import { events } from './commands/events.ts';
import { jobs } from './commands/jobs/index.ts';
import { marketCommands } from './commands/market.ts';
import { mcp } from './commands/mcp.ts';
import { operator } from './commands/operator.ts';
import { receipt } from './commands/receipt.ts';
import { secretGroups } from './commands/secrets.ts';
import { webhooks } from './commands/webhooks.ts';
import type { Command, Group } from './define-command.ts';

const commands: readonly (Command | Group)[] = [
  ...agentCommands,
  ...marketCommands,
  jobs,
  receipt,
  criteria,
  events,
  webhooks,
  mcp,
  ...secretGroups,
  operator,
];

/** Every command there is. */
export const catalogue: readonly (Command | Group)[] = [...commands, completionOf(commands)];

import { defineCommand } from '../define-command.ts';
import { given, oneOf, text } from '../flags.ts';
import { inline, status, time } from '../show-values.ts';
import { limit, take } from '../take.ts';
import { fields, table } from '../terminal/document.ts';

const agents = defineCommand({
  usage: 'agents',
  summary: 'Look agents up, by a part of their name, their key or their id',
  example: 'operator agents --q translat --sort balance',
  flags: {
    q: text('<text>', 'part of a name or an endpoint, the beginning of a key, or an id'),
    status: oneOf(['active', 'suspended', 'deactivated'], 'those in this state'),
    sort: oneOf(['created_at', 'last_seen', 'balance'], 'newest first unless given'),
    limit,
  },
  run: (at, { limit: most, ...filters }) =>
    take(at.operator().iterate('operatorListAgents', given(filters)), most),
  show: (found) => [
    table(found, 'No agents', {
      AGENT: (agent) => agent.agent_id,
      NAME: (agent) => agent.display_name,
      STATUS: (agent) => status(agent.status),
      BALANCE: (agent) => agent.balance,
      'LAST SEEN': (agent) => time(agent.last_seen),
    }),
  ],
});

const stats = defineCommand({
  usage: 'stats',
  summary: 'Show the market hour by hour, or day by day',
  example: 'operator stats --by day',
  flags: {
    by: oneOf(['hour', 'day'], 'hours unless given'),
    since: text('<time>', 'the first, such as 2026-12-31T12:00:00Z'),
    until: text('<time>', 'up to this time'),
  },
  run: (at, input) => at.operator().operatorStats(given(input)),
  show: ({ items }) => [
    table(items, 'Nothing is counted yet', {
      FROM: (point) => time(point.starts_at),
      FUNDED: (point) => point.funded,
      PAID: (point) => point.paid,
      FEES: (point) => point.fees,
      JOBS: (point) => inline(point.jobs),
      VERDICTS: (point) => inline(point.verdicts),
      WEBHOOKS: (point) => inline(point.deliveries),
    }),
  ],
});

const ledger = defineCommand({
  usage: 'ledger',
  summary: 'What the ledger adds up to, and what does not',
  example: 'operator ledger',
  run: (at) => at.operator().operatorAuditLedger(),
  show: ({ faults, balanced, ...sums }) => [
    fields({ balanced: balanced ? 'yes' : 'NO', ...sums }),
    table(faults, 'No faults', {
      RULE: ({ rule }) => rule,
      SUBJECT: ({ subject }) => subject,
      DETAIL: ({ detail }) => detail,
    }),
  ],
});

export const operatorViews = [agents, stats, ledger];

import { defineCommand } from '../define-command.ts';
import { given, oneOf, text } from '../flags.ts';
import { inline, status, time } from '../show-values.ts';
import { limit, take } from '../take.ts';
import { fields, table } from '../terminal/document.ts';

const access = 'none';

const agents = defineCommand({
  usage: 'agents',
  summary: 'Look agents up, by a part of their name, their key or their id',
  example: 'operator agents --q translat --sort balance',
  access,
  flags: {
    q: text('<text>', 'part of a name or an endpoint, the beginning of a key, or an id'),
    status: oneOf(['active', 'suspended', 'deactivated'], 'those in this state'),
    sort: oneOf(['created_at', 'last_seen', 'balance'], 'newest first unless given'),
    limit,
  },
  run: (at, { limit: most, ...filters }) =>
    take(at.operator().iterate('operatorListAgents', given(filters)), most),
  show: (found) => [
    table(
      ['AGENT', 'NAME', 'STATUS', 'BALANCE', 'LAST SEEN'],
      found.map((agent) => [
        agent.agent_id,
        agent.display_name,
        status(agent.status),
        agent.balance,
        time(agent.last_seen) ?? '',
      ]),
      'No agents',
    ),
  ],
});

const stats = defineCommand({
  usage: 'stats',
  summary: 'Show the market hour by hour, or day by day',
  example: 'operator stats --by day',
  access,
  flags: {
    by: oneOf(['hour', 'day'], 'hours unless given'),
    since: text('<time>', 'the first, such as 2026-12-31T12:00:00Z'),
    until: text('<time>', 'up to this time'),
  },
  run: (at, input) => at.operator().operatorStats(given(input)),
  show: ({ items }) => [
    table(
      ['FROM', 'FUNDED', 'PAID', 'FEES', 'JOBS', 'VERDICTS', 'WEBHOOKS'],
      items.map((point) => [
        time(point.starts_at) ?? '',
        point.funded,
        point.paid,
        point.fees,
        ...[point.jobs, point.verdicts, point.deliveries].map((counts) => inline(counts) ?? ''),
      ]),
      'Nothing is counted yet',
    ),
  ],
});

const ledger = defineCommand({
  usage: 'ledger',
  summary: 'What the ledger adds up to, and what does not',
  example: 'operator ledger',
  access,
  run: (at) => at.operator().operatorAuditLedger(),
  show: ({ faults, balanced, ...sums }) => [
    fields({ balanced: balanced ? 'yes' : 'NO', ...mapValues(sums) }),
    table(
      ['RULE', 'SUBJECT', 'DETAIL'],
      faults.map(({ rule, subject, detail }) => [rule, subject, detail]),
      'No faults',
    ),
  ],
});

const mapValues = (sums: Readonly<Record<string, string | number>>): Record<string, string> =>
  Object.fromEntries(Object.entries(sums).map(([name, value]) => [name, String(value)]));

export const operatorViews = [agents, stats, ledger];

import {
  type AgentRow,
  countAgents,
  countJobsByState,
  countLimited,
  findAgent,
  findHoldings,
  findStorageUsage,
  listDeliveryRows,
  listJobsOf,
  listTransactions,
  searchAgents,
} from '@agent-registry/db';
import { CHECK_DAY_MS, CHECKS_DAILY, hourOf } from '@agent-registry/domain';
import { LISTINGS_MAX, OPEN_PROPOSALS_MAX, STORAGE_LIMITS } from '@agent-registry/operations';
import { contracts, JOB_STATUSES, TOTAL_COUNT_MAX, UUID } from '@agent-registry/schemas';
import type { ApiContext } from '../../context.ts';
import { reading } from '../../endpoint.ts';
import { existing } from '../../existing.ts';
import { readCursor, showPage, writeCursor } from '../../page.ts';
import { presentBalance } from '../../present/balance.ts';
import { outlineOfDelivery, outlineOfJob, presentFoundAgent } from '../../present/outlines.ts';
import { optionalTime } from '../../present/time.ts';
import { presentTransaction } from '../../present/transaction.ts';

const SORT_KEY = /^-?[0-9]{1,15}$/;
/** Jobs, transactions and deliveries that an agent's page begins with. */
const NEWEST = 20;

export const lookUpAgents = reading({
  contract: contracts.operatorListAgents,
  async read(context, { query: { q, status, sort, cursor, limit, offset } }) {
    const list = `agents-${sort}`;
    const [key, id] = cursor === undefined ? [] : readCursor(list, [SORT_KEY, UUID], cursor);
    const after = key === undefined || id === undefined ? null : { key: BigInt(key), id };
    const search = { text: q ?? null, status: status ?? null };
    const [found, total] = await Promise.all([
      searchAgents(context.db, search, sort, { limit: limit + 1, offset, after }),
      countAgents(context.db, search, TOTAL_COUNT_MAX),
    ]);
    const page = showPage(found, { limit, offset: after === null ? offset : 0, total }, (row) =>
      writeCursor(list, [String(row.sort_key), row.agent_id]),
    );
    const now = context.clock.now();
    return { ...page, items: page.items.map((agent) => presentFoundAgent(agent, now)) };
  },
});

export const lookAtAgent = reading({
  contract: contracts.operatorGetAgent,
  async read(context, { params: { agent_id } }) {
    const { db } = context;
    const agent = existing(await findAgent(db, agent_id), 'agent');
    const newest = { limit: NEWEST, offset: 0 };
    const [holdings, jobs, recent, statement, deliveries, limits] = await Promise.all([
      findHoldings(db, agent_id),
      countJobsByState(db, agent_id, JOB_STATUSES, TOTAL_COUNT_MAX),
      listJobsOf(db, { agentId: agent_id, role: null, status: null }, { ...newest, after: null }),
      listTransactions(db, agent_id, { ...newest, before: null }),
      listDeliveryRows(db, agent_id, { ...newest, after: null }),
      limitsOf(context, agent_id),
    ]);
    return {
      agent: presentFoundAgent({ ...agent, balance: holdings.available }, context.clock.now()),
      balance: presentBalance(agent_id, holdings),
      jobs,
      recent_jobs: recent.rows.map(outlineOfJob),
      statement: statement.map(presentTransaction),
      deliveries: deliveries.map(outlineOfDelivery),
      keys: keysOf(agent),
      limits,
    };
  },
});

const keysOf = ({ public_key, proven_at, pending_public_key, pending_key_at }: AgentRow) => ({
  public_key,
  proven_at: optionalTime(proven_at),
  pending_public_key,
  pending_key_at: optionalTime(pending_key_at),
});

async function limitsOf({ db, clock }: ApiContext, agentId: string) {
  const now = clock.now();
  const [bytes, counted] = await Promise.all([
    findStorageUsage(db, { agentId, address: '', hour: hourOf(now) }, now),
    countLimited(db, agentId, new Date(now.getTime() - CHECK_DAY_MS)),
  ]);
  return [
    { name: 'bytes kept', used: bytes.kept, limit: STORAGE_LIMITS.kept },
    { name: 'bytes written this hour', used: bytes.byAgent, limit: STORAGE_LIMITS.hourOfAgent },
    { name: 'listings', used: counted.listings, limit: LISTINGS_MAX },
    { name: 'open proposals', used: counted.openProposals, limit: OPEN_PROPOSALS_MAX },
    { name: 'checks of criteria in a day', used: counted.checks, limit: CHECKS_DAILY },
  ];
}

import {
  countHoldingJobs,
  countLedger,
  findLedgerFaults,
  listHoldingJobs,
  listMarketFigures,
  type MarketFiguresRow,
} from '@agent-registry/db';
import { contracts, fieldRefusal, formatCents, STATS_POINTS_MAX } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { keysetPage } from '../../page.ts';
import { presentEscrow } from '../../present/job.ts';
import { optionalTime, time } from '../../present/time.ts';

const HOUR_MS = 3_600_000;
const PERIODS = {
  hour: { ms: HOUR_MS, back: 48 },
  day: { ms: 24 * HOUR_MS, back: 90 },
} as const;

export const showStats = reading({
  contract: contracts.operatorStats,
  async read(context, { query: { by, since, until = context.clock.now() } }) {
    const { ms, back } = PERIODS[by];
    const from = since ?? new Date(until.getTime() - back * ms);
    // The period that `since` lies in is the first.
    const startsAt = new Date(Math.floor(from.getTime() / ms) * ms);
    if (until.getTime() - startsAt.getTime() > STATS_POINTS_MAX * ms)
      throw fieldRefusal(
        'since',
        `a series has ${STATS_POINTS_MAX} points at most: ask for days, or for less time`,
      );
    const rows = await listMarketFigures(context.db, by, { startsAt, endsAt: until }, STATS_POINTS_MAX);
    return { items: rows.map(presentFigures) };
  },
});

function presentFigures({ starts_at, flows, levels }: MarketFiguresRow) {
  const { funded, paid, fees, deposits, withdrawals, ...counts } = flows;
  const credits = (cents: string) => formatCents(BigInt(cents));
  return {
    starts_at: time(starts_at),
    ...counts,
    funded: credits(funded),
    paid: credits(paid),
    fees: credits(fees),
    deposits: credits(deposits),
    withdrawals: credits(withdrawals),
    levels:
      levels === null
        ? null
        : { ...levels, escrow_held: credits(levels.escrow_held), bonds_held: credits(levels.bonds_held) },
  };
}

export const listEscrows = reading({
  contract: contracts.operatorListEscrows,
  read(context, { query }) {
    return keysetPage({
      name: 'escrows',
      request: query,
      rows: (page) => listHoldingJobs(context.db, page),
      count: (limit) => countHoldingJobs(context.db, limit),
      position: (job) => ({ at: job.funded_at, id: job.job_id }),
      present: (jobs) =>
        jobs.map((job) => ({
          ...presentEscrow(job),
          bond: formatCents(job.seller_abort_penalty),
          job_status: job.status,
          delivery_deadline: optionalTime(job.delivery_deadline),
        })),
    });
  },
});

export const auditLedger = reading({
  contract: contracts.operatorAuditLedger,
  read(context) {
    return context.largeLists.run('operator', async () => {
      // One after the other: both read the whole ledger.
      const faults = await findLedgerFaults(context.db);
      const { agents, held, fees, minted, ...counts } = await countLedger(context.db);
      const sums = { agents, held, fees, minted };
      const credits = Object.entries(sums).map(([name, cents]) => [name, formatCents(cents)]);
      return {
        balanced: faults.length === 0,
        faults,
        ...counts,
        ...(Object.fromEntries(credits) as Record<keyof typeof sums, string>),
      };
    });
  },
});

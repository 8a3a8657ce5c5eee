import {
  countHoldingJobs,
  findLedgerSums,
  findTransferFaults,
  type LedgerFinding,
  listHoldingJobs,
  listMarketFigures,
  type MarketFiguresRow,
  sumTransfers,
  type TransferSums,
} from '@agent-registry/db';
import { addSums } from '@agent-registry/operations';
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

/** Postings, and accounts, that a look at the ledger adds to the sums that the sweep keeps: beyond it is content with those. */
const NEWER_MAX = 1_000;

export const auditLedger = reading({
  contract: contracts.operatorAuditLedger,
  read(context) {
    return context.largeLists.run('operator', async () => {
      const kept = await findLedgerSums(context.db, NEWER_MAX);
      const newer = kept.newer ?? { transfers: [], accounts: 0n };
      const sums = addSums(kept, await sumTransfers(context.db, newer.transfers));
      const found = await findTransferFaults(context.db, [...kept.suspects, ...newer.transfers]);
      const faults = [...faultsOfSums(sums), ...found.map(({ transfer_id: _, ...fault }) => fault)];
      return {
        as_of: time(kept.newer === null ? kept.as_of : context.clock.now()),
        balanced: faults.length === 0,
        faults,
        accounts: Number(kept.accounts + newer.accounts),
        transfers: Number(sums.transfers),
        postings: Number(sums.postings),
        agents: formatCents(sums.agent),
        held: formatCents(sums.escrow + sums.bond),
        fees: formatCents(sums.fees),
        minted: formatCents(-sums.mint),
      };
    });
  },
});

function faultsOfSums({ agent, escrow, bond, fees, mint }: TransferSums): LedgerFinding[] {
  const off = agent + escrow + bond + fees + mint;
  return [
    ...(off === 0n
      ? []
      : [{ rule: 'all accounts sum to zero', subject: 'ledger', detail: `off by ${off} cents` }]),
    ...(fees >= 0n ? [] : [{ rule: 'fees are never negative', subject: 'fees', detail: `sum ${fees}` }]),
  ];
}

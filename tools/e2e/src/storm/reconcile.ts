import type { WebhookOf } from '@agent-registry/client';
import type { LedgerAudit } from '@agent-registry/operator';
import type { Books, DeliveryEntry } from './books.ts';
import { checkDelivery } from './check-delivery.ts';
import { checkEndings } from './check-endings.ts';
import type { Kill } from './kills.ts';
import { keyOf, type Owed } from './produce.ts';
import type { Receipt, Targets } from './targets.ts';

/** Webhooks that the dispatcher sends at once: all that a kill can make it send again, since only what it has not recorded is. */
const SENT_AT_ONCE = 80;

export interface Reconciliation {
  /** Everything that is not as it must be, a sentence each. */
  readonly faults: readonly string[];
  readonly delivered: number;
  readonly exhausted: number;
  readonly pending: number;
  /** Requests that came to receivers, repetitions included. */
  readonly arrivals: number;
  readonly duplicates: number;
  /** Of each kill that may send a delivery again, in the kills' order: how many it did. */
  readonly duplicatesByKill: readonly { readonly kill: Kill; readonly duplicates: number }[];
  /** From the commit to the first arrival, ms. */
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number };
}

/** Compares what was acknowledged, what came, and what the registry's books say. */
export function reconcile(
  found: { owed: Owed; targets: Targets; books: Books; audit: LedgerAudit; kills: readonly Kill[] },
  unitMs: number,
): Reconciliation {
  const { owed, targets, books, audit, kills } = found;
  const dead = new Set(targets.all.filter(({ isDead }) => isDead).map(({ agentId }) => agentId));
  const fatal = kills
    .filter(({ part }) => part !== 'emulator' && part !== 'api')
    .toSorted((a, b) => a.atMs - b.atMs);
  const greetings = new Set(targets.all.map(({ greetingId }) => greetingId));
  const faults = [...checkOwed(owed, books), ...checkReceipts(targets, books)];
  for (const delivery of books.deliveries) {
    const receipt = targets.receipts.get(delivery.deliveryId);
    const isDead = dead.has(delivery.agentId) && !greetings.has(delivery.deliveryId);
    const arrivals = receipt?.times.length ?? 0;
    const own = checkDelivery(delivery, { isDead, arrivals, unitMs });
    if (receipt !== undefined && !isExplained(receipt, delivery, fatal))
      own.push('came twice with no kill in between');
    faults.push(...own.map((fault) => `${nameOf(delivery)} ${fault}`));
  }
  for (const { kind, subject } of books.others) faults.push(`the outbox still has ${kind} ${subject}`);
  faults.push(...checkEndings(owed.contests, books.jobs), ...checkLedger(audit));
  const receipts = [...targets.receipts.values()];
  const causes = receipts.flatMap((receipt) => causesOf(receipt, fatal));
  const byKill = fatal.map((kill) => ({ kill, duplicates: causes.filter((cause) => cause === kill).length }));
  for (const { kill, duplicates } of byKill)
    if (duplicates > SENT_AT_ONCE)
      faults.push(
        `the kill of ${kill.part} sent ${duplicates} again, and ${SENT_AT_ONCE} at most were being sent`,
      );
  const arrivals = receipts.reduce((sum, { times }) => sum + times.length, 0);
  const countOf = (status: DeliveryEntry['status']) =>
    books.deliveries.filter((delivery) => delivery.status === status).length;
  return {
    faults,
    delivered: countOf('delivered'),
    exhausted: countOf('failed'),
    pending: countOf('pending'),
    arrivals,
    duplicates: arrivals - receipts.length,
    duplicatesByKill: byKill,
    latency: percentiles(receipts.map(({ latencyMs }) => latencyMs)),
  };
}

const nameOf = ({ deliveryId, event, agentId }: DeliveryEntry): string =>
  `delivery ${deliveryId} (${event} to ${agentId})`;

/** What was acknowledged is in the books, once, and nothing else is. */
function* checkOwed(owed: Owed, { deliveries, jobs }: Books): Iterable<string> {
  const missing = new Set(owed.deliveries.keys());
  // What time decided, nobody was answered.
  for (const { jobId, client, seller, otherwise } of owed.contests)
    if (otherwise !== null && jobs.get(jobId)?.by === otherwise.by)
      for (const agentId of [client, seller]) missing.add(keyOf('job.failed', jobId, agentId));
  for (const delivery of deliveries) {
    const subject = delivery.event === 'ping' ? delivery.deliveryId : (delivery.jobId ?? '');
    const key = keyOf(delivery.event as WebhookOf['event'], subject, delivery.agentId);
    if (!missing.delete(key) && !owed.possible.has(key))
      yield `${nameOf(delivery)} is in the books, and no call made it`;
  }
  for (const key of missing) yield `LOST: ${key} was acknowledged and is not in the books`;
}

function* checkReceipts({ receipts, refused }: Targets, { deliveries }: Books): Iterable<string> {
  for (const body of refused) yield `a request did not verify: ${body.slice(0, 200)}`;
  const owners = new Map(deliveries.map(({ deliveryId, agentId }) => [deliveryId, agentId]));
  for (const [deliveryId, { agentId }] of receipts)
    if (owners.get(deliveryId) !== agentId) yield `${deliveryId} came to ${agentId}, whose it is not`;
}

/**
 * Only a crash between sending and recording sends an attempt again: then the dispatcher or the database was killed after the one
 * arrival, or not yet back at it, and before the other. Arrivals of different attempts need no explanation but the log's.
 */
function isExplained(receipt: Receipt, { log }: DeliveryEntry, kills: readonly Kill[]): boolean {
  const unexplained = causesOf(receipt, kills).filter((cause) => cause === undefined);
  return unexplained.length < Math.max(log.length, 1);
}

/** For each repetition the kill that may have caused it: the first that ended after the one arrival and began before the other. */
function causesOf({ times }: Receipt, kills: readonly Kill[]): (Kill | undefined)[] {
  return times.slice(1).map((second, index) => {
    const first = times[index]!;
    return kills.find(({ atMs, readyAtMs }) => atMs <= second && readyAtMs >= first);
  });
}

function* checkLedger({ faults, counts }: LedgerAudit): Iterable<string> {
  for (const { rule, subject, detail } of faults) yield `ledger: ${rule}: ${subject} (${detail})`;
  if (counts.held !== 0n) yield `ledger: jobs hold ${counts.held} cents after the last has ended`;
  if (counts.agents + counts.held + counts.fees !== counts.minted)
    yield 'ledger: what agents and fees have is not what was paid in';
}

function percentiles(values: readonly number[]): Reconciliation['latency'] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

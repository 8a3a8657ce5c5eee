import { setTimeout as delay } from 'node:timers/promises';
import { auditLedger } from '@agent-registry/operator';
import { type EventType, formatCents, type WebhookDelivery } from '@agent-registry/schemas';
import { type Actor, mustBe, type Scene, step } from './scene.ts';

/** What the first three jobs must leave behind: 10.00 + 23.40 + 39.00 + 6.00, and 100.00 − 24.00 − 40.00 − 6.00; the rest is fees. */
const ofThreeJobs = { alice: '78.40', bob: '30.00', fees: '1.60' } as const;
/** And with the fourth, where there is a sandbox: 7.80 more, 8.00 less. */
const ofFourJobs = { alice: '86.20', bob: '22.00', fees: '1.80' } as const;
const expectedAfter = (jobIds: readonly string[]) => (jobIds.length === 4 ? ofFourJobs : ofThreeJobs);
const pollMs = 50;
const polls = 200;

/** What Bob must have heard, job by job. */
const bobsEvents: readonly (readonly EventType[])[] = [
  ['job.counter_received', 'job.accepted', 'job.started', 'job.delivered', 'job.completed'],
  [
    'job.accepted',
    'job.started',
    'job.delivered',
    'job.verification_failed',
    'job.delivered',
    'job.completed',
  ],
  ['job.accepted', 'job.started', 'job.cancelled'],
  [
    'job.accepted',
    'job.started',
    'job.delivered',
    'job.verification_failed',
    'job.delivered',
    'job.completed',
  ],
];

/** That every webhook of the story came, none beside them, and that the registry knows it. */
export async function checkWebhooks(scene: Scene, jobIds: readonly string[]): Promise<void> {
  const { tell, alice, bob } = scene;
  tell.chapter('What they heard');
  await step('Alice’s webhooks', async () => {
    mustBe('webhooks that nobody expected', alice.receiver.unasked(), []);
    mustBe('webhooks that did not verify', alice.receiver.refusals(), []);
    const deliveries = await settledDeliveries(alice);
    tell.right(`Alice: ${deliveries.length} webhooks, every one verified by both families of signatures`);
  });
  await step('Bob’s events', async () => {
    const deliveries = await bob.client.listWebhooks({ limit: 100 });
    const events = deliveries.map(({ body }) => JSON.parse(body) as { event: string; job_id: string });
    for (const [index, jobId] of jobIds.entries()) {
      const heard = events.filter((event) => event.job_id === jobId).map(({ event }) => event);
      mustBe(`what Bob heard of job ${index + 1}`, heard.toSorted(), bobsEvents[index]?.toSorted());
      tell.right(`Bob, of job ${index + 1}: ${heard.toReversed().join(', ')}`);
    }
  });
}

/** Alice's deliveries once each is recorded as delivered, which is a moment after it came. */
async function settledDeliveries(alice: Actor): Promise<WebhookDelivery[]> {
  for (let poll = 0; poll < polls; poll += 1) {
    const deliveries = await alice.client.listWebhooks({ limit: 100 });
    if (deliveries.every(({ status }) => status === 'delivered')) return deliveries;
    await delay(pollMs);
  }
  throw new Error('some of them are not recorded as delivered');
}

/** That each has what the story says, to the cent, and shows how it came about. */
export async function checkMoney(scene: Scene, jobIds: readonly string[]): Promise<void> {
  const { tell, alice, bob } = scene;
  tell.chapter('What they were paid');
  for (const [actor, expected] of [
    [alice, expectedAfter(jobIds).alice],
    [bob, expectedAfter(jobIds).bob],
  ] as const) {
    await step(`${actor.name}’s money`, async () => {
      const statement = await actor.client.listTransactions({ limit: 100 });
      tell.note(`${actor.name}’s statement`);
      tell.table(
        ['what', 'job', 'amount', 'balance'],
        statement.items
          .toReversed()
          .map(({ kind, job_id, amount, balance_after }) => [
            kind,
            job_id === null ? '' : `job ${jobIds.indexOf(job_id) + 1}`,
            amount.startsWith('-') ? amount : `+${amount}`,
            balance_after,
          ]),
      );
      const { balance, held_in_escrow, held_in_bonds } = await actor.client.getBalance();
      mustBe(`${actor.name}’s balance`, balance, expected);
      mustBe(`what is held of ${actor.name}’s`, [held_in_escrow, held_in_bonds], ['0.00', '0.00']);
      tell.right(`${actor.name} has ${balance}, and nothing is held`);
    });
  }
}

/** That the ledger balances, and that the platform has its fees and no more. */
export async function checkLedger(
  { tell }: Pick<Scene, 'tell'>,
  jobIds: readonly string[],
  databaseUrl: string,
): Promise<void> {
  const expectedFees = expectedAfter(jobIds).fees;
  tell.chapter('The ledger');
  await step('the ledger audit', async () => {
    const { faults, counts } = await auditLedger(databaseUrl);
    mustBe('the audit’s findings', faults, []);
    const { accounts, transfers, postings, fees, held, agents, minted } = counts;
    mustBe('the fees', formatCents(fees), expectedFees);
    mustBe('what is held', formatCents(held), '0.00');
    mustBe('agents and fees together', formatCents(agents + fees), formatCents(minted));
    tell.right(
      `${transfers} transfers, ${postings} postings in ${accounts} accounts: every balance is the sum of its postings`,
    );
    tell.right(`${formatCents(minted)} paid in = ${formatCents(agents)} agents + ${expectedFees} fees`);
  });
}

import {
  acceptSettlement,
  addEvidence,
  disputeJob,
  failJob,
  offerSettlement,
  recordAudit,
  resolveDispute,
} from '@agent-registry/operations';
import { formatCents } from '@agent-registry/schemas';
import type { Actor } from './actor.ts';
import { OPERATORS } from './bank.ts';
import { hours, type Scene } from './scene.ts';
import type { Story } from './simulation.ts';
import { work } from './stories.ts';

const COMPLAINTS = ['Two of the sources do not say this.', 'Not what was agreed.'];

/** What parties show: a title and a text. */
const EVIDENCE: Readonly<Record<'client' | 'seller', readonly (readonly [name: string, text: string])[]>> = {
  client: [
    [
      'complaint.txt',
      'Lines 4, 9 and 12 contradict the sources that the job names. I listed each beside its source.',
    ],
    [
      'mail-of-tuesday.txt',
      'On Tuesday you wrote: "the tables will be in the order of the file". They are not.',
    ],
  ],
  seller: [
    ['answer.txt', 'The job asks for a summary, not for a translation. Each sentence of it is in the text.'],
    ['checks.csv', 'line,expected,delivered\n4,"1,204","1,204"\n9,"0.37","0.37"\n12,"n/a","n/a"'],
  ],
};

/** Without criteria: the client refuses the work. */
export async function* refused(scene: Scene): Story {
  const { deal } = scene;
  yield* work(scene);
  await scene.deliver(false);
  yield hours(scene, 2, 40);
  const reason = scene.random.pick(COMPLAINTS);
  await scene.act((op) => failJob(op, { jobId: scene.jobId(), actorId: deal.client.agentId, reason }));
}

/** The seller has it put before an operator, and both show what they have. */
export async function* disputed(scene: Scene): Story {
  yield* refused(scene);
  yield hours(scene, 1, 40);
  const reason = 'The work is as agreed; the complaint names no line of it.';
  const { seller } = scene.deal;
  await scene.act((op) => disputeJob(op, { jobId: scene.jobId(), actorId: seller.agentId, reason }));
  yield* shown(scene, () => hours(scene, 0.2, 8));
}

/** Evidence of both, each after a wait. */
export async function* shown(scene: Scene, waitMs: () => number): Story {
  for (const side of ['client', 'seller'] as const) {
    yield waitMs();
    const [name, text] = scene.random.pick(EVIDENCE[side]);
    const content = Buffer.from(text);
    const mediaType = name.endsWith('.csv') ? 'text/csv' : 'text/plain';
    const actorId = scene.deal[side].agentId;
    await scene.act((op) => addEvidence(op, { jobId: scene.jobId(), actorId, name, mediaType, content }));
  }
}

/** Offers to give the seller so much of what is held, in per cent; the offer's hash. */
export async function offer(
  scene: Scene,
  { by, percent, note }: { by: Actor; percent: number; note: string },
): Promise<string> {
  const held = scene.held();
  const sellerShare = (held * BigInt(percent)) / 100n;
  const shares = { clientShare: held - sellerShare, sellerShare };
  const job = await scene.act((op) =>
    offerSettlement(op, { jobId: scene.jobId(), actorId: by.agentId, ...shares, note }),
  );
  return job.negotiation.at(-1)!.hash;
}

/** The two settle it between them, before an operator looks. */
export async function* settled(scene: Scene): Story {
  yield* disputed(scene);
  const { client, seller } = scene.deal;
  yield hours(scene, 2, 20);
  await offer(scene, { by: client, percent: 30, note: 'A third of it I can use.' });
  yield hours(scene, 1, 12);
  const offerHash = await offer(scene, { by: seller, percent: 55, note: 'Half, and I mend the tables.' });
  yield hours(scene, 1, 12);
  await scene.act((op) => acceptSettlement(op, { jobId: scene.jobId(), actorId: client.agentId, offerHash }));
}

export async function* resolved(scene: Scene): Story {
  const { random } = scene;
  yield* disputed(scene);
  yield hours(scene, 12, 150);
  const note = random.pick(['Half of the work is usable.', 'The delivery met the text of the job.']);
  await scene.act(async (op) => {
    const operator = random.pick(OPERATORS);
    const jobId = scene.jobId();
    const held = scene.held();
    const sellerShare = (held * BigInt(random.pick([25, 40, 50, 70, 100]))) / 100n;
    const clientShare = held - sellerShare;
    await resolveDispute(op, { jobId, clientShare, sellerShare, note });
    const shares = { client_share: formatCents(clientShare), seller_share: formatCents(sellerShare), note };
    const details = { outcome: 'done', job_id: jobId, ...shares };
    await recordAudit(op, { operator, action: 'operatorResolve', subject: jobId, details });
  });
}

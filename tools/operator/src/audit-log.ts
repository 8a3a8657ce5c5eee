import {
  type Db,
  findDeploymentFact,
  findRecall,
  type JobRow,
  type LedgerFinding,
  type LogLeafRow,
  listAgreedJobs,
  listCheckpoints,
  listLoggedRecalls,
  listLogNodes,
  listLostLeaves,
  listSequencedLeaves,
  listUnloggedKeys,
  type RejudgementRow,
  type VerificationRunRow,
} from '@agent-registry/db';
import {
  decodeLeaf,
  isSame,
  type Leaf,
  leafHash,
  NoteError,
  openCheckpoint,
  opens,
  readVkey,
  type Verifier,
} from '@agent-registry/log';
import {
  appendHash,
  closedSubject,
  type JobLeaf,
  type JobLeaves,
  newTree,
  readJobLeaves,
  recallFields,
  reviewFields,
  rootOf,
  settlementFields,
  turnedSubject,
} from '@agent-registry/operations';
import { canonicalJson, criteriaHash } from '@agent-registry/signing';

const LEAVES_AT_ONCE = 1_000;
const JOBS_AT_ONCE = 100;
const FINDINGS_MAX = 1_000;

/**
 * Recomputes the transparency log: the tree from its leaves, every checkpoint and its signature; and reconciles the leaves, both ways,
 * with jobs, ledger, runs, reviews and keys. Reads only.
 *
 * @returns what is wrong; empty where there is no log or it is sound.
 */
export async function findLogFaults(db: Db): Promise<LedgerFinding[]> {
  return [...(await findTreeFaults(db)), ...(await findLeafFaults(db))].slice(0, FINDINGS_MAX);
}

async function findTreeFaults(db: Db): Promise<LedgerFinding[]> {
  const checkpoints = await listCheckpoints(db);
  const stored = new Map((await listLogNodes(db)).map(({ level, node, hash }) => [`${level}/${node}`, hash]));
  const signers = new Map<string, Verifier[]>();
  const tree = newTree();
  const faults: LedgerFinding[] = [];
  let size = 0;
  for (const checkpoint of checkpoints) {
    if (Number(checkpoint.previous_size) !== size)
      faults.push(
        fault(
          'a checkpoint follows another',
          String(checkpoint.size),
          `says ${checkpoint.previous_size}, not ${size}`,
        ),
      );
    const end = Number(checkpoint.size);
    for (let first = size; first < end; first += LEAVES_AT_ONCE) {
      const rows = await listSequencedLeaves(db, first, Math.min(end, first + LEAVES_AT_ONCE));
      for (const row of rows) {
        if (Number(row.log_index) !== size)
          faults.push(fault('every place of the log has its leaf', String(size), 'there is none'));
        size = Number(row.log_index) + 1;
        const hash = leafHash(row.leaf);
        if (!isSame(hash, row.leaf_hash)) faults.push(fault('a leaf has its hash', row.leaf_id, 'another'));
        if (!isFiledRight(row))
          faults.push(fault('a leaf is filed as what it is', row.leaf_id, `${row.kind} ${row.subject}`));
        noteKey(signers, decode(row.leaf));
        for (const { level, node, hash: made } of appendHash(tree, hash)) {
          const name = `${level}/${node}`;
          if (stored.get(name)?.equals(made) !== true)
            faults.push(fault('a node is made of its leaves', name, 'another'));
          stored.delete(name);
        }
      }
    }
    if (!isSame(rootOf(tree), checkpoint.root))
      faults.push(fault('a checkpoint has the root of its leaves', String(size), 'another'));
    if (size !== end) faults.push(fault('a checkpoint has its leaves', String(end), `there are ${size}`));
    size = end;
  }
  for (const name of stored.keys())
    faults.push(fault('a node is made of leaves', name, 'there are not so many'));
  return [...faults, ...checkpoints.flatMap((checkpoint) => signatureFault(checkpoint, signers))];
}

/** By these columns a leaf is found: by the receipt of its job, or among the keys of its agent. */
function isFiledRight({ leaf_id, kind, subject, leaf }: LogLeafRow): boolean {
  const read = decode(leaf);
  if (read === null || read.id !== leaf_id || read.kind !== kind) return false;
  return read.kind !== 'key' || [`${read.agent}:${leaf_id}`, `!lost:${leaf_id}`].includes(subject);
}

/** The keys that may sign are leaves themselves. */
function noteKey(signers: Map<string, Verifier[]>, leaf: Leaf | null): void {
  if (leaf?.kind !== 'log_key') return;
  try {
    const verifier = readVkey(leaf.vkey);
    signers.set(verifier.name, [...(signers.get(verifier.name) ?? []), verifier]);
  } catch (error) {
    if (!(error instanceof NoteError)) throw error; // A key that was changed signs nothing, and its leaf's hash tells.
  }
}

function signatureFault(
  { size, root, note }: { size: bigint; root: Buffer; note: string },
  signers: ReadonlyMap<string, readonly Verifier[]>,
): LedgerFinding[] {
  try {
    const [origin = ''] = note.split('\n');
    const signed = openCheckpoint(note, origin, signers.get(origin) ?? []);
    if (BigInt(signed.size) === size && isSame(signed.root, root)) return [];
    return [fault('a checkpoint is what was signed', String(size), `signed is ${signed.size}`)];
  } catch (error) {
    return [fault('a checkpoint is signed', String(size), (error as Error).message)];
  }
}

async function findLeafFaults(db: Db): Promise<LedgerFinding[]> {
  const faults: LedgerFinding[] = [];
  const backfill = (await findDeploymentFact(db, 'log_backfill')) as { pass: number } | undefined;
  const isFilled = (backfill?.pass ?? 1) > 1;
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const jobs = await listAgreedJobs(db, after, JOBS_AT_ONCE);
    for (const job of jobs) faults.push(...(await faultsOfJob(db, job, isFilled)));
    if (jobs.length < JOBS_AT_ONCE) break;
    after = jobs.at(-1)!.job_id;
  }
  for (const { recall, leaf_id, leaf } of await listLoggedRecalls(db, FINDINGS_MAX)) {
    if (recall === null)
      faults.push(fault('a leaf is about a recall that is there', String(leaf_id), 'none'));
    else if (leaf === null || leaf_id === null)
      faults.push(fault('a recall is in the log', recall.recall_id, 'there is no leaf'));
    else faults.push(...fieldFaults(leaf, leaf_id, recallFields(recall, { turned: 0, reference: null })));
  }
  for (const { leaf_id, kind } of await listLostLeaves(db, FINDINGS_MAX))
    faults.push(fault('a leaf is about a job that is there', leaf_id, `${kind}, recovered from the anchor`));
  if (isFilled)
    for (const { agent_id, logged } of await listUnloggedKeys(db, FINDINGS_MAX))
      faults.push(fault('an agent’s key is in the log', agent_id, `the log has ${logged ?? 'none'}`));
  return faults;
}

/** Kinds of which a job has one leaf, under its own id. */
const ONCE_A_JOB = new Set(['terms', 'escrow_held', 'settlement']);

async function faultsOfJob(db: Db, job: JobRow, isFilled: boolean): Promise<LedgerFinding[]> {
  const read = await readJobLeaves(db, job);
  const { leaves, verdicts, reviews, rejudgements } = read;
  const faults = leaves.flatMap((leaf) => commitmentFaults(leaf));
  for (const { row } of leaves)
    if (ONCE_A_JOB.has(row.kind) && row.subject !== job.job_id)
      faults.push(fault('a leaf is filed as what it is', row.leaf_id, `${row.kind} ${row.subject}`));
  const has = (kind: string, subject: string) =>
    leaves.some(({ row }) => row.kind === kind && row.subject === subject);
  const isLogged = has('terms', job.job_id);
  const missing = (kind: string, subject: string, wanted: boolean) => {
    if (wanted && !has(kind, subject))
      faults.push(fault(`a ${kind} is in the log`, subject, 'there is no leaf'));
  };
  // A job that ended before it was funded is settled too, but no money moved.
  const wasPaidOut = job.funded_at !== null && job.settled_at !== null;
  missing('settlement', job.job_id, wasPaidOut && (isLogged || isFilled));
  missing('escrow_held', job.job_id, job.funded_at !== null && isLogged);
  for (const run of verdicts) missing('verdict', run.run_id, isLogged);
  for (const review of reviews) missing('review', review.review_id, isLogged || isFilled);
  for (const anew of rejudgements) {
    missing('recall', turnedSubject(anew.run_id), anew.status === 'turned' || anew.status === 'closed');
    missing('recall', closedSubject(anew.run_id), anew.reference !== null);
  }
  for (const { row } of leaves)
    faults.push(...fieldFaults(row.leaf, row.leaf_id, await sayingOf(db, job, row, read)));
  return [...faults, ...resultFaults(job, verdicts)];
}

/** What the database has of what a leaf says publicly, its time included. */
async function sayingOf(
  db: Db,
  job: JobRow,
  { kind, subject }: LogLeafRow,
  { verdicts, reviews, rejudgements }: JobLeaves,
): Promise<object> {
  if (kind === 'settlement' && job.settled_at !== null)
    return { ...settlementFields(job), time: job.settled_at.toISOString() };
  if (kind === 'recall')
    return recallOf(
      db,
      subject,
      rejudgements.find(({ run_id: runId }) => subject.startsWith(runId)),
    );
  const run = verdicts.find(({ run_id: runId }) => kind === 'verdict' && runId === subject);
  if (run?.finished_at) return { time: run.finished_at.toISOString() };
  const review = reviews.find(({ review_id: id }) => id === subject);
  return review === undefined ? {} : { ...reviewFields(review), time: review.created_at.toISOString() };
}

/** The result that a job has is the one that the verdict on its newest delivery is about. */
function resultFaults(job: JobRow, verdicts: readonly VerificationRunRow[]): LedgerFinding[] {
  const judged = verdicts.find(({ delivery }) => delivery === job.delivery_count)?.deliverable_hash;
  if (job.result === null || judged === undefined || judged === null) return [];
  if (criteriaHash(JSON.parse(job.result)) === judged) return [];
  return [fault('a result is what was judged', job.job_id, `judged was ${judged}`)];
}

/** What the leaf about one verdict says of its recall. */
async function recallOf(db: Db, subject: string, anew: RejudgementRow | undefined): Promise<object> {
  const recall = anew && (await findRecall(db, anew.recall_id));
  if (anew === undefined || recall === undefined) return { runner_digest: null };
  const reference = subject === closedSubject(anew.run_id) ? anew.reference : null;
  const { turned: _turned, ...fields } = recallFields(recall, { turned: 0, reference });
  return fields;
}

function commitmentFaults({ row, openings }: JobLeaf): LedgerFinding[] {
  const leaf = decode(row.leaf);
  if (leaf === null) return [fault('a leaf can be read', row.leaf_id, 'it cannot')];
  const wanted = leaf.kind === 'verdict' || 'commit_seller' in leaf ? ['both', 'seller'] : ['both'];
  return wanted.flatMap((part) => {
    const opening = openings.find((one) => one.part === part);
    if (opening !== undefined && opens(leaf, opening)) return [];
    return [fault(`a ${row.kind} is what its leaf commits to`, row.leaf_id, `about ${row.subject}`)];
  });
}

function fieldFaults(bytes: Buffer, leafId: string, expected: object): LedgerFinding[] {
  const leaf = (decode(bytes) ?? {}) as Record<string, unknown>;
  return Object.entries(expected).flatMap(([name, value]) =>
    canonicalJson(leaf[name] ?? null) === canonicalJson(value)
      ? []
      : [
          fault(
            `a leaf says the ${name} that the database has`,
            leafId,
            `${JSON.stringify(leaf[name])}, not ${JSON.stringify(value)}`,
          ),
        ],
  );
}

function decode(bytes: Buffer): Leaf | null {
  try {
    return decodeLeaf(bytes.toString());
  } catch {
    return null;
  }
}

function fault(rule: string, subject: string, detail: string): LedgerFinding {
  return { rule, subject, detail };
}

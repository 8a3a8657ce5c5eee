import {
  type JobReceipt,
  ReceiptError,
  trustKeys,
  type VerifiedItem,
  verifyReceipt,
} from '@agent-registry/client';
import { type At, asUsage } from '../at.ts';
import { defineCommand, type Group } from '../define-command.ts';
import { EXIT } from '../describe-error.ts';
import { repeated, text } from '../flags.ts';
import { readJson } from '../read-input.ts';
import { inline, jsonBlock, time } from '../show-values.ts';
import { type Doc, fields, line, table, toned } from '../terminal/document.ts';
import { UsageError } from '../usage-error.ts';

/** Members of a leaf that are shown in its title, or that say nothing to people. */
const HEAD = new Set(['v', 'kind', 'id', 'time', 'commit', 'commit_seller']);

interface Verified {
  readonly job_id: string;
  readonly origin: string;
  /** Whether the log's keys were given; where not, they are the registry's word of today. */
  readonly pinned: boolean;
  /** Whether every leaf is proved to be in the log, and there is one. */
  readonly proved: boolean;
  readonly items: readonly VerifiedItem[];
}

const show = defineCommand({
  usage: 'show <job_id>',
  summary: 'Show the receipt of a job; with --json, what a stranger can verify',
  example: 'receipt show 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b --json > receipt.json',
  run: ({ client }, { job_id }) => client.getJobReceipt({ job_id }),
  show: ({ job_id, log, items }) => [
    fields({ job: job_id, log: log.origin }),
    table(items, 'The log has nothing of the job yet', {
      LEAF: ({ kind }) => kind,
      OPENED: ({ openings }) => openings.map(({ part }) => part).join(', '),
      PROOF: ({ proof }) =>
        proof === null ? toned('warn', 'not in the log yet') : toned('good', 'in the log'),
    }),
  ],
});

const verify = defineCommand({
  usage: 'verify [job_id]',
  summary: 'Verify that a job is in the transparency log as its receipt says',
  example: 'receipt verify --file receipt.json --vkey "registry.example/log+952bc5e7+AQOhB7/zzhC+HXDd…"',
  access: 'open',
  flags: {
    file: text('<file>', 'a receipt to verify without the registry; - is standard input'),
    vkey: repeated('<key>', 'the log’s verifier key, from a source that you trust; may be repeated'),
  },
  async run(at, { job_id, file, vkey }): Promise<Verified> {
    if ((job_id === undefined) === (file === undefined))
      throw new UsageError('Name a job, or a receipt with --file.');
    // Whoever forges a receipt would write its own key into it.
    if (file !== undefined && vkey === undefined)
      throw new UsageError('A receipt cannot vouch for itself: name the log’s key with --vkey.');
    const pinned = vkey && (await asUsage(() => trustKeys(vkey)));
    const receipt = await readReceipt(at, { job_id, file });
    const log = pinned ?? receipt.log;
    const items = verifyReceipt(receipt, log);
    const proved = items.length > 0 && items.every(({ index }) => index !== null);
    return { job_id: receipt.job_id, origin: log.origin, pinned: pinned !== undefined, proved, items };
  },
  show: showVerified,
  exitCode: ({ proved }) => (proved ? EXIT.ok : EXIT.refused),
});

async function readReceipt(
  { io, client, agentId }: At,
  { job_id = '', file }: { job_id: string | undefined; file: string | undefined },
): Promise<JobReceipt> {
  if (file === undefined && agentId === '')
    throw new UsageError(
      'A job’s receipt is for its parties: register an agent, or verify a file with --file.',
    );
  if (file === undefined) return client.getJobReceipt({ job_id });
  const value = (await readJson(io, file)) as Partial<JobReceipt> | null;
  const { job_id: job, items } = value ?? {};
  if (typeof job !== 'string' || !Array.isArray(items) || !items.every(isItem))
    throw new ReceiptError('it is not of the shape that GET /jobs/:id/receipt answers');
  return value as JobReceipt;
}

function isItem(item: Partial<JobReceipt['items'][number]> | null): boolean {
  const { kind, leaf, openings, proof } = item ?? {};
  if (typeof kind !== 'string' || typeof leaf !== 'string' || !Array.isArray(openings)) return false;
  if (proof !== null && typeof proof !== 'string') return false;
  return openings.every((one: unknown) => {
    const { part, salt } = (one ?? {}) as Readonly<Record<string, unknown>>;
    return typeof part === 'string' && typeof salt === 'string';
  });
}

function showVerified({ job_id, origin, pinned, proved, items }: Verified): Doc {
  const said =
    items.length === 0 ? 'The log has nothing of the job yet' : 'Some leaves are not in the log yet';
  return [
    ...items.flatMap(showItem),
    line(proved ? toned('good', 'The receipt holds') : toned('warn', said)),
    fields({ job: job_id, log: origin }),
    ...(pinned ? [] : [line(toned('warn', 'By the key that the registry names: pin it with --vkey.'))]),
  ];
}

function showItem({ leaf, index, size, openings }: VerifiedItem): Doc {
  const place = index === null ? toned('warn', 'not in the log yet') : `leaf ${index} of ${size}`;
  const shown = Object.entries(leaf).filter(([name]) => !HEAD.has(name));
  return [
    line(toned('strong', leaf.kind), '  ', place, '  ', toned('quiet', time(leaf.time) ?? '')),
    fields(Object.fromEntries(shown.map(([name, value]) => [`  ${name}`, inline(value)]))),
    ...openings.flatMap(({ part, opening }) =>
      jsonBlock(part === 'both' ? '  known to both parties' : '  known to the seller', opening),
    ),
  ];
}

export const receipt: Group = {
  name: 'receipt',
  summary: 'What the transparency log proves of a job',
  commands: [show, verify],
};

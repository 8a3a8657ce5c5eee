// The log as verifiers see it that are none of ours: a Go program on golang.org/x/mod and torchwood (tools/verify/go).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type JobReceipt, register } from '@agent-registry/client';
import { isOnPath, waitUntil } from '@agent-registry/servers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { killOnce } from './storm/kills.ts';
import { driveJob, type Parties } from './testing/drive-job.ts';
import { useE2eStack } from './testing/use-stack.ts';

const JOBS = process.env.LONG_TESTS ? 5_000 : 20;
/** Pairs of agents, each with jobs of its own: two agents may not write more than some thousand jobs an hour. */
const PAIRS = 10;
/** Parts that are killed with -9, one after the other, while the jobs go on. */
const KILLED = ['dispatcher', 'postgres', 'api'] as const;
const KILLS = process.env.LONG_TESTS ? 12 : 2;
const TIMEOUT_MS = process.env.LONG_TESTS ? 3_600_000 : 240_000;
const source = fileURLToPath(new URL('../../verify/go', import.meta.url));

const missing = findMissing();
const testGo = missing === '' ? test : test.skip;
const stack = useE2eStack(
  { RATE_LIMIT_LOG_CAPACITY: '1000000', RATE_LIMIT_LOG_REFILL_PER_MIN: '1000000' },
  { runner: false },
);
let folder: string;
let input: { log_url: string; vkey: string; older: string; receipt: JobReceipt };

/** Why there is no verifier, as the end of a test's name; a module that is not what go.sum says is no reason. */
function findMissing(): string {
  if (!isOnPath('go')) return ': there is no Go';
  const { status, stderr } = go('mod', 'download');
  return status === 0 || /checksum|SECURITY/.test(stderr)
    ? ''
    : ': Go is too old, or its modules are out of reach';
}

function go(...words: string[]) {
  // No other toolchain is fetched than the one that is there.
  const env = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false' };
  return spawnSync('go', words, { cwd: source, env, encoding: 'utf8', timeout: TIMEOUT_MS });
}

function verify(given: unknown) {
  const { status, stdout, stderr } = spawnSync(join(folder, 'verify'), {
    input: JSON.stringify(given),
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  return { status, stderr, found: status === 0 ? (JSON.parse(stdout) as Record<string, number>) : null };
}

/** Two agents that do not give up while a part of the registry is away. */
async function settlePair(): Promise<Parties> {
  const connection = { baseUrl: stack.apiUrl, maxRetries: 40, timeoutMs: 30_000 };
  const settle = async (display_name: string) => {
    const { agent, client } = await register(connection, { display_name });
    return { agentId: agent.agent_id, client };
  };
  const parties = { client: await settle('client'), seller: await settle('seller') };
  await parties.client.client.depositCredits({ amount: `${JOBS + 1}.00` });
  return parties;
}

async function killInBetween(progress: { readonly begun: number }): Promise<void> {
  for (let kill = 0; kill < KILLS; kill += 1) {
    const isTime = () => progress.begun >= ((kill + 1) * JOBS) / (KILLS + 1);
    if (!(await waitUntil(isTime, { timeoutMs: TIMEOUT_MS }))) throw new Error('the jobs came to a stop');
    await killOnce(stack, KILLED[kill % KILLED.length]!);
  }
}

/** Completes a job; its id. */
async function completeJob(parties: Parties): Promise<string> {
  const job_id = await driveJob(parties, 'delivered', { max_budget: '1.00' });
  await parties.client.client.completeJob({ job_id });
  return job_id;
}

/** The receipt of a job once all of it is published. */
async function receiptOf({ client }: Parties, job_id: string): Promise<JobReceipt> {
  const isPublished = async () => !(await client.client.getJobReceipt({ job_id })).pending;
  expect(await waitUntil(isPublished, { timeoutMs: TIMEOUT_MS / 4 })).toBe(true);
  return client.client.getJobReceipt({ job_id });
}

beforeAll(async () => {
  if (missing !== '') return;
  folder = mkdtempSync(join(tmpdir(), 'log-verifiers-'));
  const { status, stderr } = go('build', '-o', join(folder, 'verify'), '.');
  if (status !== 0) throw new Error(`go build: ${stderr}`);
  const pairs = await Promise.all(Array.from({ length: PAIRS }, settlePair));
  const log_url = `${stack.apiUrl}/log`;
  await receiptOf(pairs[0]!, await completeJob(pairs[0]!));
  const older = await (await fetch(`${log_url}/checkpoint`)).text();
  const progress = { begun: 0 };
  const playAll = pairs.map(async (parties) => {
    let job = '';
    for (; progress.begun < JOBS; job = await completeJob(parties)) progress.begun += 1;
    return { parties, job };
  });
  const [ended] = await Promise.all([Promise.all(playAll), killInBetween(progress)]);
  const last = ended.filter(({ job }) => job !== '');
  const [receipt] = await Promise.all(last.map(({ parties, job }) => receiptOf(parties, job)));
  const { vkeys } = (await (await fetch(log_url)).json()) as { vkeys: [string] };
  input = { log_url, vkey: vkeys[0], older, receipt: receipt! };
}, TIMEOUT_MS);

afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

testGo(
  `verifiers of others prove every entry of the log from its tiles, its growth since an older checkpoint, and a receipt${missing}`,
  () => {
    const { stderr, found } = verify(input);
    expect(stderr).toBe('');
    expect(found).toMatchObject({ included: found?.size, proofs: input.receipt.items.length });
    // Terms, held escrow and settlement of each job since.
    expect(found!.size! - found!.older!).toBeGreaterThanOrEqual(3 * JOBS);
    expect(found!.older).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

testGo(
  `verifiers of others refuse a receipt whose leaf was changed, an older checkpoint that was changed, and another log’s key${missing}`,
  () => {
    const [first, ...rest] = input.receipt.items;
    const leaf = first!.leaf.replace(/"time":"2/, '"time":"1');
    expect(verify({ ...input, receipt: { items: [{ ...first, leaf }, ...rest] } })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('item 1'),
    });
    const older = input.older.replace(/\n(\d+)\n/, (_all, size) => `\n${Number(size) - 1}\n`);
    expect(verify({ ...input, older })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('the older checkpoint'),
    });
    const vkey = 'registry.example/log+952bc5e7+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4';
    expect(verify({ ...input, vkey })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('the checkpoint'),
    });
  },
  TIMEOUT_MS,
);

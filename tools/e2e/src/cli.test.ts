import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { generateKeyPair, type JobReceipt, register, verifyWebhook } from '@agent-registry/client';
import { isOnPath, waitUntil } from '@agent-registry/servers';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { useCommandLine } from './testing/command-line.ts';
import { openEndpoint } from './testing/endpoint.ts';
import { useE2eStack } from './testing/use-stack.ts';

const PATIENCE_MS = 180_000;
const stack = useE2eStack();
const { bin, environment, fileOf, json, register: newProfile, run, directory } = useCommandLine(stack);

const criteria = {
  version: '1.0',
  tests: [{ test_id: 'sum', type: 'assertion', params: { expression: 'output.sum == 42.0' } }],
  pass_threshold: 'all',
};

describe('a whole job, by two profiles', () => {
  let seller: string;
  let jobId: string;
  beforeAll(async () => {
    await newProfile('client');
    seller = await newProfile('seller');
    await json('client', 'deposit', '100.00');
    await json('seller', 'listings', 'create', 'adding', '--base-price', '12.50');
  }, PATIENCE_MS);

  test('a profile is a file that its owner alone can read', () => {
    const file = join(directory, 'config', 'agent-registry', 'seller.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      agent_id: seller,
      registry: stack.apiUrl,
    });
  });

  test(
    'a job with criteria is proposed, accepted, funded, refused by its tests, delivered again, paid and reviewed',
    async () => {
      const found = await json<{ listing_id: string }[]>('client', 'discover', 'adding');
      const suite = fileOf('suite.json', criteria);
      const proposal = ['--max-budget', '12.50', '--listing-id', found[0]!.listing_id, '--task', 'Add up'];
      const job = await json<{ job_id: string }>(
        'client',
        'jobs',
        'propose',
        seller,
        ...proposal,
        '--criteria',
        suite,
      );
      jobId = job.job_id;
      const { acceptance_criteria_hash: hash } = await json('client', 'criteria', 'hash', suite);
      const agreed = await json('seller', 'jobs', 'accept', jobId);
      expect(agreed).toMatchObject({ status: 'agreed', acceptance_criteria_hash: hash });
      const funded = await run(['jobs', 'fund', jobId, '--profile', 'client']);
      expect(funded).toMatchObject({ code: 0, stderr: expect.stringMatching(/price, of client .*12\.50/) });
      await json('seller', 'jobs', 'start', jobId);
      await json('seller', 'jobs', 'deliver', jobId, fileOf('bad.json', { sum: 41 }));
      const refused = await run(['jobs', 'verify', jobId, '--profile', 'client']);
      expect(refused).toMatchObject({ code: 4, stdout: expect.stringMatching(/^FAIL .*\n/) });
      const again = await run(['jobs', 'deliver', jobId, '-', '--profile', 'seller'], {}, '{"sum": 42}');
      expect(again.code).toBe(0);
      const verified = await json('client', 'jobs', 'verify', jobId);
      expect(verified).toMatchObject({ job: { status: 'completed' }, verification: { verdict: 'pass' } });
      await json('client', 'jobs', 'review', jobId, '--rating', '5', '--tag', 'exact');
      expect(await json('seller', 'balance')).toMatchObject({ balance: '12.18' });
    },
    PATIENCE_MS,
  );

  test(
    'a receipt verifies by the log’s key once it is published, for a party and, from a file, for a stranger without an agent',
    async () => {
      const show = () => json<JobReceipt>('seller', 'receipt', 'show', jobId);
      const isPublished = async () => !(await show()).pending;
      expect(await waitUntil(isPublished, { timeoutMs: PATIENCE_MS / 2 })).toBe(true);
      const receipt = await show();
      const pinned = ['--vkey', receipt.log.vkeys[0]!];
      const verified = await json('client', 'receipt', 'verify', jobId, ...pinned);
      expect(verified).toMatchObject({ job_id: jobId, pinned: true, proved: true });
      const unpinned = await run(['receipt', 'verify', jobId, '--profile', 'client']);
      expect(unpinned).toMatchObject({ code: 0, stdout: expect.stringContaining('pin it with --vkey') });
      const words = ['receipt', 'verify', '--file', fileOf('receipt.json', receipt), ...pinned];
      expect(await run(words, { XDG_CONFIG_HOME: '/nowhere' })).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('The receipt holds'),
      });
    },
    PATIENCE_MS,
  );

  test('watch prints a line of JSON for each thing that happened, and ends with the job', async () => {
    const { code, stdout, stderr } = await run(['jobs', 'watch', jobId, '--json', '--profile', 'seller']);
    const names = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event);
    expect([code, names[0], names.at(-1)]).toEqual([0, 'job.proposed', 'job.completed']);
    expect(stderr).toContain('completed');
  });

  test('events lists the agent’s events, and --after leaves out those before', async () => {
    const all = await run(['events', '--json', '--profile', 'seller']);
    const cursors = all.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { cursor: string }).cursor);
    const later = await run(['events', '--json', '--after', cursors[0]!, '--profile', 'seller']);
    expect(later.stdout).toBe(all.stdout.split('\n').slice(1).join('\n'));
  });

  test('what the registry refuses ends with 1, and says why and what to do', async () => {
    const { code, stdout, stderr } = await run(['jobs', 'fund', jobId, '--profile', 'seller']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/\(403 wrong_party\)\n.*--profile/);
    const asJson = await run(['jobs', 'fund', jobId, '--profile', 'seller', '--json']);
    expect(JSON.parse(asJson.stderr.split('\n').at(-2) ?? '')).toMatchObject({
      error: { code: 'wrong_party' },
    });
  });

  test('a field that is not acceptable is named', async () => {
    const words = ['listings', 'create', 'adding', '--base-price', '1.005', '--profile', 'seller'];
    expect(await run(words)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/\n {2}base_price {2}\S/),
    });
  });

  test('the agent of the environment needs no profile', async () => {
    const file = join(directory, 'config', 'agent-registry', 'seller.json');
    const stored = JSON.parse(readFileSync(file, 'utf8')) as { agent_id: string; private_key: string };
    const env = { AGENT_REGISTRY_AGENT_ID: stored.agent_id, AGENT_REGISTRY_PRIVATE_KEY: stored.private_key };
    const { stdout } = await run(['whoami', '--json'], { ...env, XDG_CONFIG_HOME: '/nowhere' });
    expect(JSON.parse(stdout)).toMatchObject({ agent: { agent_id: seller } });
  });

  test(
    'criteria check finds a suite that a stub of the right shape passes, and ends with 4',
    async () => {
      const shape = { type: 'object', required: ['title'] };
      const weak = {
        ...criteria,
        tests: [{ test_id: 'shape', type: 'json_schema', params: { schema: shape } }],
      };
      const samples = [
        '--sample',
        fileOf('good.json', { title: 'Work' }),
        '--sample-fails',
        fileOf('none.json', {}),
      ];
      const words = ['criteria', 'check', fileOf('weak.json', weak), ...samples, '--profile', 'client'];
      expect(await run(words)).toMatchObject({
        code: 4,
        stdout: expect.stringContaining('YES: passed without'),
      });
    },
    PATIENCE_MS,
  );

  test('a rotation of the key that was cut off, before or after the registry took it, is taken up again', async () => {
    const file = join(directory, 'config', 'agent-registry', 'seller.json');
    const before = readFileSync(file);
    const first = await json<{ public_key: string }>('seller', 'keys', 'rotate');
    expect(await json('seller', 'whoami')).toMatchObject({ agent: { public_key: first.public_key } });
    const after = readFileSync(file);
    // As a crash leaves it that came between the registry's answer and the end.
    writeFileSync(file, before);
    writeFileSync(`${file}.next`, after);
    expect(await json('seller', 'keys', 'rotate')).toMatchObject(first);
    expect(existsSync(`${file}.next`)).toBe(false);
    // And one that came before the registry heard of it.
    const { publicKey, privateKey } = generateKeyPair();
    const stored = JSON.parse(after.toString()) as object;
    writeFileSync(`${file}.next`, JSON.stringify({ ...stored, private_key: privateKey }));
    expect(await json('seller', 'keys', 'rotate')).toMatchObject({ public_key: publicKey });
    expect(await json('seller', 'whoami')).toMatchObject({ agent: { public_key: publicKey } });
  });
});

test(
  'webhooks listen forwards what happens, signed by the secret of the profile, again while it is refused, until Ctrl-C',
  async () => {
    const seller = await newProfile('listener');
    await newProfile('proposer');
    const { webhook_secret: secret } = await json<{ webhook_secret: string }>('listener', 'secret', 'rotate');
    const statuses = [503, 204];
    const received: boolean[] = [];
    const endpoint = await openEndpoint(({ headers }, body, answer) => {
      received.push(verifyWebhook({ headers, body, secret }).valid);
      answer(statuses.shift() ?? 204);
    });
    const words = [
      'webhooks',
      'listen',
      '--forward-to',
      `${endpoint.url}/hook`,
      '--json',
      '--profile',
      'listener',
    ];
    const child = spawn(`${bin}agent-registry`, words, { env: environment() });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stderr.once('data', resolve));
    await json('proposer', 'jobs', 'propose', seller, '--max-budget', '1.00');
    const line = await new Promise((resolve) => child.stdout.once('data', (data) => resolve(String(data))));
    expect(JSON.parse(line as string)).toMatchObject({
      event: 'job.proposed',
      attempts: 2,
      status: 204,
      delivered: true,
    });
    expect(received).toEqual([true, true]);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    await endpoint.close();
  },
  PATIENCE_MS,
);

test('what strangers wrote reaches the terminal without its escape sequences', async () => {
  const attack = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202etxt';
  const { client } = await register({ baseUrl: stack.apiUrl }, { display_name: 'Mallory' });
  await client.createListing({ skill_id: 'mischief', base_price: '1.00', description: attack });
  const plain = await run(['discover', 'mischief']);
  const inJson = await run(['discover', 'mischief', '--json']);
  for (const { stdout } of [plain, inJson]) expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
  expect(plain.stdout).toContain('\\u{1b}]0;owned');
  expect(JSON.parse(inJson.stdout)).toMatchObject([{ description: attack }]);
});

test('an operator deposits by the key of the environment, and sees it in the audit trail', async () => {
  const agentId = await newProfile('funded');
  const env = { AGENT_REGISTRY_OPERATOR_KEY: stack.operatorKey };
  const words = ['operator', 'deposit', agentId, '5.00', '--reference', 'invoice-7'];
  expect(await run(words, env)).toMatchObject({ code: 0, stdout: expect.stringContaining('5.00') });
  expect((await run(['operator', 'audit'], env)).stdout).toContain(agentId);
  expect(await run(words)).toMatchObject({ code: 2, stderr: expect.stringContaining('OPERATOR_KEY') });
});

test('a registry that does not answer ends with 3, and says where it was looked for', async () => {
  const unreachable = { code: 3, stderr: expect.stringContaining('127.0.0.1:1') };
  expect(await run(['discover', '--registry', 'http://127.0.0.1:1'])).toMatchObject(unreachable);
});

const hasBash = isOnPath('bash');
const inBash = hasBash ? test : test.skip;
const root = fileURLToPath(new URL('../../../', import.meta.url));

inBash.each(['README.md', 'packages/cli/README.md'])(
  `the commands of %s do what it says${hasBash ? '' : ' (skipped without bash)'}`,
  async (name) => {
    const block = /^```sh\n(npx agent-registry.*?)^```$/ms.exec(readFileSync(join(root, name), 'utf8'))?.[1];
    const config = join(directory, name.replaceAll('/', '-'));
    const env = { ...environment({ XDG_CONFIG_HOME: config }), AGENT_REGISTRY_URL: stack.apiUrl };
    const commands = block!.replaceAll('npx agent-registry', 'agent-registry');
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-euc', commands], {
      cwd: directory,
      env,
    });
    expect(stdout).toMatch(/summarise +12\.50 +Carol/);
  },
  PATIENCE_MS,
);

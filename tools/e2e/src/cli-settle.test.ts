// Settling by the command line: each command a process of its own, against the whole registry.
import { expect, test } from '@jest/globals';
import { useCommandLine } from './testing/command-line.ts';
import { useE2eStack } from './testing/use-stack.ts';

const PATIENCE_MS = 180_000;
const stack = useE2eStack();
const { json, register, run } = useCommandLine(stack);

test(
  'two parties settle a job by the command line: one offers, the other sees it and accepts, nobody else can, and both are paid what was shown',
  async () => {
    const names = ['offering', 'agreeing', 'onlooker'];
    const [, agreeing] = [await register(names[0]!), await register(names[1]!), await register(names[2]!)];
    for (const name of names) await json(name, 'deposit', '50.00');
    const terms = ['--max-budget', '20.00', '--seller-abort-penalty', '2.00'];
    const { job_id } = await json<{ job_id: string }>('offering', 'jobs', 'propose', agreeing, ...terms);
    const at = (profile: string, ...words: string[]) => run(['jobs', ...words, '--profile', profile]);
    const early = await at('offering', 'settle', job_id, '--client-share', '20.00', '--seller-share', '2.00');
    expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining('(409 invalid_state)') });
    await json('agreeing', 'jobs', 'accept', job_id);
    await json('offering', 'jobs', 'fund', job_id);
    expect(await at('agreeing', 'settle-accept', job_id)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Nobody has offered to settle this job.'),
    });

    const shares = ['--client-share', '8.00', '--seller-share', '14.00'];
    const wrong = await at('offering', 'settle', job_id, '--client-share', '8.00', '--seller-share', '12.00');
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringMatching(/client_share.*22\.00/) });
    const offered = await at('offering', 'settle', job_id, ...shares, '--note', 'Half of it is of use');
    const hash = /offer hash +([0-9a-f]{64})/.exec(offered.stdout)?.[1];
    expect(offered).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /If the other party accepts:\n.*client .* 8\.00\n.*14\.00, of which 2\.5/,
      ),
    });
    const seen = await json<{ negotiation_log: object[] }>('agreeing', 'jobs', 'show', job_id);
    expect(seen.negotiation_log.at(-1)).toMatchObject({
      kind: 'settlement_offer',
      client_share: '8.00',
      seller_share: '14.00',
      message: 'Half of it is of use',
      hash,
    });
    expect((await at('agreeing', 'show', job_id)).stdout).toContain('Half of it is of use');

    expect(await at('offering', 'settle-accept', job_id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(409 own_offer)'),
    });
    for (const words of [
      ['settle-accept', job_id],
      ['settle', job_id, ...shares],
    ])
      expect(await at('onlooker', ...words)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('(404 not_found)'),
      });
    expect(await at('agreeing', 'settle-accept', job_id)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Settled[\s\S]*resolved/),
      stderr: expect.stringContaining('The job is settled, for good:'),
    });
    const balances = names.map(async (name) => (await json<{ balance: string }>(name, 'balance')).balance);
    expect(await Promise.all(balances)).toEqual(['38.00', '61.70', '50.00']);
    expect(await at('agreeing', 'settle-accept', job_id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(409 invalid_state)'),
    });
  },
  PATIENCE_MS,
);

test.each([
  ['settle', ['--client-share', '--seller-share', '--note', 'what the client gets', 'jobs settle 0190']],
  ['settle-accept', ['newest offer to settle', '--yes', 'jobs settle-accept 0190']],
])('jobs %s --help says what it does, with its options and an example', async (name, said) => {
  const { code, stdout } = await run(['jobs', name, '--help']);
  expect(code).toBe(0);
  for (const words of said) expect(stdout).toContain(words);
});

import { claimCheck, commit, recordStep } from '@agent-registry/operations';
import type { TestRunResponse, TestVerdict } from '@agent-registry/schemas';
import { describe, expect, test } from '@jest/globals';
import { NO_ID } from '../../../test/arrange.ts';
import { CRITERIA, useMarket } from '../../../test/market.ts';
import { useApi } from '../../../test/start-api.ts';

const DAY_MS = 86_400_000;
const SECRET = 'THE-REFERENCE';
const RUNNER = { version: '1', digest: 'd'.repeat(64) };
const SAMPLES = [
  { name: 'reference', result: { ok: true, text: SECRET }, expect: 'pass' },
  { name: 'stub', result: { ok: false }, expect: 'fail' },
];
const api = useApi();
const market = useMarket(api);

const ask = (body: object = {}, wait = 0) =>
  market.client.call('POST', '/v1/criteria/check', {
    body: { acceptance_criteria: CRITERIA, samples: SAMPLES, repeats: 2, ...body },
    headers: { Prefer: `wait=${wait}` },
  });

function said(verdict: TestVerdict): TestRunResponse {
  const outcome = verdict === 'pass' ? 'passed' : 'failed';
  const result = { test_id: 'says-ok', type: 'assertion', passed: verdict === 'pass', outcome } as const;
  return {
    run_id: 'run',
    verdict,
    results: [{ ...result, message: '', exit_code: null, stdout: SECRET, stderr: '' }],
    summary: verdict,
    criteria_hash: 'a'.repeat(64),
    deliverable_hash: 'b'.repeat(64),
    isolation: { backend: 'test', backends: [], runtimes: [] },
    usage: { duration_ms: 1, cpu_ms: 1, peak_memory_bytes: 1, tests: [] },
    runner: RUNNER,
    deterministic: true,
  };
}

/** Plays dispatcher and test-runner: each sample twice as it should be, and one cheat that gets nothing. */
async function finish(checkId: string): Promise<void> {
  const deps = { ...api.context, db: api.database.dispatcherDb };
  const { value: claim } = await commit(deps, (op) => claimCheck(op, { checkId }));
  if (claim.kind !== 'claimed') throw new Error(`the check is ${claim.kind}`);
  const steps = [
    { sample: 0, cheat: null },
    { sample: 1, cheat: null },
    { sample: 0, cheat: null },
    { sample: 1, cheat: null },
    { sample: null, cheat: 'empty_object' },
  ];
  for (const [step, { sample, cheat }] of steps.entries()) {
    const response = said(sample === 0 ? 'pass' : 'fail');
    const done = { step, sample, cheat, response, keepsReport: step < 2, runnerMs: 5 };
    const input = { checkId, token: claim.token, done, steps: steps.length, isTurnOver: false };
    await commit(deps, (op) => recordStep(op, input));
  }
}

async function newProof(): Promise<string> {
  const { body } = await ask();
  await finish(body.check_id);
  return (await market.client.call('GET', `/v1/criteria/checks/${body.check_id}`)).body.proof_id;
}

const propose = (terms: object, by = market.client) =>
  by.call('POST', '/v1/jobs', {
    body: {
      seller_agent_id: market.seller.id,
      max_budget: '20.00',
      acceptance_criteria: CRITERIA,
      ...terms,
    },
  });

describe('POST /criteria/check', () => {
  test('POST /criteria/check answers 202 and where to look while the check is on its way', async () => {
    const reply = await ask();
    expect([reply.status, reply.body.status, reply.body.samples]).toEqual([202, 'pending', []]);
    expect(reply.headers.get('location')).toBe(`/v1/criteria/checks/${reply.body.check_id}`);
    expect(reply.headers.get('preference-applied')).toBe('wait=0');
    await api.tasks.idle();
    const task = api.tasks.received.at(-1);
    expect(JSON.stringify(task)).toContain('/internal/criteria-check');
  });

  test('POST /criteria/check waits for what is found, and tells its owner of each sample all that the runner said', async () => {
    const waiting = ask({}, 20);
    let checkId: string | undefined;
    while (checkId === undefined) {
      const row = await api.db
        .selectFrom('criteria_checks')
        .select('check_id')
        .where('agent_id', '=', market.client.id)
        .executeTakeFirst();
      checkId = row?.check_id;
    }
    await finish(checkId);
    const { status, body } = await waiting;
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'finished',
      deterministic: true,
      forgeable: false,
      cheats: [{ name: 'empty_object', passed: false }],
      runner: RUNNER,
      samples: [
        { name: 'reference', as_expected: true, report: { verdict: 'pass', results: [{ stdout: SECRET }] } },
        { name: 'stub', as_expected: true, report: { verdict: 'fail' } },
      ],
    });
  });

  test('POST /criteria/check refuses what a proposal would refuse, with the same paths, and keeps nothing', async () => {
    const tests = [{ test_id: 't', type: 'assertion', params: { expression: 'no_such_name' } }];
    const refused = await ask({ acceptance_criteria: { tests } });
    const proposed = await propose({ acceptance_criteria: { tests } });
    expect([refused.status, refused.body.errors]).toEqual([422, proposed.body.errors]);
    const samples = [SAMPLES[0], SAMPLES[0]];
    for (const body of [
      { samples },
      { repeats: 6 },
      { acceptance_criteria: null },
      { samples: [{ name: 'a' }] },
    ])
      expect((await ask(body)).status).toBe(422);
    expect(
      await api.db.selectFrom('criteria_checks').where('agent_id', '=', market.client.id).execute(),
    ).toEqual([]);
  });

  test('a check under one Idempotency-Key is made once, and a repeat is answered with what has been found since', async () => {
    const headers = { 'Idempotency-Key': 'once', Prefer: 'wait=0' };
    const body = { acceptance_criteria: CRITERIA, samples: SAMPLES, repeats: 2 };
    const first = await market.client.call('POST', '/v1/criteria/check', { body, headers });
    await finish(first.body.check_id);
    const again = await market.client.call('POST', '/v1/criteria/check', { body, headers });
    expect([first.status, again.status, again.body.status]).toEqual([202, 200, 'finished']);
    expect(again.body.check_id).toBe(first.body.check_id);
  });

  test('POST /criteria/check says when an agent that has had its twenty a day may ask again', async () => {
    for (let count = 0; count < 20; count += 1) await ask({ samples: [] });
    const reply = await ask();
    expect([reply.status, reply.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(86_000);
  });
});

describe('GET /criteria/checks/:check_id', () => {
  test('GET /criteria/checks/:check_id is for the agent that asked, and the same 404 as nothing for everybody else', async () => {
    const { body } = await ask();
    const path = `/v1/criteria/checks/${body.check_id}`;
    expect((await market.client.call('GET', path)).status).toBe(200);
    const other = await market.seller.call('GET', path);
    const nothing = await market.seller.call('GET', `/v1/criteria/checks/${NO_ID}`);
    expect([other.status, other.body.detail]).toEqual([404, nothing.body.detail]);
  });
});

describe('a proposal with suite_proof_id', () => {
  test('a proposal with suite_proof_id shows the seller what was shown, and nothing of the samples by any route, event or log', async () => {
    const proofId = await newProof();
    const { body: job } = await propose({ suite_proof_id: proofId });
    const { seller } = market;
    const seen = await seller.call('GET', `/v1/jobs/${job.job_id}`);
    expect(seen.body.suite_proof).toMatchObject({
      proof_id: proofId,
      statement:
        'The client holds a deliverable that passes, a stub fails, 2 repeats agree, 1 cheats got nothing.',
      repeats: 2,
      deterministic: true,
      forgeable: false,
      cheats_tried: 1,
      cheats_passed: [],
      runner: RUNNER,
    });
    await api.tasks.idle();
    const everything = await Promise.all([
      seller.call('GET', '/v1/jobs'),
      seller.call('GET', `/v1/jobs/${job.job_id}/events`),
      seller.call('GET', `/v1/agents/${seller.id}/webhooks`),
    ]);
    const events = await api.db.selectFrom('events').select('body').execute();
    for (const text of [
      seen.text,
      ...everything.map((reply) => reply.text),
      JSON.stringify([events, api.lines, api.tasks.received]),
    ])
      expect(text).not.toContain(SECRET);
  });

  test('a proposal with suite_proof_id keeps what it shows when the proof has long been forgotten', async () => {
    const proofId = await newProof();
    const { body: job } = await propose({ suite_proof_id: proofId });
    await api.db.deleteFrom('criteria_checks').where('proof_id', '=', proofId).execute();
    const { body } = await market.seller.call('GET', `/v1/jobs/${job.job_id}`);
    expect(body.suite_proof.proof_id).toBe(proofId);
  });

  test('a proposal with suite_proof_id is refused with 422 alike where the proof is unknown, another agent’s, of other criteria or has expired', async () => {
    const proofId = await newProof();
    const changed = { ...CRITERIA, pass_threshold: 'majority' };
    const refused = [
      await propose({ suite_proof_id: NO_ID }),
      await propose({ suite_proof_id: proofId, acceptance_criteria: changed }),
      await propose({ suite_proof_id: proofId, acceptance_criteria: null }),
      await propose({ suite_proof_id: proofId, seller_agent_id: market.client.id }, market.seller),
    ];
    api.clock.advance(30 * DAY_MS);
    refused.push(await propose({ suite_proof_id: proofId }));
    const message = 'must be a proof of yours that holds, of these very criteria';
    for (const { status, body } of refused)
      expect([status, body.errors]).toEqual([422, [{ path: 'suite_proof_id', message }]]);
  });
});

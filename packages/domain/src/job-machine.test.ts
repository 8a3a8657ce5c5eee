import { JOB_STATUSES, type JobStatus } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import { JOB_ACTIONS, JOB_RULES, mayAct, nextStatus, roleOf } from './job-machine.ts';

const FINAL: readonly JobStatus[] = ['completed', 'cancelled', 'resolved'];

test('every state but the first is reached, and every state but the final ones is left', () => {
  const reached = new Set(JOB_ACTIONS.flatMap((action) => JOB_RULES[action].to ?? []));
  const left = new Set(JOB_ACTIONS.flatMap((action) => JOB_RULES[action].from));
  for (const status of JOB_STATUSES) {
    if (status !== 'proposed') expect(reached).toContain(status);
    expect(left.has(status)).toBe(!FINAL.includes(status));
  }
});

test('nothing leaves a final state', () => {
  for (const status of FINAL) {
    for (const action of JOB_ACTIONS) expect(nextStatus(status, action)).toBeNull();
  }
});

test('after delivery nobody can abort, cancel or deliver', () => {
  for (const status of ['delivered', 'verifying', 'completed', 'failed', 'disputed'] as const) {
    for (const action of ['abort', 'cancel', 'deliver', 'fund'] as const) {
      expect(nextStatus(status, action)).toBeNull();
    }
  }
});

test('parties settle by themselves wherever money is held, and nowhere else', () => {
  const holding = ['funded', 'in_progress', 'delivered', 'verifying', 'failed', 'disputed'];
  for (const status of JOB_STATUSES) {
    expect(nextStatus(status, 'offer_settlement')).toBe(holding.includes(status) ? status : null);
    expect(nextStatus(status, 'accept_settlement')).toBe(holding.includes(status) ? 'resolved' : null);
  }
});

test('each party does its own part only', () => {
  for (const action of ['fund', 'complete', 'fail'] as const) {
    expect([mayAct('client', action), mayAct('seller', action)]).toEqual([true, false]);
  }
  for (const action of ['start', 'deliver'] as const) {
    expect([mayAct('client', action), mayAct('seller', action)]).toEqual([false, true]);
  }
  for (const action of [
    'counter',
    'accept',
    'cancel',
    'abort',
    'dispute',
    'offer_settlement',
    'accept_settlement',
  ] as const) {
    expect([mayAct('client', action), mayAct('seller', action)]).toEqual([true, true]);
  }
});

test('a stranger has no role', () => {
  const job = { client_agent_id: 'c', seller_agent_id: 's' };
  expect([roleOf(job, 'c'), roleOf(job, 's'), roleOf(job, 'x')]).toEqual(['client', 'seller', null]);
});

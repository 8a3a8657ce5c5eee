import { RegistryProblem } from '@agent-registry/client';
import { expect, test } from '@jest/globals';
import { refusalOf, withinPatience } from './refusals.ts';

test('of a page that a proxy answers a model is told the status and the beginning', () => {
  const page = new RegistryProblem(502, { detail: `<html>${'x'.repeat(1_000_000)}` }, null);
  const { message } = refusalOf(page);
  expect(message).toMatch(/^Something that is not the registry answered 502: <html>x+ \(unknown\)$/);
  expect(message.length).toBeLessThan(400);
  expect(refusalOf(new RegistryProblem(302, { detail: '' }, null)).message).toBe(
    'Something that is not the registry answered 302. (unknown)',
  );
});

test('a tool whose registry never answers ends, and its caller is told that nothing is known', async () => {
  const hanging = (_: unknown, signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  const { fund_job } = withinPatience({ fund_job: hanging }, 1);
  const failure = await fund_job!({}, new AbortController().signal).catch((error: unknown) => error);
  expect(refusalOf(failure).message).toMatch(/took too long.*not known.*\(unreachable\)/);
});

test('a tool that its caller gives up ends by the caller’s own reason', async () => {
  const caller = new AbortController();
  const hanging = (_: unknown, signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  const called = withinPatience({ fund_job: hanging }).fund_job!({}, caller.signal);
  caller.abort(new Error('given up'));
  await expect(called).rejects.toThrow('given up');
});

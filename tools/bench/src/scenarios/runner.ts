import { availableParallelism } from 'node:os';
import { callFor, createSender } from '../load.ts';
import { findRuntimes, type Runtime } from '../runtimes.ts';
import type { Case, Scenario } from '../scenario.ts';

/** Whom the runner of a local stack lets in; its token issuer vouches for anybody. */
const DISPATCHER = 'dispatcher@agent-registry.iam.gserviceaccount.com';
const LOADS = [...new Set([1, availableParallelism()])];

async function tokenFor(tokenIssuerUrl: string, audience: string): Promise<string> {
  const query = new URLSearchParams({ audience, email: DISPATCHER });
  const response = await fetch(`${tokenIssuerUrl}/token?${query.toString()}`, { method: 'POST' });
  if (!response.ok) throw new Error(`the token issuer answered ${response.status}`);
  return response.text();
}

function bodyOf({ params }: Runtime): string {
  const facts = { started_at: '2026-01-01T00:00:00Z', delivered_at: '2026-01-01T00:01:00Z' };
  return JSON.stringify({ run_id: 'bench', criteria: params, deliverable: { n: 1 }, facts });
}

export const runner: Scenario = {
  name: 'runner',
  about: 'a run of the least script in the test-runner alone, by runtime, at its number of slots too',
  needsRedis: false,
  open: async ({ stack }) => {
    const token = await tokenFor(stack.tokenIssuerUrl, stack.runnerUrl);
    const headers = { Authorization: `Bearer ${token}` };
    const { offered, skipped } = await findRuntimes(stack);
    const sender = createSender(stack.runnerUrl, Math.max(...LOADS));
    const casesOf = (runtime: Runtime): Case[] => {
      const request = { method: 'POST', path: '/internal/test-runs', headers, body: bodyOf(runtime) };
      const once = async () => void (await sender.send(request, 200));
      return LOADS.map((load) => ({
        label: `run, ${runtime.name}`,
        load,
        unit: 'run',
        run: (seconds) => callFor(seconds, load, once),
      }));
    };
    return { cases: offered.flatMap(casesOf), skipped, close: sender.close };
  },
};

// Every block of code in the guides of the documentation does what the guide says.
import { execFileSync } from 'node:child_process';
import { type AcceptanceSuite, type AgentClient, RegistryProblem, register } from '@agent-registry/client';
import { testTypes, webhookEvent } from '@agent-registry/schemas';
import { isOnPath, waitUntil } from '@agent-registry/servers';
import { beforeAll, expect, test } from '@jest/globals';
import { type Block, readGuides, usesPythonPackage, withoutIds } from './docs/guides.ts';
import { RUNNABLE, runBlocks } from './docs/run-blocks.ts';
import { useE2eStack } from './testing/use-stack.ts';

const PATIENCE_MS = 240_000;
const guides = readGuides();
const all = guides.flatMap(({ name, blocks }) => blocks.map((block) => ({ name, block })));
const stack = useE2eStack();
beforeAll(async () => {
  if (!isOnPath('bwrap')) return;
  // Until the api has heard of the test-runner it offers `javascript` alone.
  const client = await newClient();
  expect(await waitUntil(() => offersPython(client), { timeoutMs: PATIENCE_MS / 2 })).toBe(true);
}, PATIENCE_MS);

/** Asks with criteria that are refused in any case: what for says whether python:3 is offered. */
async function offersPython(client: AgentClient): Promise<boolean> {
  const test = { test_id: 'any', type: 'script' as const, params: { script: '', runtime: 'python:3' } };
  const refusal = await client
    .checkCriteria({ acceptance_criteria: { tests: [test] } })
    .catch((e: unknown) => e);
  const { errors } = refusal as RegistryProblem;
  return errors?.every(({ message }) => !message.includes('not offered')) ?? false;
}

const hasCryptography = (): boolean => {
  try {
    execFileSync('python3', ['-c', 'import cryptography'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
/** What the blocks of a language, or of a guide, need and this machine lacks. */
const missing: Readonly<Record<string, string | null>> = {
  'criteria.md': isOnPath('bwrap') ? null : 'bwrap',
  sh: ['bash', 'curl', 'openssl'].every((program) => isOnPath(program)) ? null : 'bash, curl and openssl',
  py: isOnPath('python3') && hasCryptography() ? null : 'python3 and its cryptography',
};

test('every block of code in the guides is run by a test, but for the commands that start the registry', () => {
  const known = new Set(['run', 'check', 'refused', 'script', 'event', 'vector']);
  const others = all.filter(({ block }) => !known.has(block.use));
  expect(others.map(({ name, block }) => [name, block.use, block.code])).toEqual([
    ['index.md', 'aside', 'npm ci && npm run demo\nnpm ci && npm test\n'],
  ]);
});

for (const { name, blocks } of guides) {
  for (const language of RUNNABLE) {
    // What runs by the Python package is run where that is installed: python-package.test.ts.
    const own = blocks.filter(
      (block) => block.use === 'run' && block.language === language && !usesPythonPackage(block),
    );
    if (own.length === 0) continue;
    const lacks = missing[name] ?? missing[language] ?? null;
    const title = `the ${language} blocks of ${name} print what it says`;
    (lacks === null ? test : test.skip)(
      lacks === null ? title : `${title} (skipped without ${lacks})`,
      async () => {
        const printed = await runBlocks(language, own, { REGISTRY_URL: stack.apiUrl });
        for (const [index, { code, output }] of own.entries())
          if (output !== null)
            expect([code, withoutIds(printed[index] ?? '')]).toEqual([code, withoutIds(output)]);
      },
      PATIENCE_MS,
    );
  }
}

const criteria = all.filter(({ block }) => block.use === 'check').map(({ block }) => block);
const refused = all.filter(({ block }) => block.use === 'refused').map(({ block }) => block);
const newClient = async () => (await register({ baseUrl: stack.apiUrl }, { display_name: 'Reader' })).client;

/** What a check answers, a line for each sample and each test that it does not pass. */
async function check(block: Block): Promise<string> {
  const client = await newClient();
  type Input = Parameters<typeof client.checkCriteria>[0];
  let found = await client.checkCriteria(JSON.parse(block.code) as Input, { waitSeconds: 25 });
  while (found.finished_at === null) found = await client.getCriteriaCheck({ check_id: found.check_id });
  expect([found.status, found.reason]).toEqual(['finished', null]);
  expect(found.samples.map(({ as_expected }) => as_expected)).not.toContain(false);
  const lines = found.samples.flatMap(({ name, report }) => [
    `${name}: ${report?.verdict}`,
    ...(report?.results ?? [])
      .filter(({ outcome }) => outcome !== 'passed')
      .map(({ test_id, outcome, message }) => `  ${test_id} ${outcome}: ${message}`),
  ]);
  return lines.join('\n');
}

// The test-runner runs delivered programs and offers more than `javascript` where it can hold them.
const cookbookTest = isOnPath('bwrap') ? test : test.skip;
cookbookTest.each(criteria.map((block) => [typeOf(block), block] as const))(
  'criteria of the type %s in the cookbook pass, fail and say what it says, by the check of the registry itself',
  async (_, block) => expect(await check(block)).toBe(block.output?.trim()),
  PATIENCE_MS,
);

function typeOf({ code }: Block): string {
  const parsed = JSON.parse(code) as { acceptance_criteria?: object };
  const { tests } = (parsed.acceptance_criteria ?? parsed) as { tests: { type: string }[] };
  return tests[0]?.type ?? '';
}

test('the cookbook has criteria of every type that pass and that are refused', () => {
  expect(criteria.map(typeOf)).toEqual(Object.keys(testTypes));
  expect(new Set(refused.map(typeOf))).toEqual(new Set(Object.keys(testTypes)));
});

cookbookTest.each(refused.map((block) => [typeOf(block), block] as const))(
  'criteria that the cookbook calls refused, of type %s, are refused for the reason that it gives',
  async (_, block) => {
    const acceptance_criteria = JSON.parse(block.code) as AcceptanceSuite;
    const client = await newClient();
    const problem = await client.checkCriteria({ acceptance_criteria }).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(RegistryProblem);
    const { errors } = problem as RegistryProblem;
    const said = errors.map(({ path, message }) => `${path}: ${message}`).join('\n');
    expect(said).toBe(block.output?.trim());
  },
);

test('a script in the cookbook is what the criteria below it carry in base64', () => {
  for (const [index, { block }] of all.entries()) {
    if (block.use !== 'script') continue;
    const encoded = /"script": "([^"]+)"/.exec(all[index + 1]?.block.code ?? '')?.[1] ?? '';
    expect(Buffer.from(encoded, 'base64').toString('utf8')).toBe(block.code);
  }
});

test('an event in the guides is an event of the contract', () => {
  const events = all.filter(({ block }) => block.use === 'event').map(({ block }) => JSON.parse(block.code));
  expect(events.length).toBeGreaterThan(0);
  for (const event of events) expect(webhookEvent.safeParse(event).error).toBeUndefined();
});

test('the headers that the guide on signing shows are those that its messages give', () => {
  const signing = guides.find(({ name }) => name === 'signing.md')!.blocks;
  const [message, signature] = signing
    .filter(({ language }) => language === 'sh')
    .map(({ output }) => output!.trim());
  const headers = signing.find(({ use }) => use === 'vector')!.code;
  expect(headers).toContain(`:${signature}\n`);
  expect(headers).toContain(`X-Timestamp: ${message!.split('\n')[0]}\n`);
});

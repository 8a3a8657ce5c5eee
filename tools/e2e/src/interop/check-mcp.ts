import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Registered, register } from '@agent-registry/client';
import { type E2eStack, startE2eStack } from '../testing/stack.ts';
import { INAPPLICABLE } from './mcp-inapplicable.ts';
import type { Tools } from './tools.ts';

const cli = fileURLToPath(new URL('../../../../packages/cli/src/main.ts', import.meta.url));
/** Revisions of the protocol whose requirements the suite has. */
const REVISIONS = ['2025-11-25', '2026-07-28'];
const CRITERIA = {
  tests: [{ test_id: 'short', type: 'assertion', params: { expression: 'size(output.summary) < 20' } }],
};
const RESULT = { summary: 'Short.' };

/** The inspector's CLI does a whole job through tools, and of the conformance suite `POST /mcp` fails what cannot apply to it alone. */
export async function checkMcp(tools: Tools): Promise<void> {
  const stack = await startE2eStack();
  try {
    await doJob(tools, stack);
    for (const revision of REVISIONS) await checkConformance(tools, stack.apiUrl, revision);
  } finally {
    await stack.remove();
  }
}

type Arguments = Readonly<Record<string, unknown>>;
type CallTool = (server: 'client' | 'seller', tool: string, args: Arguments) => Promise<Answer>;
type Answer = Readonly<Record<string, never>> & {
  readonly job_id: string;
  readonly acceptance_criteria_hash: string;
};

/** From the offer to the payment by one call of the inspector a step, each of a server started anew, as a model's host would. */
async function doJob({ directory, use }: Tools, stack: E2eStack): Promise<void> {
  const enrol = (display_name: string) =>
    register({ baseUrl: stack.apiUrl }, { display_name, hosting_mode: 'client_only' });
  const client = await enrol('Client');
  const seller = await enrol('Seller');
  await client.client.depositCredits({ amount: '20.00' });
  const servers = { client: serverOf(stack, client, '15'), seller: serverOf(stack, seller, '0') };
  const config = join(directory, 'mcp.json');
  await writeFile(config, JSON.stringify({ mcpServers: servers }));
  const call: CallTool = async (server, tool, args) => {
    const given = Object.entries(args).flatMap(([name, value]) => [
      '--tool-arg',
      `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ]);
    const asked = ['--cli', '--config', config, '--server', server, '--method', 'tools/call'];
    // It says on a machine without a keychain that there is none.
    const printed = await use('mcp-inspector', [...asked, '--tool-name', tool, ...given], { mayWarn: true });
    return (JSON.parse(printed) as { structuredContent: Answer }).structuredContent;
  };
  await call('seller', 'sell_skill', { skill_id: 'summarise', base_price: '12.50' });
  const offered = await call('client', 'propose_job', {
    seller_agent_id: seller.agent.agent_id,
    max_budget: '12.50',
    acceptance_criteria: CRITERIA,
  });
  const { job_id, acceptance_criteria_hash } = offered;
  await call('seller', 'answer_offer', { job_id, answer: 'accept', acceptance_criteria_hash });
  await call('client', 'fund_job', { job_id });
  await call('seller', 'deliver', { job_id, result: RESULT });
  await client.client.waitForJob(job_id, ['completed']);
  await call('client', 'end_job', { job_id, how: 'review', rating: 5 });
  const shown = JSON.stringify(await call('client', 'show_job', { job_id }));
  if (!shown.includes('"status":"completed"') || !shown.includes(JSON.stringify(RESULT)))
    throw new Error(`the inspector shows another end of the job: ${shown}`);
}

const serverOf = ({ apiUrl }: E2eStack, { agent, keys }: Registered, limit: string) => ({
  command: process.execPath,
  args: ['--disable-warning=ExperimentalWarning', cli, 'mcp', '--allow-spend', limit],
  env: {
    AGENT_REGISTRY_URL: apiUrl,
    AGENT_REGISTRY_AGENT_ID: agent.agent_id,
    AGENT_REGISTRY_PRIVATE_KEY: keys.privateKey,
  },
});

interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

/** Throws what fails and is not known to be inapplicable. */
async function checkConformance({ directory, use }: Tools, apiUrl: string, revision: string): Promise<void> {
  const out = join(directory, `conformance-${revision}`);
  const args = ['server', '--url', `${apiUrl}/mcp`, '--requirements', revision, '-o', out];
  await use('conformance', args, { mayFail: true, mayWarn: true });
  const scenarios = new Set(INAPPLICABLE.flatMap((one) => one.scenarios ?? []));
  const checks = new Set(INAPPLICABLE.flatMap((one) => one.checks ?? []));
  const failures: string[] = [];
  let passed = 0;
  for (const folder of await readdir(out)) {
    // A folder is named `server-<scenario>-<time>`.
    const scenario = folder.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '');
    const found = JSON.parse(await readFile(join(out, folder, 'checks.json'), 'utf8')) as Check[];
    passed += found.filter(({ status }) => status === 'SUCCESS').length;
    const failed = found.filter(({ status, id }) => status === 'FAILURE' && !checks.has(id));
    if (failed.length === 0 && scenarios.has(scenario) && found.every(({ status }) => status === 'SUCCESS'))
      failures.push(`${scenario} passes, though it is called inapplicable`);
    if (!scenarios.has(scenario))
      failures.push(...failed.map(({ id, errorMessage }) => `${scenario}, ${id}: ${errorMessage}`));
  }
  if (failures.length > 0) throw new Error(`MCP ${revision}:\n${failures.join('\n')}`);
  if (passed === 0) throw new Error(`MCP ${revision}: the conformance suite checked nothing`);
  console.log(`MCP ${revision}: ${passed} checks passed; the rest cannot apply (mcp-inapplicable.ts)`);
}

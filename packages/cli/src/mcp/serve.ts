import { toolServer } from '@agent-registry/mcp';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { At } from '../at.ts';
import { version } from '../version.ts';
import { readingTools } from './reading-tools.ts';
import { refusalOf, withinPatience } from './refusals.ts';
import { spendLimit } from './spend-limit.ts';
import { spendingTools } from './spending-tools.ts';

/** Serves the agent's tools over standard input and output, until the input ends. `cents`: the limit per job; null for reading alone. */
export async function serveTools(
  { client, agentId, connection, io }: At,
  cents: bigint | null,
): Promise<void> {
  const tools = withinPatience({
    ...readingTools(client, agentId),
    ...(cents === null ? {} : spendingTools(client, agentId, spendLimit(cents))),
  });
  const instructions = [
    `The agent registry at ${connection.baseUrl}: a market where agents find, pay and review each other. You are agent ${agentId}.`,
    'A job goes: proposed, agreed, funded, in progress, delivered, completed. Its acceptance criteria decide whether the work is paid.',
    cents === null ? 'You may look, and change nothing.' : '',
    `What it is and how it is used: ${connection.baseUrl}/llms.txt`,
  ];
  const ended = new Promise<void>((resolve) => {
    for (const event of ['end', 'close']) process.stdin.once(event, () => resolve());
    io.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const server = serveStdio(() =>
    toolServer({ version, instructions: instructions.join('\n'), tools, refusalOf }),
  );
  await ended;
  await server.close();
}

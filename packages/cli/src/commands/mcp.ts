import { defineStream } from '../define-command.ts';
import { text } from '../flags.ts';
import { centsIn } from '../mcp/cents-in.ts';
import { UsageError } from '../usage-error.ts';

export const mcp = defineStream({
  usage: 'mcp',
  summary: 'Serve the agent as tools of the Model Context Protocol, over standard input and output',
  example: 'mcp --allow-spend 20.00',
  flags: {
    allow_spend: text(
      '<credits>',
      'offer the tools that act and spend too: so many credits a job at the most, and with 0 none. Unless given they only read',
    ),
  },
  stream: async function* (at, { allow_spend }) {
    const cents = allow_spend === undefined ? null : centsIn(allow_spend);
    if (allow_spend !== undefined && cents === null)
      throw new UsageError('--allow-spend is an amount of credits, such as 20 or 20.00.');
    // What speaks the protocol is loaded by this command alone: the others start without it.
    const { serveTools } = await import('../mcp/serve.ts');
    await serveTools(at, cents);
    yield* [];
  },
  show: () => [],
});

import { ToolRefusal, type Toolset } from '@agent-registry/mcp';
import { RegistryError } from '@agent-registry/schemas';
import type { Request, Response } from 'express';
import type { ApiContext } from '../context.ts';
import type { Endpoint } from '../endpoint.ts';
import { llmsText } from '../found/llms-text.ts';
import { skillOf } from '../found/skill.ts';
import { discover, getAgent, getReputation, listAgentListings } from '../routes.ts';

type Input = Readonly<Record<string, unknown>>;

/** The tools that anybody may call: what the market shows to everybody, by the endpoints that show it. */
export function marketTools(context: ApiContext, asked: { res: Response; address: string }): Toolset {
  const ask = async (endpoint: Endpoint, params: Input, query: Input): Promise<object> => {
    const { path, method } = endpoint.contract;
    const text = Object.entries(query).map(([name, value]) => [name, String(value)]);
    // What an endpoint reads of a request; nobody has signed this one.
    const req = { params, query: Object.fromEntries(text), headers: {}, originalUrl: path, method };
    const admitted = { caller: null, body: Buffer.alloc(0) };
    const received = endpoint.receive({ ...asked, req: req as unknown as Request, admitted });
    const { json } = await received.perform(context);
    return JSON.parse(json ?? '{}') as object;
  };
  const base = context.config.publicBaseUrl;
  return {
    find_agents: (input) => ask(discover, {}, input),
    async show_agent({ agent_id }) {
      const [agent, reputation, listings] = await Promise.all(
        [getAgent, getReputation, listAgentListings].map((endpoint) => ask(endpoint, { agent_id }, {})),
      );
      return { agent, reputation, listings };
    },
    read_guide: async () => ({ text: `${skillOf(base).text}\n\n${llmsText(base)}` }),
  };
}

/** What a caller is told of a failure; what is our fault goes to the log. */
export function refusalOf({ log }: ApiContext, error: unknown): ToolRefusal {
  if (error instanceof ToolRefusal) return error;
  if (error instanceof RegistryError) return new ToolRefusal(error.code, error.detail, error.errors);
  log.error({ error }, 'a tool failed');
  return new ToolRefusal('internal', 'The registry failed to answer.');
}

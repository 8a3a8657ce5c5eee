import { toolServer } from '@agent-registry/mcp';
import { RegistryError } from '@agent-registry/schemas';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { type Request as ExpressRequest, type Response as ExpressResponse, Router } from 'express';
import type { ApiContext } from '../context.ts';
import { addressOf } from '../middleware/admit.ts';
import { decodeBody, readRawBody } from '../middleware/body.ts';
import { limitRate } from '../middleware/rate-limit.ts';
import { otherMethod } from '../mount.ts';
import { marketTools, refusalOf } from './market-tools.ts';
import { MCP_VERSION } from './server-card.ts';

/** `POST /mcp`: the Model Context Protocol by stateless Streamable HTTP, open to anybody, and reading alone. */
export function mcpRoutes(context: ApiContext): Router {
  const router = Router({ caseSensitive: true });
  router.post('/mcp', async (req, res) => {
    const address = addressOf(context, req);
    await limitRate(context, res, 'discovery', address);
    const text = decodeBody(req, res, await readRawBody(req));
    // A batch would be many requests that are counted as one.
    if (/^\s*\[/.test(text)) throw new RegistryError('malformed_request', 'Send one message, and no batch.');
    await serve(context, { req, res, address, text });
  });
  router.all('/mcp', otherMethod(context, new Set(['POST']), 'open'));
  return router;
}

interface Asked {
  readonly req: ExpressRequest;
  readonly res: ExpressResponse;
  readonly address: string;
  readonly text: string;
}

async function serve(context: ApiContext, { req, res, address, text }: Asked): Promise<void> {
  const base = context.config.publicBaseUrl;
  const handler = createMcpHandler(
    () =>
      toolServer({
        version: MCP_VERSION,
        instructions: `The agent registry, a market where agents find, pay and review each other. Here you may look; to act, run \`agent-registry mcp\` with a key of your own: ${base}/docs/clients`,
        tools: marketTools(context, { res, address }),
        refusalOf: (error) => refusalOf(context, error),
      }),
    // There is nothing to subscribe to: one answer for one request, which ends with it.
    { maxSubscriptions: 0, onerror: (error) => context.log.debug({ error }, 'mcp') },
  );
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  const headers = new Headers(
    Object.entries(req.headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  try {
    const asked = new Request(`${base}/mcp`, { method: 'POST', headers, body: text, signal: gone.signal });
    const answer = await handler.fetch(asked);
    const body = await answer.text();
    if (res.closed) return;
    for (const [name, value] of answer.headers) if (name !== 'content-length') res.setHeader(name, value);
    res.status(answer.status).end(body);
  } finally {
    await handler.close();
  }
}

// The second port: keys, discovery, health, state, and identity tokens for calls between local services.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv4, isIPv6 } from 'node:net';
import type { Log } from './log.ts';
import { isLoopbackHost } from './target-policy.ts';

const MAX_AUDIENCE_CHARACTERS = 2083;
const MAX_EMAIL_CHARACTERS = 254;
const EMAIL = /^[^\s@]+@[^\s@]+$/;

export interface HttpServiceDeps {
  readonly log: Log;
  readonly jwks: unknown;
  readonly defaultEmail: string;
  readonly issuer: () => string;
  readonly mintToken: (claims: { audience: string; email: string }) => Promise<string>;
  readonly state: () => unknown;
}

export interface HttpService {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(`${JSON.stringify(body, null, 2)}\n`);
};

const isLoopbackAddress = (address: string | undefined): boolean => {
  const plain = (address ?? '').replace(/^::ffff:/, '');
  return isIPv4(plain) ? plain.startsWith('127.') : plain === '::1';
};

/** A page in a browser could reach this port under a name of its own; such a Host is not one of this machine's. */
const hasLoopbackHost = (request: IncomingMessage): boolean => {
  const url = URL.parse(`http://${request.headers.host ?? ''}`);
  return url !== null && isLoopbackHost(url.hostname);
};

const sendToken = async (
  deps: HttpServiceDeps,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
) => {
  if (!isLoopbackAddress(request.socket.remoteAddress) || !hasLoopbackHost(request)) {
    sendJson(response, 403, { error: 'Tokens are minted for this machine alone' });
    return;
  }
  const audience = url.searchParams.get('audience') ?? '';
  const email = url.searchParams.get('email') ?? deps.defaultEmail;
  if (audience === '' || audience.length > MAX_AUDIENCE_CHARACTERS) {
    sendJson(response, 400, { error: 'The query needs an audience' });
    return;
  }
  if (email.length > MAX_EMAIL_CHARACTERS || !EMAIL.test(email)) {
    sendJson(response, 400, { error: 'email is not an e-mail address' });
    return;
  }
  const token = await deps.mintToken({ audience, email });
  if (request.headers.accept?.includes('application/json')) {
    sendJson(response, 200, { token });
    return;
  }
  // As the metadata server answers: the token and nothing else.
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(token);
};

const discovery = (issuer: string) => ({
  issuer,
  jwks_uri: `${issuer}/.well-known/jwks.json`,
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
});

const handle = async (
  deps: HttpServiceDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  request.resume();
  const url = URL.parse(request.url ?? '/', 'http://emulator');
  const pages: Readonly<Record<string, () => unknown>> = {
    '/healthz': () => ({ status: 'ok' }),
    '/state': deps.state,
    '/.well-known/jwks.json': () => deps.jwks,
    '/.well-known/openid-configuration': () => discovery(deps.issuer()),
  };
  const page = url !== null && Object.hasOwn(pages, url.pathname) ? pages[url.pathname] : undefined;
  const allowed = url?.pathname === '/token' ? ['POST'] : ['GET', 'HEAD'];
  if (url === null || (page === undefined && url.pathname !== '/token')) {
    sendJson(response, 404, { error: 'Not found', pages: [...Object.keys(pages), 'POST /token'] });
  } else if (!allowed.includes(request.method ?? '')) {
    response.setHeader('Allow', allowed.join(', '));
    sendJson(response, 405, { error: `Use ${allowed.join(' or ')}` });
  } else if (page !== undefined) {
    sendJson(response, 200, page());
  } else {
    await sendToken(deps, request, url, response);
  }
};

/** Rejects with Node's own error when the port cannot be had. */
export const startHttpService = async (
  deps: HttpServiceDeps,
  host: string,
  port: number,
): Promise<HttpService> => {
  const server = createServer((request, response) => {
    handle(deps, request, response).catch((error: unknown) => {
      deps.log('error', `${request.method} ${request.url} failed: ${String(error)}`);
      if (!response.headersSent) sendJson(response, 500, { error: 'The emulator failed; see its log' });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};

/** The host to put in a URL for a server bound to `host`. */
export const urlHost = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return isIPv6(host) ? `[${host}]` : host;
};

// A private service trusts that the platform has verified every token. So each deploy first asks the platform to let two callers
// through that it must not: one without a token, and one with a token whose signature is the very text that the services accept.

const requestTimeoutMs = 20_000;
const lifetimeSeconds = 3_600;
const tokenless = 403;
// Cloud Run answers 403 to a caller without rights, and may say 401 of a token that is none.
const forged = [401, 403];

export interface Refusal {
  readonly call: 'unsigned' | 'forged';
  /** What was wrong; null when the platform refused. */
  readonly problem: string | null;
}

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A token with the right claims that nobody signed. */
function forgeToken(audience: string, email: string, nowSeconds: number): string {
  const header = encode({ alg: 'RS256', kid: 'forged', typ: 'JWT' });
  const claims = encode({
    iss: 'https://accounts.google.com',
    aud: audience,
    sub: '100000000000000000000',
    email,
    email_verified: true,
    iat: nowSeconds,
    exp: nowSeconds + lifetimeSeconds,
  });
  return `${header}.${claims}.SIGNATURE_REMOVED_BY_GOOGLE`;
}

async function call(url: string, token: string | null, accepted: readonly number[]): Promise<string | null> {
  const response = await fetch(url, {
    method: 'POST',
    body: '{}',
    headers: {
      'Content-Type': 'application/json',
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
    },
    redirect: 'manual',
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  await response.arrayBuffer();
  // Our services put this on every answer: where it is, the platform has let the call through.
  if (response.headers.has('x-request-id')) return `reached the service, which answered ${response.status}`;
  return accepted.includes(response.status) ? null : `was answered ${response.status}`;
}

/** Calls a private route without a token and with a forged one. Throws when there is no answer at all. */
export async function checkRefusal(
  url: string,
  { audience, email, nowSeconds }: { audience: string; email: string; nowSeconds: number },
): Promise<Refusal[]> {
  return [
    { call: 'unsigned', problem: await call(url, null, [tokenless]) },
    { call: 'forged', problem: await call(url, forgeToken(audience, email, nowSeconds), forged) },
  ];
}

import { randomBytes } from 'node:crypto';
import { serializeInnerList } from 'structured-headers';
import { type PrivateKey, signMessage } from './ed25519.ts';
import { contentDigest, SIGNATURE_TAG, type SignableRequest, signatureBase } from './http-signature.ts';

const NONCE_BYTES = 16;

export interface HttpRequestToSign {
  /** Upper case. */
  readonly method: string;
  /** The whole URL as it is sent, path and query spelled as on the wire. */
  readonly url: string;
  /** The body's raw bytes; empty when there is none. */
  readonly body: Uint8Array;
  /** The header Idempotency-Key exactly as it is sent; left out when none is. */
  readonly idempotencyKey?: string | undefined;
  /** The agent's id, or at a registration the public key in hex. */
  readonly keyId: string;
  /** The key's seed in hex, or what `parsePrivateKey` made of it. */
  readonly privateKey: string | PrivateKey;
  readonly now: Date;
  /** 16–128 characters of [A-Za-z0-9_+/=-]; a random one when absent. */
  readonly nonce?: string;
}

/** The headers that make a request a signed one by RFC 9421. Throws on a malformed private key. */
export function signHttpRequest(request: HttpRequestToSign): Record<string, string> {
  const { method, url, body, idempotencyKey, keyId } = request;
  const { origin } = new URL(url);
  const path = url.indexOf('/', url.indexOf('//') + 2);
  const fields: Record<string, string> = {
    ...(body.length === 0 ? {} : { 'Content-Digest': contentDigest(body) }),
    ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
  };
  const values = new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
  const components = ['@method', '@target-uri', ...values.keys()];
  const params = serializeInnerList([
    components.map((name) => [name, new Map()]),
    new Map<string, string | number>([
      ['created', Math.floor(request.now.getTime() / 1_000)],
      ['nonce', request.nonce ?? randomBytes(NONCE_BYTES).toString('base64url')],
      ['keyid', keyId],
      ['alg', 'ed25519'],
      ['tag', SIGNATURE_TAG],
    ]),
  ]);
  const signable: SignableRequest = {
    method,
    origin,
    target: path === -1 ? '/' : url.slice(path),
    field: (name) => values.get(name),
  };
  const signature = signMessage(request.privateKey, signatureBase({ components, params }, signable));
  return {
    ...fields,
    'Signature-Input': `sig1=${params}`,
    Signature: `sig1=:${Buffer.from(signature, 'hex').toString('base64')}:`,
  };
}

import { base64, sha256Hex } from './canonical.ts';
import { type SigningKey, signText } from './keys.ts';

const NONCE_BYTES = 16;

/** Who signs: an agent by its id, or while it registers by its public key. */
export interface Signer extends SigningKey {
  readonly keyId: string;
}

export interface RequestToSign {
  readonly method: string;
  /** The whole URL as it is sent. */
  readonly url: string;
  /** JSON text; empty for none. */
  readonly body: string;
  readonly idempotencyKey: string | null;
  readonly now: Date;
}

/** The headers of the registry's profile of RFC 9421, with RFC 9530's Content-Digest. */
export async function signRequest(signer: Signer, request: RequestToSign): Promise<Record<string, string>> {
  const fields = new Map<string, string>();
  if (request.body !== '')
    fields.set('content-digest', `sha-256=:${base64FromHex(await sha256Hex(request.body))}:`);
  if (request.idempotencyKey !== null) fields.set('idempotency-key', request.idempotencyKey);
  const nonce = base64(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
  const created = Math.floor(request.now.getTime() / 1_000);
  const names = ['@method', '@target-uri', ...fields.keys()].map((name) => `"${name}"`).join(' ');
  const params = `(${names});created=${created};nonce="${nonce}";keyid="${signer.keyId}";alg="ed25519";tag="agent-registry"`;
  const lines = [
    `"@method": ${request.method}`,
    `"@target-uri": ${request.url}`,
    ...[...fields].map(([name, value]) => `"${name}": ${value}`),
    `"@signature-params": ${params}`,
  ];
  const signature = await signText(signer, lines.join('\n'));
  return {
    ...Object.fromEntries(fields),
    'signature-input': `sig1=${params}`,
    signature: `sig1=:${base64(signature)}:`,
  };
}

function base64FromHex(text: string): string {
  return base64(Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

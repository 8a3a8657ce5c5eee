import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSignatureSync, verifySignature } from 'http-message-sig';
import { signMessage, verifyMessage } from './ed25519.ts';
import {
  assertCovers,
  contentDigest,
  isDigestOf,
  readHttpSignature,
  signatureBase,
} from './http-signature.ts';
import { signHttpRequest } from './sign-http-request.ts';
import { flipBit, loadVectors } from './testing/vectors.ts';

interface Vector {
  name: string;
  method: string;
  url: string;
  body: string;
  idempotencyKey: string | null;
  keyId: string;
  created: number;
  nonce: string;
  headers: Record<string, string>;
  base: string;
}
const { privateKey, publicKey, vectors } = loadVectors<{
  privateKey: string;
  publicKey: string;
  vectors: Vector[];
}>('http-signatures');
const propose = vectors[0]!;

/** What a receiver knows of a request. */
interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

function read({ headers }: Pick<Received, 'headers'>) {
  const field = (name: string) => Object.entries(headers).find(([sent]) => sent.toLowerCase() === name)?.[1];
  const signature = readHttpSignature({
    signatureInput: field('signature-input'),
    signature: field('signature'),
  });
  return { signature, field };
}

function baseOf(request: Received): string {
  const { signature, field } = read(request);
  const { origin, pathname, search } = new URL(request.url);
  return signatureBase(signature!, {
    method: request.method,
    origin,
    target: pathname + search,
    field,
  }).toString();
}

const isValid = (request: Received): boolean =>
  verifyMessage(publicKey, read(request).signature!.signature, Buffer.from(baseOf(request)));

describe('the vectors', () => {
  test.each(vectors)('$name is signed as it says, and verifies', (vector) => {
    const { method, url, keyId, nonce } = vector;
    const headers = signHttpRequest({
      method,
      url,
      keyId,
      nonce,
      privateKey,
      body: Buffer.from(vector.body),
      idempotencyKey: vector.idempotencyKey ?? undefined,
      now: new Date(vector.created * 1_000 + 999),
    });
    expect(headers).toEqual(vector.headers);
    expect(baseOf(vector)).toBe(vector.base);
    expect(isValid(vector)).toBe(true);
    const hasBody = vector.body !== '';
    expect(() =>
      assertCovers(read(vector).signature!, { hasBody, hasIdempotencyKey: vector.idempotencyKey !== null }),
    ).not.toThrow();
    if (hasBody) expect(isDigestOf(vector.headers['Content-Digest']!, Buffer.from(vector.body))).toBe(true);
  });

  test('the example of RFC 9421, appendix B.2.6, gives the base and the signature that it prints', () => {
    const params =
      '("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"';
    const fields = new Map([
      ['date', 'Tue, 20 Apr 2021 02:07:55 GMT'],
      ['content-type', 'application/json'],
      ['content-length', '18'],
    ]);
    const components = ['date', '@method', '@path', '@authority', 'content-type', 'content-length'];
    const base = signatureBase(
      { components, params },
      {
        method: 'POST',
        origin: 'https://example.com',
        target: '/foo?param=Value&Pet=dog',
        field: (name) => fields.get(name),
      },
    );
    expect(Buffer.from(signMessage(privateKey, base), 'hex').toString('base64')).toBe(
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
    );
  });
});

describe('other implementations of RFC 9421', () => {
  const message = (vector: Received) => ({
    kind: 'request' as const,
    method: vector.method,
    targetUri: vector.url,
    fields: Object.entries(vector.headers).map(([name, value]) => ({ name, value })),
  });

  test.each(vectors)('npm’s http-message-sig verifies the vector $name', async (vector) => {
    const verify = (data: Uint8Array, signature: Uint8Array) =>
      verifyMessage(publicKey, Buffer.from(signature).toString('hex'), data);
    const verified = await verifySignature(message(vector), {
      policy: {
        algorithms: ['ed25519'],
        requiredComponents: ['@method', '@target-uri'],
        requiredParameters: ['created', 'keyid', 'nonce', 'tag'],
        now: vector.created,
      },
      resolveVerifier: () => ({ algorithm: 'ed25519', verify }),
    });
    expect(verified.parameters.keyid).toBe(vector.keyId);
  });

  test('what npm’s http-message-sig signs is accepted, by authority, path and query too', () => {
    const digest = { 'Content-Digest': contentDigest(Buffer.from(propose.body)) };
    for (const target of [['@target-uri'], ['@authority', '@path', '@query']]) {
      const unsigned = { method: 'POST', url: 'https://registry.example/v1/jobs', headers: digest };
      const made = createSignatureSync(message(unsigned), {
        label: 'theirs',
        components: ['@method', ...target, 'content-digest'],
        parameters: { created: 1_767_225_600, keyid: propose.keyId, tag: 'agent-registry' },
        signer: {
          algorithm: 'ed25519',
          sign: (data) => Buffer.from(signMessage(privateKey, data), 'hex'),
        },
      });
      const headers = { ...digest, 'Signature-Input': made.signatureInput, Signature: made.signature };
      expect(isValid({ ...unsigned, headers })).toBe(true);
    }
  });

  const python = process.env.PYTHON ?? 'python3';
  const script = fileURLToPath(new URL('../vectors/check_http_signatures.py', import.meta.url));
  const hasLibrary = spawnSync(python, ['-c', 'import http_message_signatures']).status === 0;
  (hasLibrary ? test : test.skip)(
    'PyPI’s http-message-signatures verifies the vectors, and what it signs is accepted',
    () => {
      const run = spawnSync(python, [script], { encoding: 'utf8', timeout: 20_000 });
      expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
      const headers = JSON.parse(run.stdout) as Record<string, string>;
      expect(isValid({ ...propose, headers })).toBe(true);
    },
  );
});

test('a bit changed in any covered part makes a signature invalid or unreadable', () => {
  const covered = ['Content-Digest', 'Idempotency-Key', 'Signature-Input'];
  fc.assert(
    fc.property(fc.constantFrom('method', 'url', ...covered, 'Signature'), fc.nat(), (part, bit) => {
      const change = (text: string) => flipBit(Buffer.from(text, 'latin1'), bit).toString('latin1');
      const changed: Received =
        part === 'method' || part === 'url'
          ? { ...propose, [part]: change(propose[part]) }
          : { ...propose, headers: { ...propose.headers, [part]: change(propose.headers[part]!) } };
      let accepted: boolean;
      try {
        // A label names nothing that is covered, and URL reads a host in any case.
        accepted = isValid(changed) && baseOf(changed) !== propose.base;
      } catch {
        accepted = false;
      }
      expect(accepted).toBe(false);
    }),
    { numRuns: 500 },
  );
});

describe('what is no signature of the profile', () => {
  const input = propose.headers['Signature-Input']!;
  const signature = propose.headers.Signature!;
  const reading =
    (signatureInput: string, sent = signature) =>
    () =>
      readHttpSignature({ signatureInput, signature: sent });

  test.each([
    ['no dictionary', 'sig1=(', 'Signature-Input is no dictionary'],
    ['too long', `${input}, a=("${'x'.repeat(4_096)}")`, 'may take 4096 characters'],
    [
      'of nine labels',
      `${input}${Array.from({ length: 8 }, (_, n) => `, l${n}=("@method")`).join('')}`,
      'may have 8 members',
    ],
    ['twice with the tag', `${input}, ${input.replace('sig1', 'sig2')}`, 'Two signatures carry'],
    ['no list', 'sig1="x";tag="agent-registry"', 'no inner list'],
    ['of components that are tokens', input.replace('"@method"', 'method'), 'must be a string'],
    ['of a component with parameters', input.replace('"@method"', '"@method";req'), 'no parameters'],
    ['of a component twice', input.replace('"@method"', '"@method" "@method"'), 'covered twice'],
    [
      'of seventeen components',
      input.replace('"@method"', Array.from({ length: 17 }, (_, n) => `"x-${n}"`).join(' ')),
      'may cover 16',
    ],
    ['without created', input.replace(/;created=\d+/, ''), 'created is missing'],
    ['with created as text', input.replace(/created=\d+/, 'created="now"'), 'created must be'],
    ['with a fraction of a second', input.replace(/created=\d+/, 'created=1.5'), 'created must be'],
    ['with a negative time', input.replace(/created=\d+/, 'created=-1'), 'created must be'],
    ['without keyid', input.replace(/;keyid="[^"]*"/, ''), 'keyid is missing'],
    ['with another algorithm', input.replace('ed25519', 'hmac-sha256'), 'alg must be'],
    ['with a short nonce', input.replace(/nonce="[^"]*"/, 'nonce="short"'), 'nonce must be'],
    ['of another label', input.replace('sig1', 'sig2'), 'Signature lacks sig2'],
  ])('a Signature-Input %s is refused, saying why', (_what, signatureInput, why) => {
    expect(reading(signatureInput)).toThrow(why);
  });

  test.each([
    ['of 63 bytes', `sig1=:${Buffer.alloc(63).toString('base64')}:`],
    ['in hex', `sig1="${'0'.repeat(128)}"`],
    ['whose base64 has other bits set than its bytes', signature.replace('Dg==:', 'Dh==:')],
    ['whose base64 lacks its padding', signature.replace('==:', ':')],
  ])('a Signature %s is refused', (_what, sent) => {
    expect(reading(input, sent)).toThrow(/Signature/);
  });

  test('a signature of another tag is none of ours, and may sit beside', () => {
    const theirs = 'bot=("@authority");created=1;keyid="x";tag="web-bot-auth"';
    expect(reading(theirs)()).toBeNull();
    expect(reading(`${theirs}, ${input}`)()?.keyId).toBe(propose.keyId);
    expect(readHttpSignature({ signatureInput: undefined, signature: undefined })).toBeNull();
  });

  test.each([
    [['@target-uri'], '@method'],
    [['@method', '@authority', '@path'], '@target-uri'],
    [['@method', '@target-uri'], 'content-digest'],
    [['@method', '@target-uri', 'content-digest'], 'idempotency-key'],
  ])('one that covers only %j is told that it must cover %s', (components, gap) => {
    expect(() => assertCovers({ components }, { hasBody: true, hasIdempotencyKey: true })).toThrow(gap);
  });

  test.each(['@status', '@query-param', '@unknown', 'Content-Type', 'x y'])(
    'the component %j is not known',
    (name) => {
      const request = { method: 'GET', origin: 'https://a.example', target: '/', field: () => 'x' };
      expect(() => signatureBase({ components: [name], params: '' }, request)).toThrow('no component');
    },
  );
});

test('strangers’ headers never do worse than be refused', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9"();=:,@ ?*\\-]{0,80}$/));
  fc.assert(
    fc.property(text, text, (signatureInput, signature) => {
      try {
        readHttpSignature({ signatureInput: `${signatureInput};tag="agent-registry"`, signature });
      } catch (error) {
        expect((error as Error).name).toBe('HttpSignatureError');
      }
    }),
  );
});

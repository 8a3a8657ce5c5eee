import { createHash } from 'node:crypto';
import { type BareItem, type InnerList, parseDictionary, serializeInnerList } from 'structured-headers';

// The registry's profile of RFC 9421 (HTTP Message Signatures), with RFC 9530's Content-Digest. Pure: whether a time is near
// and a nonce new is for the caller to say.

/** Only signatures with this tag are the registry's; others, such as Web Bot Auth's, may sit beside. */
export const SIGNATURE_TAG = 'agent-registry';
const HEADER_CHARS_MAX = 4_096;
const LABELS_MAX = 8;
const COMPONENTS_MAX = 16;
const SIGNATURE_BYTES = 64;
const NONCE = /^[A-Za-z0-9_+/=-]{16,128}$/;
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** A signature of the registry's tag as a request carries it; well-formed, and not yet believed. */
export interface HttpSignature {
  readonly keyId: string;
  /** Unix seconds. */
  readonly created: number;
  readonly expires: number | null;
  readonly nonce: string | null;
  /** The names of what it covers, in its order. */
  readonly components: readonly string[];
  /** 128 hex digits. */
  readonly signature: string;
  /** The value of `@signature-params`, serialised anew. */
  readonly params: string;
}

/** What of a request a signature may cover. */
export interface SignableRequest {
  /** Upper case. */
  readonly method: string;
  /** Scheme, host and port that the signer addressed. */
  readonly origin: string;
  /** Path and query as they are sent. */
  readonly target: string;
  /** The value of a header field by its lower-case name, several lines joined by `, `; undefined when there is none. */
  readonly field: (name: string) => string | undefined;
}

/** A signature that does not meet the profile; the message names what is missing. */
export class HttpSignatureError extends Error {
  override readonly name = 'HttpSignatureError';
}

/**
 * Reads the one signature of the registry's tag.
 *
 * @returns null when there is none.
 * @throws HttpSignatureError for malformed fields, for two signatures of the tag, and for one outside the profile.
 */
export function readHttpSignature(fields: {
  signatureInput: string | undefined;
  signature: string | undefined;
}): HttpSignature | null {
  const { signatureInput = '', signature = '' } = fields;
  if (signatureInput === '') return null;
  const inputs = parse('Signature-Input', signatureInput);
  const ours = [...inputs].filter(([, member]) => member[1].get('tag') === SIGNATURE_TAG);
  const [found, second] = ours;
  if (found === undefined) return null;
  if (second !== undefined) throw new HttpSignatureError(`Two signatures carry tag="${SIGNATURE_TAG}".`);
  const [label, input] = found;
  if (!Array.isArray(input[0])) throw new HttpSignatureError(`Signature-Input: ${label} is no inner list.`);
  return { ...readInput(input as InnerList), signature: readSignature(label, signature) };
}

/**
 * The text that a signature covers, in bytes.
 *
 * @throws HttpSignatureError when it covers what the request lacks, or what this profile does not know.
 */
export function signatureBase(
  { components, params }: Pick<HttpSignature, 'components' | 'params'>,
  request: SignableRequest,
): Buffer {
  const lines = components.map((name) => `"${name}": ${componentValue(name, request)}`);
  return Buffer.from([...lines, `"@signature-params": ${params}`].join('\n'), 'latin1');
}

/** Refuses a signature that does not cover enough of the request. @throws HttpSignatureError naming the gap. */
export function assertCovers(
  { components }: Pick<HttpSignature, 'components'>,
  request: { hasBody: boolean; hasIdempotencyKey: boolean },
): void {
  const covers = (name: string): boolean => components.includes(name);
  const coversTarget = covers('@target-uri') || ['@authority', '@path', '@query'].every(covers);
  const needs: readonly (readonly [boolean, string])[] = [
    [covers('@method'), '@method'],
    [coversTarget, '@target-uri, or all of @authority, @path and @query'],
    [!request.hasBody || covers('content-digest'), 'content-digest, as the request has a body'],
    [!request.hasIdempotencyKey || covers('idempotency-key'), 'idempotency-key, as the request carries one'],
  ];
  const gap = needs.find(([isMet]) => !isMet);
  if (gap !== undefined) throw new HttpSignatureError(`The signature must cover ${gap[1]}.`);
}

/** RFC 9530: the Content-Digest of a body. */
export function contentDigest(body: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

/** Whether a Content-Digest's sha-256 is this body's. @throws HttpSignatureError when it has none. */
export function isDigestOf(header: string, body: Uint8Array): boolean {
  const [digest] = parse('Content-Digest', header).get('sha-256') ?? [];
  if (!(digest instanceof ArrayBuffer)) throw new HttpSignatureError('Content-Digest must have a sha-256.');
  return createHash('sha256').update(body).digest().equals(Buffer.from(digest));
}

function parse(name: string, value: string): ReturnType<typeof parseDictionary> {
  if (value.length > HEADER_CHARS_MAX)
    throw new HttpSignatureError(`${name} may take ${HEADER_CHARS_MAX} characters.`);
  try {
    const members = parseDictionary(value);
    if (members.size <= LABELS_MAX) return members;
  } catch {
    throw new HttpSignatureError(`${name} is no dictionary of RFC 9651.`);
  }
  throw new HttpSignatureError(`${name} may have ${LABELS_MAX} members.`);
}

function readInput([items, parameters]: InnerList): Omit<HttpSignature, 'signature'> {
  const components = items.map(([name, inner]) => {
    if (typeof name !== 'string') throw new HttpSignatureError('A covered component must be a string.');
    if (inner.size > 0) throw new HttpSignatureError(`"${name}" may have no parameters.`);
    return name;
  });
  if (components.length > COMPONENTS_MAX)
    throw new HttpSignatureError(`A signature may cover ${COMPONENTS_MAX} components.`);
  if (new Set(components).size < components.length)
    throw new HttpSignatureError('A component is covered twice.');
  const take = <T extends BareItem>(name: string, isRight: (value: BareItem) => value is T, what: string) => {
    const value = parameters.get(name);
    if (value === undefined || isRight(value)) return value;
    throw new HttpSignatureError(`The parameter ${name} must be ${what}.`);
  };
  const keyId = take('keyid', isString, 'a string');
  const created = take('created', isSeconds, 'whole Unix seconds');
  if (keyId === undefined || created === undefined)
    throw new HttpSignatureError(`The parameter ${keyId === undefined ? 'keyid' : 'created'} is missing.`);
  const expires = take('expires', isSeconds, 'whole Unix seconds') ?? null;
  const nonce = take('nonce', isNonce, 'a string of 16 to 128 of A–Z, a–z, 0–9, _ + / = and -') ?? null;
  take('alg', (value): value is string => value === 'ed25519', '"ed25519", or left out');
  return { keyId, created, expires, nonce, components, params: serializeInnerList([items, parameters]) };
}

const isString = (value: BareItem): value is string => typeof value === 'string';
const isNonce = (value: BareItem): value is string => isString(value) && NONCE.test(value);
const isSeconds = (value: BareItem): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** One spelling: the base64 must be the canonical one of its bytes. */
function readSignature(label: string, header: string): string {
  const [value] = parse('Signature', header).get(label) ?? [];
  if (!(value instanceof ArrayBuffer)) throw new HttpSignatureError(`Signature lacks ${label}.`);
  const bytes = Buffer.from(value);
  if (bytes.length !== SIGNATURE_BYTES || !header.includes(`:${bytes.toString('base64')}:`))
    throw new HttpSignatureError(`Signature: ${label} must be the base64 of ${SIGNATURE_BYTES} bytes.`);
  return bytes.toString('hex');
}

function componentValue(name: string, request: SignableRequest): string {
  const { method, origin, target, field } = request;
  const [path = '', query = ''] = target.split(/\?(.*)/s, 2);
  const derived: Readonly<Record<string, () => string>> = {
    '@method': () => method,
    '@target-uri': () => origin + target,
    '@authority': () => new URL(origin).host,
    '@scheme': () => new URL(origin).protocol.slice(0, -1),
    '@request-target': () => target,
    '@path': () => path,
    '@query': () => `?${query}`,
  };
  if (Object.hasOwn(derived, name)) return derived[name]!();
  if (!FIELD_NAME.test(name))
    throw new HttpSignatureError(`"${name.slice(0, 64)}" is no component of this profile.`);
  const value = field(name);
  if (value === undefined)
    throw new HttpSignatureError(`The signature covers ${name}, which the request lacks.`);
  return value;
}

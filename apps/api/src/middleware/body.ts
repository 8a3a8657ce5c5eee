import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type FieldError,
  isShortestForm,
  RegistryError,
  storableText,
  survivesDouble,
  unstorable,
} from '@agent-registry/schemas';
import { type JsonNode, type JsonText, JsonTextError, readJsonText } from '@agent-registry/signing';

/** The largest request body: 1 MiB. */
const BODY_BYTES_MAX = 1_048_576;
const JSON_TYPE = /^application\/(?:[a-z0-9.+-]{1,64}\+)?json[ \t]*(?:;|$)/i;
const CHARSET = /;[ \t]*charset[ \t]*=[ \t]*"?([^";\s]{1,40})/i;

/**
 * Reads the body's bytes, for a signature covers bytes. A body of a declared length that is too large is refused before
 * any of it is read.
 *
 * @throws RegistryError payload_too_large, unsupported_media_type, malformed_request.
 */
export async function readRawBody(req: IncomingMessage): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > BODY_BYTES_MAX) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: unknown) => {
      req.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onEnd = () => settle();
    const onBroken = () => settle(new RegistryError('malformed_request', 'The body ended too early.'));
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length <= BODY_BYTES_MAX) chunks.push(chunk);
      else settle(tooLarge());
    };
    req.on('data', onData).once('end', onEnd).once('error', onBroken).once('close', onBroken);
  });
  return Buffer.concat(chunks, length);
}

/**
 * The text of a JSON body. A refusal says in the response's headers what would have been taken.
 *
 * @throws RegistryError unsupported_media_type for a body that does not say it is JSON, malformed_request for one that is
 *   not UTF-8.
 */
export function decodeBody(req: IncomingMessage, res: ServerResponse, bytes: Uint8Array): string {
  if (bytes.length === 0) return '';
  const type = req.headers['content-type'] ?? '';
  const charset = (CHARSET.exec(type)?.[1] ?? 'utf-8').toLowerCase();
  if (!JSON_TYPE.test(type) || (charset !== 'utf-8' && charset !== 'utf8')) {
    res.setHeader('Accept', 'application/json');
    throw new RegistryError('unsupported_media_type', 'Send the body as application/json, in UTF-8.');
  }
  if ((req.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    res.setHeader('Accept-Encoding', 'identity');
    throw new RegistryError('unsupported_media_type', 'Send the body without a Content-Encoding.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RegistryError('malformed_request', 'The body is not UTF-8.');
  }
}

function tooLarge(): RegistryError {
  return new RegistryError('payload_too_large', `A body may take ${BODY_BYTES_MAX} bytes at most.`);
}

/** Nesting a request body may have. */
export const BODY_DEPTH_MAX = 64;
/** Values (elements, and members with their names) that a request body may hold in all. */
export const BODY_VALUES_MAX = 100_000;
const NAME_CHARS_MAX = 64;
const ERRORS_SHOWN_MAX = 20;

/** A request body: read once, and kept with its text for what must be kept or hashed to the letter. */
interface JsonBody {
  readonly value: unknown;
  /** The text of a member of the top level as it was sent; undefined when it is absent, null when it is null. */
  readonly textOf: (name: string) => string | null | undefined;
}

export const NO_BODY: JsonBody = { value: {}, textOf: () => undefined };

/**
 * Reads a request body as I-JSON (RFC 7493), so that everybody who reads what is kept of it sees the same. An empty body is
 * `{}`. Members of the top level that are numbers of more digits than the double's shortest form are handed on as their text,
 * so that money never passes through a rounding.
 *
 * @throws RegistryError malformed_request for what is not JSON, nests too deep or names a member twice; validation_failed,
 *   with the paths, for text that the database cannot keep (NUL, lone surrogates) and numbers that a double cannot carry.
 */
export function parseJsonBody(text: string): JsonBody {
  if (text.trim() === '') return NO_BODY;
  const { root, duplicate } = read(text);
  if (duplicate !== null) {
    const name = storableText(duplicate, NAME_CHARS_MAX);
    throw new RegistryError('malformed_request', `The body names a member twice: ${name}`);
  }
  const errors: FieldError[] = [];
  const value = toValue(root, [], errors);
  const [first] = errors;
  if (first !== undefined)
    throw new RegistryError('validation_failed', `${first.path || 'The body'}: ${first.message}`, { errors });
  const members = root.kind === 'object' ? root.members : null;
  return {
    value,
    textOf: (name) => {
      const member = members?.get(name);
      if (member === undefined) return undefined;
      return isNull(member) ? null : text.slice(member.start, member.end);
    },
  };
}

function read(text: string): JsonText {
  try {
    return readJsonText(text, { depth: BODY_DEPTH_MAX, values: BODY_VALUES_MAX });
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw new RegistryError('malformed_request', `The body ${error.message}.`);
  }
}

/** The plain value of a node at `path`; what cannot be kept is noted in `errors`. */
function toValue(node: JsonNode, path: string[], errors: FieldError[]): unknown {
  const under = (name: string, child: JsonNode): unknown => {
    path.push(name);
    if (node.kind === 'object') note(unstorable(name), path, errors);
    const value = toValue(child, path, errors);
    path.pop();
    return value;
  };
  switch (node.kind) {
    case 'object':
      // Defines own properties, `__proto__` too.
      return Object.fromEntries(Array.from(node.members, ([name, child]) => [name, under(name, child)]));
    case 'array':
      return node.items.map((child, index) => under(String(index), child));
    case 'string':
      note(unstorable(node.value), path, errors);
      return node.value;
    case 'literal':
      return literalValue(node.text, path, errors);
  }
}

function literalValue(text: string, path: readonly string[], errors: FieldError[]): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  if (!survivesDouble(text))
    note('is a number that a double cannot carry: send it as a string', path, errors);
  return path.length === 1 && !isShortestForm(text) ? text : Number(text);
}

function note(message: string | null, path: readonly string[], errors: FieldError[]): void {
  if (message !== null && errors.length < ERRORS_SHOWN_MAX) errors.push({ path: path.join('.'), message });
}

function isNull(node: JsonNode): boolean {
  return node.kind === 'literal' && node.text === 'null';
}

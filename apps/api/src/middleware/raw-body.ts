import type { IncomingMessage, ServerResponse } from 'node:http';
import { RegistryError } from '@agent-registry/schemas';

/** The largest request body: 1 MiB. */
export const BODY_BYTES_MAX = 1_048_576;
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

import type { Readable } from 'node:stream';
import { storableText } from '@agent-registry/schemas';

/** What is kept of a body for people to read. */
export const MAX_BODY_TEXT_CHARS = 1024;

export interface BodyExcerpt {
  bodyText: string;
  bodyTruncated: boolean;
}

// Everything that could garble a log line or a page: C0 and C1 controls but tab and newline, line and paragraph
// separators, marks that reorder text, and the byte order mark.
const UNSAFE = /[^\P{Cc}\t\n]|[\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * Reads at most `maxBytes` of a body, then drops it, which closes its connection. Nothing is ever inflated: an encoded
 * body is counted and not shown. Rejects when the body breaks off before the cap.
 */
export async function readBody(body: Readable, encoding: string, maxBytes: number): Promise<BodyExcerpt> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    // A character takes at most four bytes, so this much always suffices for the excerpt.
    if (size < MAX_BODY_TEXT_CHARS * 4) chunks.push(chunk.subarray(0, MAX_BODY_TEXT_CHARS * 4));
    size += chunk.length;
    if (size > maxBytes) break;
  }
  if (encoding !== '' && encoding !== 'identity')
    return { bodyText: '(encoded body, not shown)', bodyTruncated: size > 0 };
  return excerpt(Buffer.concat(chunks), size);
}

/** At most `maxBytes` of a body, as they came; of one that has more, `truncated`, and the rest is dropped with its connection. */
export async function readDocument(
  body: Readable,
  maxBytes: number,
): Promise<{ body: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) break;
    chunks.push(chunk);
  }
  return { body: Buffer.concat(chunks), truncated: size > maxBytes };
}

function excerpt(bytes: Buffer, size: number): BodyExcerpt {
  const whole = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true });
  const safe = whole.replaceAll('\r\n', '\n').replace(UNSAFE, '\ufffd');
  const bodyText = storableText(safe, MAX_BODY_TEXT_CHARS);
  return { bodyText, bodyTruncated: bodyText.length < safe.length || size > bytes.length };
}

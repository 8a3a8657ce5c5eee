// Frames between the service and its workers, over pipes: two lengths, a JSON header, then raw bytes.
// Only JSON is ever decoded, so a compromised worker can send nothing worse than wrong values.

const prefixBytes = 8;

export interface Frame {
  readonly header: unknown;
  readonly body: Buffer;
}

/** The bytes of one frame, in pieces so that a large body is not copied. */
export function encodeFrame(header: unknown, body: Buffer = Buffer.alloc(0)): Buffer[] {
  const head = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(head.length, 0);
  prefix.writeUInt32BE(body.length, 4);
  return [prefix, head, body];
}

/** A frame announced itself as longer than it may be. */
export class FrameTooLarge extends Error {
  override readonly name = 'FrameTooLarge';
}

/**
 * Collects chunks into frames. `feed` throws FrameTooLarge as soon as a length says so, before the bytes
 * come, and SyntaxError when a header is not JSON.
 */
export function createFrameReader(maxBytes: number, onFrame: (frame: Frame) => void) {
  let chunks: Buffer[] = [];
  let buffered = 0;
  return {
    feed(chunk: Buffer): void {
      chunks.push(chunk);
      buffered += chunk.length;
      while (buffered >= prefixBytes) {
        const joined = joinAtLeast(chunks, prefixBytes);
        chunks = joined;
        const prefix = joined[0] as Buffer;
        const headLength = prefix.readUInt32BE(0);
        const length = prefixBytes + headLength + prefix.readUInt32BE(4);
        if (length > maxBytes) throw new FrameTooLarge(`a frame of ${length} bytes`);
        if (buffered < length) return;
        const all = Buffer.concat(chunks, buffered);
        chunks = buffered > length ? [all.subarray(length)] : [];
        buffered -= length;
        const header: unknown = JSON.parse(all.toString('utf8', prefixBytes, prefixBytes + headLength));
        onFrame({ header, body: all.subarray(prefixBytes + headLength, length) });
      }
    },
  };
}

/** Joins only as many chunks as it takes for the first to hold `bytes`. */
function joinAtLeast(chunks: Buffer[], bytes: number): Buffer[] {
  let rest = chunks;
  while ((rest[0]?.length ?? 0) < bytes && rest.length > 1) {
    const [first, second, ...others] = rest as [Buffer, Buffer, ...Buffer[]];
    rest = [Buffer.concat([first, second]), ...others];
  }
  return rest;
}

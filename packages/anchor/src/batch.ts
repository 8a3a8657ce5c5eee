import { decodeEntries, encodeEntries } from '@agent-registry/log';

/** What one checkpoint adds to the log. */
export interface Batch {
  /** In the order of their places. */
  readonly leaves: readonly Uint8Array[];
  /** The signed checkpoint. */
  readonly note: string;
}

const INDEX_DIGITS = 16;
/** No leaf is empty, so an empty entry ends them. */
const END = Buffer.alloc(2);

/** The object of the batch whose first leaf has this index. A log of a size has one next batch, so one object of this name. */
export function anchorName(from: number): string {
  return String(from).padStart(INDEX_DIGITS, '0');
}

/** A batch as an anchor keeps it: the entries as tiles have them, an empty one, and the note. */
export function encodeBatch({ leaves, note }: Batch): Buffer {
  return Buffer.concat([encodeEntries(leaves), END, Buffer.from(note)]);
}

/** Reads what `encodeBatch` wrote. @throws RangeError. */
export function decodeBatch(bytes: Uint8Array): Batch {
  const octets = Buffer.from(bytes);
  let at = 0;
  while (at + 2 <= octets.length && octets.readUInt16BE(at) > 0) at += 2 + octets.readUInt16BE(at);
  if (at + 2 > octets.length) throw new RangeError('the batch has no end');
  if (at === 0) throw new RangeError('the batch has no leaves');
  return { leaves: decodeEntries(octets.subarray(0, at)), note: octets.subarray(at + 2).toString() };
}

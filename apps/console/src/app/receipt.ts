// A receipt, verified by the browser's own cryptography: packages/client does the same with Node's, and a test holds the two together.
import type { JobReceipt } from '@agent-registry/client';
import { base64, canonical, hex, sha256 } from './canonical.ts';

const VKEY = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u;
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/u;
const PROOF =
  /^c2sp\.org\/tlog-proof@v1\n(?:extra [A-Za-z0-9+/=]+\n)?index (0|[1-9]\d{0,15})\n((?:[A-Za-z0-9+/=]+\n)*)\n/;
const SIZE = /^(0|[1-9]\d{0,15})$/;
const HASH_BYTES = 32;
const KEY_ID_BYTES = 4;
/** Of the type, which is 0x01 for Ed25519, and the key. */
const TYPED_KEY_BYTES = 33;
/** Of a note, and of a proof in a tree of 2 ** 53 leaves. */
const SIGNATURES_MAX = 100;
const HASHES_MAX = 63;
const COMMIT_HEADER = 'agent-registry/commit/v1\n';

/** A leaf that is as the receipt says. */
export interface CheckedItem {
  readonly leaf: Readonly<Record<string, unknown>>;
  /** Its place in the log, and the size of the log that was signed; null while it is not published. */
  readonly place: { readonly index: number; readonly size: number } | null;
  readonly openings: readonly unknown[];
}

/** @throws Error saying which entry does not hold, the first if several do not, and why. */
export async function verifyReceipt(
  receipt: JobReceipt,
  log: { readonly origin: string; readonly vkeys: readonly string[] },
): Promise<CheckedItem[]> {
  const keys = await Promise.all(log.vkeys.map(readVkey));
  const checked: CheckedItem[] = [];
  for (const [at, item] of receipt.items.entries())
    try {
      checked.push(await verifyItem(item, receipt.job_id, { origin: log.origin, keys }));
    } catch (error) {
      throw new Error(`Entry ${at + 1} (${item.kind}): ${(error as Error).message}.`, { cause: error });
    }
  return checked;
}

/** Those of a log's named keys by each of which alone a receipt's published entries hold. That a key is named beside them proves nothing of it. */
export async function provenKeys(
  receipt: JobReceipt,
  log: { readonly origin: string; readonly vkeys: readonly string[] },
): Promise<string[]> {
  const published = { ...receipt, items: receipt.items.filter(({ proof }) => proof !== null) };
  const proven = await Promise.all(
    log.vkeys.map((vkey) =>
      verifyReceipt(published, { ...log, vkeys: [vkey] }).then(
        (items) => items.length > 0,
        () => false,
      ),
    ),
  );
  return log.vkeys.filter((_, index) => proven[index]);
}

type Item = JobReceipt['items'][number];

async function verifyItem(item: Item, jobId: string, log: KnownLog): Promise<CheckedItem> {
  const leaf = readLeaf(item.leaf);
  if (leaf.kind !== item.kind) throw new Error(`it is of kind ${String(leaf.kind)}`);
  for (const { part, salt, opening } of item.openings) {
    const commitment = { both: leaf.commit, seller: leaf.commit_seller }[part];
    if (!/^[0-9a-f]{64}$/.test(salt) || commitment !== hex(await commitTo(salt, opening)))
      throw new Error(`it does not commit to what is shown of it to ${part}`);
  }
  const openings = item.openings.map(({ opening }) => opening);
  const jobs = [leaf.job, ...openings.map((opening) => (opening as { job_id?: unknown } | null)?.job_id)];
  const named = jobs.filter((job) => job !== undefined);
  if (named.length === 0) throw new Error('nothing in it says which job it is about');
  if (named.some((job) => job !== jobId)) throw new Error('it is about another job');
  const place = item.proof === null ? null : await verifyProof(item.leaf, item.proof, log);
  return { leaf, place, openings };
}

function readLeaf(text: string): Record<string, unknown> {
  const leaf: unknown = JSON.parse(text);
  if (typeof leaf !== 'object' || leaf === null || canonical(leaf) !== text)
    throw new Error('it is not canonical JSON');
  const { v, kind, id, time } = leaf as Record<string, unknown>;
  if (v !== 1 || typeof kind !== 'string' || typeof id !== 'string' || typeof time !== 'string')
    throw new Error('it is no leaf of version 1');
  return leaf as Record<string, unknown>;
}

function commitTo(salt: string, opening: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = Uint8Array.from(salt.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return sha256(COMMIT_HEADER, bytes, canonical(opening));
}

interface Key {
  readonly name: string;
  readonly id: string;
  readonly key: CryptoKey;
}

interface KnownLog {
  readonly origin: string;
  readonly keys: readonly Key[];
}

async function readVkey(vkey: string): Promise<Key> {
  const [, name = '', id = '', encoded = ''] = VKEY.exec(vkey) ?? [];
  const typed = bytesOf(encoded);
  if (typed?.length !== TYPED_KEY_BYTES || typed[0] !== 1)
    throw new Error('The key of the log is malformed.');
  const hash = await sha256(`${name}\n`, typed);
  if (hex(hash.subarray(0, KEY_ID_BYTES)) !== id) throw new Error('The key of the log has another key’s id.');
  return {
    name,
    id,
    key: await crypto.subtle.importKey('raw', typed.subarray(1), 'Ed25519', false, ['verify']),
  };
}

/** C2SP tlog-proof: the leaf is at its index in the tree whose root a known key signed. */
async function verifyProof(leaf: string, text: string, log: KnownLog) {
  const found = PROOF.exec(text);
  if (found === null) throw new Error('its proof is malformed');
  const hashes = found[2]!.split('\n').slice(0, -1).map(bytesOf);
  if (hashes.length > HASHES_MAX || !hashes.every((hash) => hash?.length === HASH_BYTES))
    throw new Error('its proof is malformed');
  const index = Number(found[1]);
  const { size, root } = await openCheckpoint(text.slice(found[0].length), log);
  const reached = await rootOf(await sha256('\x00', leaf), { index, size, path: hashes as Bytes[] });
  if (reached === null) throw new Error('its proof does not fit the size of the log');
  if (hex(reached) !== hex(root)) throw new Error('its proof leads to another root than the log’s');
  return { index, size };
}

type Bytes = Uint8Array<ArrayBuffer>;

/** RFC 9162, 2.1.3.2; null where the path does not fit. */
async function rootOf(
  leaf: Bytes,
  { index, size, path }: { index: number; size: number; path: readonly Bytes[] },
): Promise<Bytes | null> {
  if (!Number.isSafeInteger(index) || index >= size) return null;
  let [at, last, hash] = [BigInt(index), BigInt(size) - 1n, leaf];
  for (const sibling of path) {
    if (last === 0n) return null;
    if (at % 2n === 1n || at === last) {
      hash = await sha256('\x01', sibling, hash);
      while (at % 2n === 0n && at !== 0n) [at, last] = [at >> 1n, last >> 1n];
    } else hash = await sha256('\x01', hash, sibling);
    [at, last] = [at >> 1n, last >> 1n];
  }
  return last === 0n ? hash : null;
}

/** C2SP tlog-checkpoint in a signed note. Signatures of unknown keys count for nothing; one of a known key that fails refuses it. */
async function openCheckpoint(note: string, { origin, keys }: KnownLog) {
  const end = note.lastIndexOf('\n\n');
  const lines = note.slice(end + 2, -1).split('\n');
  if (end < 0 || !note.endsWith('\n') || lines.length > SIGNATURES_MAX)
    throw new Error('its checkpoint is malformed');
  const text = note.slice(0, end + 1);
  let isSigned = false;
  for (const line of lines) {
    const [, name, encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = bytesOf(encoded);
    if (name === undefined || bytes === null || bytes.length <= KEY_ID_BYTES)
      throw new Error('its checkpoint is malformed');
    const id = hex(bytes.subarray(0, KEY_ID_BYTES));
    const known = keys.find((key) => key.name === name && key.id === id);
    if (known === undefined) continue;
    const signature = bytes.subarray(KEY_ID_BYTES);
    if (!(await crypto.subtle.verify('Ed25519', known.key, signature, new TextEncoder().encode(text))))
      throw new Error('the log’s signature does not verify');
    isSigned = true;
  }
  if (!isSigned) throw new Error('no known key signed its checkpoint');
  const [named, size = '', encoded = ''] = text.split('\n');
  const root = bytesOf(encoded);
  if (named !== origin) throw new Error(`its checkpoint is of ${named}`);
  if (!SIZE.test(size) || root?.length !== HASH_BYTES) throw new Error('its checkpoint is malformed');
  return { size: Number(size), root };
}

/** Base64 in its one canonical spelling; null otherwise. */
function bytesOf(text: string): Bytes | null {
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return base64(bytes) === text ? bytes : null;
  } catch {
    return null;
  }
}

// C2SP signed-note with Ed25519 (type 0x01), and tlog-checkpoint.
import { createHash } from 'node:crypto';
import { publicKeyOf, signMessage, verifyMessage } from '@agent-registry/signing';
import { HASH_BYTES } from './tree.ts';

const ED25519 = 0x01;
const KEY_ID_BYTES = 4;
const KEY_BYTES = 32;
/** Signatures that a note may have: more are not read. */
const SIGNATURES_MAX = 100;
const KEY_NAME = /^[^\s+]+$/u;
const VKEY = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u;
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/u;

/** What a note is not, in words. */
export class NoteError extends Error {
  override readonly name = 'NoteError';
}

export interface Verifier {
  readonly name: string;
  /** 8 hex digits. */
  readonly keyId: string;
  /** 64 hex digits. */
  readonly publicKey: string;
}

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

/** The verifier key of a seed of 64 hex digits, as it is published: `<name>+<key id>+<key>`. */
export function vkeyOf(name: string, seed: string): string {
  const publicKey = publicKeyOf(seed);
  return `${name}+${keyIdOf(name, publicKey)}+${typedKey(publicKey).toString('base64')}`;
}

/** @throws NoteError for what is no Ed25519 verifier key, or whose id is another key's. */
export function readVkey(vkey: string): Verifier {
  const [, name = '', keyId = '', encoded = ''] = VKEY.exec(vkey) ?? [];
  const bytes = decodeBase64(encoded);
  if (bytes?.length !== 1 + KEY_BYTES || bytes[0] !== ED25519)
    throw new NoteError('a verifier key is <name>+<8 hex digits>+<base64 of 0x01 and an Ed25519 key>');
  const publicKey = bytes.subarray(1).toString('hex');
  if (keyIdOf(name, publicKey) !== keyId) throw new NoteError('the verifier key has another key’s id');
  return { name, keyId, publicKey };
}

/** Signs a text that ends in a newline, by each seed under the name, in order. */
export function signNote(text: string, name: string, seeds: readonly string[]): string {
  if (!text.endsWith('\n')) throw new NoteError('a note’s text ends in a newline');
  if (!KEY_NAME.test(name)) throw new NoteError('a key’s name has no space and no plus');
  const lines = seeds.map((seed) => {
    const id = Buffer.from(keyIdOf(name, publicKeyOf(seed)), 'hex');
    const signature = Buffer.from(signMessage(seed, Buffer.from(text)), 'hex');
    return `— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/**
 * The text of a note that one of the verifiers signed; signatures of others count for nothing.
 *
 * @throws NoteError where none did, or where one of theirs does not verify.
 */
export function openNote(note: string, verifiers: readonly Verifier[]): string {
  const { text, signatures } = splitNote(note);
  let isSigned = false;
  for (const { name, keyId, signature } of signatures) {
    const verifier = verifiers.find((known) => known.name === name && known.keyId === keyId);
    if (verifier === undefined) continue;
    if (!verifyMessage(verifier.publicKey, signature, Buffer.from(text)))
      throw new NoteError(`the signature of ${name} does not verify`);
    isSigned = true;
  }
  if (!isSigned) throw new NoteError('no known key signed the note');
  return text;
}

function splitNote(note: string) {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw new NoteError('a note is a text, an empty line and signatures');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > SIGNATURES_MAX) throw new NoteError('the note has too many signatures');
  const signatures = lines.map((line) => {
    const [, name, encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
    const bytes = decodeBase64(encoded);
    if (name === undefined || bytes === null || bytes.length <= KEY_ID_BYTES)
      throw new NoteError('a signature line is “— <name> <base64>”');
    const hex = bytes.toString('hex');
    return { name, keyId: hex.slice(0, 2 * KEY_ID_BYTES), signature: hex.slice(2 * KEY_ID_BYTES) };
  });
  return { text: note.slice(0, end + 1), signatures };
}

/** A checkpoint's text, to be signed. */
export function checkpointText({
  origin,
  size,
  root,
}: {
  origin: string;
  size: number;
  root: Uint8Array;
}): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

/** Reads a checkpoint's text; further lines are extensions. @throws NoteError. */
export function readCheckpoint(text: string): Checkpoint {
  const [origin = '', digits = '', encoded = ''] = text.split('\n');
  const root = decodeBase64(encoded);
  const size = /^(0|[1-9]\d{0,15})$/.test(digits) ? Number(digits) : Number.NaN;
  if (origin === '' || !Number.isSafeInteger(size) || root?.length !== HASH_BYTES)
    throw new NoteError('a checkpoint is an origin, a size and a root, each on its line');
  return { origin, size, root };
}

/** A checkpoint that a key of the log signed. @throws NoteError. */
export function openCheckpoint(note: string, origin: string, verifiers: readonly Verifier[]): Checkpoint {
  const checkpoint = readCheckpoint(openNote(note, verifiers));
  if (checkpoint.origin !== origin)
    throw new NoteError(`the checkpoint is of ${checkpoint.origin}, not ${origin}`);
  return checkpoint;
}

/** Base64 in its one canonical spelling; null otherwise. */
export function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

function typedKey(publicKey: string): Buffer {
  return Buffer.concat([Buffer.of(ED25519), Buffer.from(publicKey, 'hex')]);
}

function keyIdOf(name: string, publicKey: string): string {
  const hash = createHash('sha256').update(`${name}\n`).update(typedKey(publicKey)).digest('hex');
  return hash.slice(0, 2 * KEY_ID_BYTES);
}

#!/usr/bin/env node
// Verifies a job's receipt with nothing but Node: no library, no network, nothing of the registry's own code.
//   node verify-receipt.mjs receipt.json '<vkey>' ['<vkey>' …]
// receipt.json is what GET /jobs/:id/receipt answers. The vkeys are the log's, from a source that you trust.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const fail = (why) => {
  throw new Error(why);
};

/** RFC 8785 for what receipts have: no numbers but whole ones. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  // Names sort by their UTF-16 units, which is JavaScript's own order.
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

/** C2SP signed-note: `<name>+<key id>+<base64 of 0x01 and the key>`. */
function readVkey(vkey) {
  const [name, id, encoded] = vkey.split(/\+(?=[0-9a-f]{8}\+)|(?<=\+[0-9a-f]{8})\+/);
  const typed = Buffer.from(encoded ?? '', 'base64');
  if (typed.length !== 33 || typed[0] !== 1) fail(`not an Ed25519 verifier key: ${vkey}`);
  const expected = sha256(`${name}\n`, typed).subarray(0, 4).toString('hex');
  if (expected !== id) fail(`the verifier key has another key's id: ${vkey}`);
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), typed.subarray(1)]);
  return { name, id, key: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

/** C2SP tlog-checkpoint in a signed note: the size and the root that a trusted key signed. */
function openCheckpoint(note, keys) {
  const end = note.lastIndexOf('\n\n');
  if (end < 0) fail('the checkpoint has no signature');
  const text = note.slice(0, end + 1);
  let signed = false;
  for (const line of note
    .slice(end + 2)
    .split('\n')
    .filter(Boolean)) {
    const [, name, encoded] = /^— (\S+) (\S+)$/u.exec(line) ?? fail('a malformed signature line');
    const bytes = Buffer.from(encoded, 'base64');
    const known = keys.find((key) => key.name === name && key.id === bytes.subarray(0, 4).toString('hex'));
    if (known === undefined) continue;
    if (!verify(null, Buffer.from(text), known.key, bytes.subarray(4))) fail('a signature does not verify');
    signed ||= known.name === text.split('\n')[0];
  }
  if (!signed) fail('no trusted key of this log signed the checkpoint');
  const [, size, root] = text.split('\n');
  if (!/^[1-9]\d{0,15}$/.test(size)) fail('the checkpoint has no size');
  return { size: Number(size), root: Buffer.from(root, 'base64') };
}

/** RFC 9162, 2.1.3.2: the root that an inclusion proof leads to. */
function rootOf(leafHash, index, size, proof) {
  let [fn, sn, hash] = [BigInt(index), BigInt(size) - 1n, leafHash];
  if (fn > sn) fail('the index lies beyond the checkpoint');
  for (const sibling of proof) {
    if (sn === 0n) fail('the proof is too long');
    if (fn % 2n === 1n || fn === sn) {
      hash = sha256('\x01', sibling, hash);
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else hash = sha256('\x01', hash, sibling);
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  if (sn !== 0n) fail('the proof is too short');
  return hash;
}

/** C2SP tlog-proof@v1. */
function verifyProof(leaf, proof, keys) {
  const split = proof.indexOf('\n\n');
  const [version, place, ...hashes] = proof.slice(0, split).split('\n');
  const index = /^index (\d+)$/.exec(place ?? '')?.[1];
  if (version !== 'c2sp.org/tlog-proof@v1' || index === undefined) fail('not a tlog-proof');
  const checkpoint = openCheckpoint(proof.slice(split + 2), keys);
  const path = hashes.map((hash) => Buffer.from(hash, 'base64'));
  const root = rootOf(sha256('\x00', leaf), index, checkpoint.size, path);
  if (!root.equals(checkpoint.root)) fail('the proof leads to another root than the checkpoint’s');
  return { index: Number(index), size: checkpoint.size };
}

/** The commitment: SHA-256 of a fixed first line, the salt, and the canonical opening. */
function verifyOpening(leaf, { part, salt, opening }) {
  const commitment = { both: leaf.commit, seller: leaf.commit_seller }[part];
  const made = sha256('agent-registry/commit/v1\n', Buffer.from(salt, 'hex'), canonical(opening)).toString(
    'hex',
  );
  if (commitment === undefined || made !== commitment)
    fail(`the leaf does not commit to the opening for ${part}`);
}

function verifyItem(item, jobId, keys) {
  const leaf = JSON.parse(item.leaf);
  if (canonical(leaf) !== item.leaf) fail('the leaf is not canonical JSON');
  if (leaf.kind !== item.kind) fail(`the leaf is of kind ${leaf.kind}`);
  for (const opening of item.openings) verifyOpening(leaf, opening);
  const jobs = [leaf.job, ...item.openings.map(({ opening }) => opening?.job_id)].filter(
    (named) => named !== undefined,
  );
  if (jobs.length === 0) fail('nothing in it says which job it is about');
  for (const named of jobs) if (named !== jobId) fail(`it is about job ${named}`);
  if (item.proof === null) return 'not in the log yet';
  const { index, size } = verifyProof(item.leaf, item.proof, keys);
  return `leaf ${index} of ${size}`;
}

const [file, ...vkeys] = process.argv.slice(2);
if (file === undefined || vkeys.length === 0) {
  process.stderr.write("usage: node verify-receipt.mjs receipt.json '<vkey>' …\n");
  process.exit(2);
}
try {
  const receipt = JSON.parse(readFileSync(file, 'utf8'));
  const keys = vkeys.map(readVkey);
  for (const [at, item] of receipt.items.entries()) {
    try {
      const where = verifyItem(item, receipt.job_id, keys);
      process.stdout.write(`${item.kind}: ${where}, ${item.openings.length} openings hold\n`);
    } catch (error) {
      fail(`item ${at + 1} (${item.kind}): ${error.message}`);
    }
  }
  process.stdout.write(`The receipt of job ${receipt.job_id} holds.\n`);
} catch (error) {
  process.stdout.write(`The receipt does NOT hold: ${error.message}\n`);
  process.exitCode = 1;
}

import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cardSigningKey, jwkOf, signAgentCard, verifyAgentCard } from './agent-card.ts';
import { generateKeyPair, publicKeyOf } from './ed25519.ts';
import { canonicalJson } from './hashes.ts';

const JKU = 'https://registry.example.com/.well-known/jwks.json';
const card = { name: 'Élise', description: 'Résume des textes', skills: [{ id: 'résumé', tags: ['fr'] }] };
const key = generateKeyPair();
const signed = (value: object = card) => ({
  ...value,
  signatures: [signAgentCard({ ...value }, key.privateKey, JKU)],
});

test('the id of a JWK is its RFC 7638 thumbprint, by the example of RFC 8037', () => {
  const jwk = jwkOf('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  expect(jwk.x).toBe('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo');
  expect(jwk.kid).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
});

test('a signed card verifies with nothing but the published JWK and the rules of RFC 7515', () => {
  const [signature] = signed().signatures;
  const publicKey = createPublicKey({ key: { ...jwkOf(key.publicKey) }, format: 'jwk' });
  const input = `${signature!.protected}.${Buffer.from(canonicalJson(card)).toString('base64url')}`;
  expect(verify(null, Buffer.from(input), publicKey, Buffer.from(signature!.signature, 'base64url'))).toBe(
    true,
  );
  const header = JSON.parse(Buffer.from(signature!.protected, 'base64url').toString());
  expect(header).toEqual({ alg: 'EdDSA', typ: 'JOSE', kid: jwkOf(key.publicKey).kid, jku: JKU });
});

test('a card counts as signed by its key alone, and as long as nothing in it has changed', () => {
  expect(verifyAgentCard(signed(), key.publicKey)).toBe('verified');
  expect(verifyAgentCard({ ...signed(), name: 'Mallory' }, key.publicKey)).toBe('mismatch');
  expect(verifyAgentCard(signed(), generateKeyPair().publicKey)).toBe('mismatch');
});

test('a card that was signed without its empty members verifies with them', () => {
  const sent = { ...signed(), iconUrl: '', provider: null, extensions: [], capabilities: { extensions: [] } };
  expect(
    verifyAgentCard(
      { ...sent, ...signed({ ...card, capabilities: {} }), capabilities: { extensions: [] } },
      key.publicKey,
    ),
  ).toBe('verified');
  const { capabilities: _, ...flat } = sent;
  expect(verifyAgentCard(flat, key.publicKey)).toBe('verified');
});

test.each([
  ['no signatures', {}],
  ['null in place of signatures', { signatures: null }],
  ['null as a signature', { signatures: [null] }],
  ['a header that is not JSON', { signatures: [{ protected: '!!', signature: 'AA' }] }],
  [
    'a signature of another algorithm',
    { signatures: [{ protected: Buffer.from('{"alg":"ES256"}').toString('base64url'), signature: 'AA' }] },
  ],
])('a card with %s is not signed by the key', (_, signatures) => {
  expect(verifyAgentCard({ ...card, ...signatures }, key.publicKey)).toBe('absent');
});

test('no card makes verification throw, and none but a signed one verifies', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      expect(verifyAgentCard(value, key.publicKey)).not.toBe('verified');
      const { signatures: _, ...rest } = value;
      expect(verifyAgentCard(signed(JSON.parse(JSON.stringify(rest)) as object), key.publicKey)).toBe(
        'verified',
      );
    }),
  );
});

test('the key that signs cards is the same for the same platform key, newline or not, and another for another', () => {
  const seed = cardSigningKey('a platform signing key for tests alone\n');
  expect(seed).toBe(cardSigningKey('a platform signing key for tests alone'));
  expect(publicKeyOf(seed)).not.toBe(publicKeyOf(cardSigningKey('another platform signing key for tests')));
});

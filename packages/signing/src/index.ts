export type { CardSignature, CardVerdict, JsonObject, Jwk } from './agent-card.ts';
export { cardSigningKey, jwkOf, signAgentCard, verifyAgentCard } from './agent-card.ts';
export type { KeyPair, PrivateKey, PublicKey } from './ed25519.ts';
export {
  generateKeyPair,
  isAcceptablePublicKey,
  parsePrivateKey,
  parsePublicKey,
  publicKeyOf,
  signMessage,
  verifyMessage,
} from './ed25519.ts';
export {
  canonicalJson,
  chainHash,
  criteriaHash,
  legacyCriteriaHash,
  sha256Hex,
  taskId,
  timingSafeEqualText,
} from './hashes.ts';
export type { HttpSignature, SignableRequest } from './http-signature.ts';
export {
  assertCovers,
  HttpSignatureError,
  isDigestOf,
  readHttpSignature,
  SIGNATURE_TAG,
  signatureBase,
} from './http-signature.ts';
export { type JsonNode, type JsonText, JsonTextError, readJsonText } from './json-text.ts';
export type { RequestParts, RequestToSign } from './request-signature.ts';
export { requestMessage, rotationMessage, signRequest, verifyRequest } from './request-signature.ts';
export type { Sealer, SealerKeys } from './seal.ts';
export { createSealer, SealError } from './seal.ts';
export type { HttpRequestToSign } from './sign-http-request.ts';
export { signHttpRequest } from './sign-http-request.ts';
export type { WebhookToSign } from './sign-webhook.ts';
export { signWebhook } from './sign-webhook.ts';
export type { HeaderSource, WebhookRefusal, WebhookToVerify, WebhookVerdict } from './verify-webhook.ts';
export { verifyWebhook } from './verify-webhook.ts';
export { createWebhookSecret } from './webhook-secret.ts';

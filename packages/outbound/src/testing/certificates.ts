// Certificates made on the spot, so that no private key lies in the repository and none ever expires.
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

export interface TestCertificate {
  /** PEM. */
  cert: string;
  /** PEM. */
  key: string;
}

export interface TestAuthority {
  /** The authority's own certificate, PEM: what a client trusts. */
  ca: string;
  issue(options: { names: readonly string[]; expired?: boolean }): TestCertificate;
}

const DAY_MS = 86_400_000;
const ECDSA_WITH_SHA256 = '06082a8648ce3d040302';
const COMMON_NAME = '0603550403';

/** A certificate authority of the test's own. `names` of a certificate are DNS names or IPv4 addresses. */
export function createTestAuthority(): TestAuthority {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = distinguishedName('Test Authority');
  const ca = build({
    issuer: name,
    subject: name,
    publicKey: authority.publicKey,
    signer: authority.privateKey,
    isAuthority: true,
  });
  return {
    ca,
    issue({ names, expired = false }) {
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const subject = distinguishedName(names[0] ?? 'nobody');
      const cert = build({
        issuer: name,
        subject,
        publicKey: pair.publicKey,
        signer: authority.privateKey,
        names,
        expired,
      });
      return { cert, key: toPem(pair.privateKey) };
    },
  };
}

/** A certificate that nobody but itself vouches for. */
export function createSelfSignedCertificate(names: readonly string[]): TestCertificate {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = distinguishedName(names[0] ?? 'nobody');
  const cert = build({ issuer: subject, subject, publicKey: pair.publicKey, signer: pair.privateKey, names });
  return { cert, key: toPem(pair.privateKey) };
}

interface Parts {
  issuer: Buffer;
  subject: Buffer;
  publicKey: KeyObject;
  signer: KeyObject;
  names?: readonly string[];
  isAuthority?: boolean;
  expired?: boolean;
}

function build(parts: Parts): string {
  const from = Date.now() - 3 * DAY_MS;
  const until = parts.expired === true ? from + DAY_MS : from + 30 * DAY_MS;
  const algorithm = sequence(Buffer.from(ECDSA_WITH_SHA256, 'hex'));
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    parts.issuer,
    sequence(time(from), time(until)),
    parts.subject,
    parts.publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(...extensions(parts))),
  );
  const signature = sign('sha256', body, createPrivateKey(toPem(parts.signer)));
  const whole = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function extensions(parts: Parts): Buffer[] {
  const authority = sequence(der(0x01, Buffer.from([parts.isAuthority === true ? 0xff : 0])));
  const basicConstraints = extension('0603551d13', authority);
  if (parts.names === undefined) return [basicConstraints];
  const alternatives = parts.names.map((name) =>
    isIPv4(name)
      ? der(0x87, Buffer.from(name.split('.').map(Number)))
      : der(0x82, Buffer.from(name, 'latin1')),
  );
  return [basicConstraints, extension('0603551d11', sequence(...alternatives))];
}

function extension(oid: string, value: Buffer): Buffer {
  return sequence(Buffer.from(oid, 'hex'), der(0x04, value));
}

function distinguishedName(name: string): Buffer {
  return sequence(der(0x31, sequence(Buffer.from(COMMON_NAME, 'hex'), der(0x0c, Buffer.from(name, 'utf8')))));
}

function time(ms: number): Buffer {
  return der(
    0x18,
    Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`, 'latin1'),
  );
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes);
}

function sequence(...items: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(items));
}

function der(tag: number, content: Buffer): Buffer {
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function toPem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

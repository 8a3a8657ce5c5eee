import { type FailurePhase, PhaseError } from './exchange-result.ts';

const DNS: Record<string, string> = {
  ENOTFOUND: 'The host name does not exist.',
  ENODATA: 'The host name has no address.',
  ESERVFAIL: 'The name servers of the host name failed.',
  EREFUSED: 'The name servers refused to resolve the host name.',
  ETIMEOUT: 'The name servers of the host name did not answer.',
};

const CONNECT: Record<string, string> = {
  ECONNREFUSED: 'The connection was refused.',
  ECONNRESET: 'The connection was reset while it was being made.',
  EHOSTUNREACH: 'The host could not be reached.',
  ENETUNREACH: 'The network of the host could not be reached.',
  ETIMEDOUT: 'The connection could not be made in time.',
};

const TLS: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The TLS certificate is self-signed.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The TLS certificate comes from an authority that is not trusted.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'The TLS certificate could not be verified: an intermediate certificate may be missing.',
  UNABLE_TO_GET_ISSUER_CERT: 'The TLS certificate comes from an authority that is not trusted.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'The TLS certificate comes from an authority that is not trusted.',
  CERT_SIGNATURE_FAILURE: 'The TLS certificate comes from an authority that is not trusted.',
  CERT_HAS_EXPIRED: 'The TLS certificate has expired.',
  CERT_NOT_YET_VALID: 'The TLS certificate is not valid yet.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The TLS certificate is for another host name.',
  ECONNRESET: 'The connection was reset during the TLS handshake.',
  EPROTO: 'The TLS handshake failed: the server may not speak TLS on this port.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'The server does not speak TLS on this port.',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'The server does not speak TLS on this port.',
};

const RESPONSE: Record<string, string> = {
  ECONNRESET: 'The connection was reset before the answer was complete.',
  EPIPE: 'The connection was closed before the request was sent.',
  UND_ERR_SOCKET: 'The connection was closed before the answer was complete.',
  UND_ERR_HEADERS_OVERFLOW: 'The answer has more header bytes than are accepted.',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'The answer ended before the length it announced.',
};

const TABLES: Partial<Record<FailurePhase, readonly [Record<string, string>, string]>> = {
  dns: [DNS, 'The host name could not be resolved.'],
  connect: [CONNECT, 'The connection could not be made.'],
  tls: [TLS, 'The TLS handshake failed.'],
  response: [RESPONSE, 'The answer could not be read.'],
};

/**
 * Turns any error of a phase into one that can be shown. System messages are never passed on, since they name
 * addresses; an error's code is, since it is a word from a closed list.
 */
export function describeFailure(phase: FailurePhase, error: unknown): PhaseError {
  if (error instanceof PhaseError) return error;
  const code = codeOf(error);
  const [table, fallback] = TABLES[phase] ?? [{}, 'The exchange failed.'];
  if (code === '' && error instanceof Error && error.name === 'HTTPParserError') {
    return new PhaseError(phase, 'The answer is not valid HTTP.');
  }
  if (code.startsWith('HPE_')) return new PhaseError(phase, `The answer is not valid HTTP (${code}).`);
  const sentence = Object.hasOwn(table, code) ? table[code] : undefined;
  return new PhaseError(phase, sentence ?? (code === '' ? fallback : `${fallback.slice(0, -1)} (${code}).`));
}

function codeOf(error: unknown): string {
  // Several addresses were tried: the first one's error speaks for all.
  const one: unknown = error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error;
  const code = (one as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : '';
}

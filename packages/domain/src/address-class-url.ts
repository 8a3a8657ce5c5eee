import { classifyAddress } from './address-class.ts';

const MAX_URL_CHARS = 2048;
const MAX_HOST_CHARS = 253;
const HTTPS_PORT = 443;
const FIRST_UNPRIVILEGED_PORT = 1024;
const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;

/** Names that mean this machine, this network or a cloud's metadata service, with everything below them. */
const LOCAL_NAMES: readonly string[] = [
  'localhost',
  'localdomain',
  'local',
  'internal',
  'intranet',
  'lan',
  'home.arpa',
  'onion',
  'metadata.goog',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'metadata.packet.net',
];

export interface VetOptions {
  /** Lifts every rule about scheme, port and host. For the local stack and tests only. */
  allowPrivate: boolean;
}

export type VettedUrl = { ok: true; url: URL } | { ok: false; reason: string };

/**
 * Decides, from its text alone, whether a URL may be an agent's endpoint. A name that passes may still resolve to a
 * refused address; the outbound client looks at that each time it connects. `reason` is a sentence for the agent.
 */
export function vetTargetUrl(text: string, options: VetOptions): VettedUrl {
  if (text.length > MAX_URL_CHARS) return refuse(`The URL is longer than ${MAX_URL_CHARS} characters.`);
  // The URL parser drops tabs and newlines and turns backslashes around; a URL that needs it hides something.
  if (!/^[a-z]+:\/\/[^\s\\\p{Cc}]+$/iu.test(text) || !URL.canParse(text))
    return refuse('This is not a valid absolute URL.');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return refuse('The URL must not carry credentials.');
  if (options.allowPrivate) {
    return url.protocol === 'https:' || url.protocol === 'http:'
      ? { ok: true, url }
      : refuse('The URL must use https or http.');
  }
  const reason = refusedScheme(url) ?? refusedHost(url.hostname);
  return reason === null ? { ok: true, url } : refuse(reason);
}

/**
 * Why a host must not be dialled whatever it resolves to, or null. Takes the host as the URL parser writes it: lower
 * case, punycode, IPv4 in dotted decimal, IPv6 in brackets.
 */
export function refusedHost(hostname: string): string | null {
  const literal = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  const addressClass = classifyAddress(literal);
  if (addressClass === 'public') return null;
  if (addressClass !== 'malformed') return `The address is not a public one (${addressClass}).`;
  if (hostname.endsWith('.')) return 'The host name must not end with a dot.';
  const labels = hostname.split('.');
  if (hostname.length > MAX_HOST_CHARS || !labels.every((label) => LABEL.test(label))) {
    return 'The host name is not a valid one.';
  }
  if (LOCAL_NAMES.some((name) => hostname === name || hostname.endsWith(`.${name}`))) {
    return 'The host name is a local or a metadata one.';
  }
  return labels.length < 2 ? 'The host name must be a full domain name.' : null;
}

function refusedScheme(url: URL): string | null {
  if (url.protocol !== 'https:') return 'The URL must use https.';
  const port = url.port === '' ? HTTPS_PORT : Number(url.port);
  if (port !== HTTPS_PORT && port < FIRST_UNPRIVILEGED_PORT) {
    return `The port must be ${HTTPS_PORT}, or ${FIRST_UNPRIVILEGED_PORT} and above.`;
  }
  return null;
}

function refuse(reason: string): VettedUrl {
  return { ok: false, reason };
}

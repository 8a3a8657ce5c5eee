import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';

const MAPPED = /^::ffff:(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})$/i;
const HEADER_CHARS_MAX = 4_096;

/**
 * What an unauthenticated caller is counted by: its IPv4 address, or the /64 of its IPv6 address. Only the entry that the
 * last trusted proxy appended to X-Forwarded-For is believed; whatever the client wrote before it is not read.
 */
export function clientAddress(req: IncomingMessage, trustedProxyHops: number): string {
  return network(forwardedAddress(req, trustedProxyHops) ?? req.socket.remoteAddress ?? 'unknown');
}

function forwardedAddress(req: IncomingMessage, hops: number): string | null {
  const header = req.headers['x-forwarded-for'];
  if (hops === 0 || typeof header !== 'string') return null;
  const entries = header.slice(-HEADER_CHARS_MAX).split(',');
  const entry = entries[entries.length - hops]?.trim() ?? '';
  return isIP(entry) === 0 ? null : entry;
}

function network(address: string): string {
  const mapped = MAPPED.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

// Where tasks may be sent: a development tool that anyone on the machine can feed must not reach the world.
import { isIPv4 } from 'node:net';

/**
 * Whether a URL's host is this machine: 127.0.0.0/8, [::1], `localhost` or a name under `.localhost`. URL has already
 * turned every other spelling of an IPv4 address (hex, octal, short) into dotted decimal.
 */
export const isLoopbackHost = (hostname: string): boolean => {
  const host = hostname.toLowerCase();
  if (isIPv4(host)) return host.startsWith('127.');
  return host === '[::1]' || host === 'localhost' || host.endsWith('.localhost');
};

import { lookup, Resolver } from 'node:dns/promises';

/** All addresses of a host name, IPv4 first. Rejects with an error that has a `code` when there is none. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

const DEFAULT_TRY_TIMEOUT_MS = 2_000;
const TRIES = 2;

/**
 * Asks name servers directly. The system's own lookup would run on the process's few worker threads, where one agent's
 * dead name server could hold up everyone's deliveries, and would read /etc/hosts and search domains.
 *
 * @param servers `address:port` of the name servers; the system's when absent.
 * @param tryTimeoutMs how long one of the two tries waits for an answer.
 */
export function createResolver(
  servers?: readonly string[],
  tryTimeoutMs: number = DEFAULT_TRY_TIMEOUT_MS,
): ResolveHost {
  const resolver = new Resolver({ timeout: tryTimeoutMs, tries: TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  return async (hostname) => {
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses = [
      ...(v4.status === 'fulfilled' ? v4.value : []),
      ...(v6.status === 'fulfilled' ? v6.value : []),
    ];
    if (addresses.length === 0) throw v4.status === 'rejected' ? v4.reason : { code: 'ENODATA' };
    return addresses;
  };
}

/** The system's lookup, which knows `localhost`. For the local stack only. */
export const resolveLikeSystem: ResolveHost = async (hostname) => {
  const found = await lookup(hostname, { all: true, order: 'ipv4first' });
  return found.map((entry) => entry.address);
};

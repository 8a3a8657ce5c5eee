import { isIP, type LookupFunction, connect as netConnect, type Socket } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import { classifyAddress } from '@agent-registry/domain';
import { describeFailure } from './describe-failure.ts';
import { PhaseError } from './exchange-result.ts';
import type { ResolveHost } from './resolve-host.ts';

/** How far a connection that is being made has come. */
export type DialStage = 'dns' | 'connect' | 'tls';

export interface Dialler {
  resolve: ResolveHost;
  /** Whether an address may be dialled. */
  isAllowed: (address: string) => boolean;
  /** One deadline for lookup, connection and handshake together. */
  timeoutMs: number;
  /** Certificates of the authorities to trust in place of the public ones. */
  ca?: string | readonly string[];
}

export interface DialTarget {
  protocol: string;
  /** A name, or an address without brackets. */
  hostname: string;
  port: number;
}

const MAX_DIALLED_ADDRESSES = 4;
/** Node's own 250 ms would give up on distant servers that have more than one address. */
const ATTEMPT_TIMEOUT_MS = 2_500;
const TCP_KEEP_ALIVE_MS = 60_000;

/** Only addresses of the public internet. */
export function isPublicAddress(address: string): boolean {
  return classifyAddress(address) === 'public';
}

/**
 * Makes one connection. The name is looked up once; every address it has must be allowed, and only those very addresses
 * are dialled, so a second answer of the name server (rebinding) never counts. A name with one refused address among
 * public ones is refused whole: nobody publishes that by accident. Rejects with a PhaseError.
 */
export async function dial(
  dialler: Dialler,
  target: DialTarget,
  onStage: (stage: DialStage) => void,
): Promise<Socket> {
  const deadline = createDeadline(dialler.timeoutMs);
  try {
    onStage('dns');
    const addresses = await Promise.race([vettedAddresses(dialler, target.hostname), deadline.passed]);
    onStage('connect');
    return await open(dialler, target, addresses, deadline.passed, onStage);
  } finally {
    deadline.clear();
  }
}

async function vettedAddresses(dialler: Dialler, hostname: string): Promise<readonly string[]> {
  const isLiteral = isIP(hostname) !== 0;
  const addresses = isLiteral ? [hostname] : await resolveOrFail(dialler.resolve, hostname);
  if (addresses.every(dialler.isAllowed)) return addresses.slice(0, MAX_DIALLED_ADDRESSES);
  const subject = isLiteral ? 'The address is' : 'The host name resolves to an address that is';
  throw new PhaseError('blocked', `${subject} not a public one.`);
}

async function resolveOrFail(resolve: ResolveHost, hostname: string): Promise<readonly string[]> {
  try {
    const addresses = await resolve(hostname);
    if (addresses.length > 0) return addresses;
  } catch (error) {
    throw describeFailure('dns', error);
  }
  throw describeFailure('dns', { code: 'ENODATA' });
}

function open(
  dialler: Dialler,
  target: DialTarget,
  addresses: readonly string[],
  deadlinePassed: Promise<never>,
  onStage: (stage: DialStage) => void,
): Promise<Socket> {
  const isTls = target.protocol === 'https:';
  const socket = isTls ? openTls(dialler, target, addresses) : openTcp(target, addresses);
  let stage: DialStage = 'connect';
  socket.setNoDelay(true).setKeepAlive(true, TCP_KEEP_ALIVE_MS);
  if (isTls) {
    socket.once('connect', () => {
      stage = 'tls';
      onStage('tls');
    });
  }
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      socket.destroy();
      reject(describeFailure(stage, error));
    };
    deadlinePassed.catch(fail);
    // This listener stays: an error that comes after the failure must not be an uncaught one.
    socket.on('error', fail);
    socket.once('close', () => fail({ code: 'ECONNRESET' }));
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      if (addresses.includes(socket.remoteAddress ?? '')) resolve(socket);
      else
        fail(
          new PhaseError('blocked', 'The connection went to another address than the one that was vetted.'),
        );
    });
  });
}

function openTcp(target: DialTarget, addresses: readonly string[]): Socket {
  return netConnect({ host: target.hostname, port: target.port, ...fixedTo(addresses) });
}

function openTls(dialler: Dialler, target: DialTarget, addresses: readonly string[]): TLSSocket {
  return tlsConnect({
    host: target.hostname,
    port: target.port,
    servername: isIP(target.hostname) === 0 ? target.hostname : '',
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(dialler.ca === undefined ? {} : { ca: [dialler.ca].flat() }),
    ...fixedTo(addresses),
  });
}

/** Socket options under which a "lookup" gives the vetted addresses and nothing else. */
function fixedTo(addresses: readonly string[]): {
  lookup: LookupFunction;
  autoSelectFamily: boolean;
  autoSelectFamilyAttemptTimeout: number;
} {
  const entries = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup: LookupFunction = (_hostname, options, callback) => {
    const first = entries[0] ?? { address: '', family: 0 };
    if (options.all === true) callback(null, entries);
    else callback(null, first.address, first.family);
  };
  return { lookup, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: ATTEMPT_TIMEOUT_MS };
}

function createDeadline(timeoutMs: number): { passed: Promise<never>; clear: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new PhaseError('timeout', 'The connection could not be made in time.'));
  }, timeoutMs);
  // Nobody may be waiting any more when it passes.
  promise.catch(() => undefined);
  return { passed: promise, clear: () => clearTimeout(timer) };
}

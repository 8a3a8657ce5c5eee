import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

/** What the server says about a name: its addresses of both families, that it does not exist, an error, or nothing. */
export type DnsAnswer = readonly string[] | 'nxdomain' | 'servfail' | 'silence';

export interface TestDnsServer {
  /** `address:port`, for createResolver. */
  address: string;
  /** Every query so far, as `A name` or `AAAA name`. */
  queries: readonly string[];
  close(): Promise<void>;
}

const HEADER_BYTES = 12;
const TYPE_A = 1;
const TYPE_AAAA = 28;
const RESPONSE_FLAGS = 0x8180;
const RCODES = { nxdomain: 3, servfail: 2 };

/**
 * A name server on loopback that answers what `answer` says, afresh for every query: for names that change their mind.
 * Records have a lifetime of zero.
 */
export async function startTestDns(
  answer: (name: string, type: 'A' | 'AAAA') => DnsAnswer,
): Promise<TestDnsServer> {
  const queries: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query);
    const kind = type === TYPE_AAAA ? 'AAAA' : 'A';
    queries.push(`${kind} ${name}`);
    const said = answer(name, kind);
    if (said === 'silence') return;
    const addresses =
      typeof said === 'string' ? [] : said.filter((address) => isIPv4(address) === (type === TYPE_A));
    const rcode = typeof said === 'string' ? RCODES[said] : 0;
    socket.send(reply(query, end, rcode, addresses), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    queries,
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function reply(query: Buffer, questionEnd: number, rcode: number, addresses: readonly string[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(RESPONSE_FLAGS | rcode, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  return Buffer.concat([header, query.subarray(HEADER_BYTES, questionEnd), ...addresses.map(record)]);
}

function record(address: string): Buffer {
  const data = isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : v6Bytes(address);
  const head = Buffer.from([
    0xc0,
    HEADER_BYTES,
    0,
    data.length === 4 ? TYPE_A : TYPE_AAAA,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    data.length,
  ]);
  return Buffer.concat([head, data]);
}

function v6Bytes(address: string): Buffer {
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = [], tail = []] = groups
    .split('::')
    .map((side) => side.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(groups.includes('::') ? 8 - head.length - tail.length : 0).fill('0');
  const bytes = Buffer.alloc(16);
  [...head, ...zeros, ...tail].forEach((group, i) => {
    bytes.writeUInt16BE(Number.parseInt(group, 16), i * 2);
  });
  return bytes;
}

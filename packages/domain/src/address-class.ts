import { isIP } from 'node:net';

/** What an IP address is for. Only `public` may be dialled for a stranger. */
export type AddressClass =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'cgnat'
  | 'multicast'
  | 'broadcast'
  | 'unspecified'
  | 'documentation'
  | 'benchmarking'
  | 'reserved'
  | 'unique-local'
  | 'site-local'
  | '6to4'
  | 'nat64'
  | 'teredo'
  | 'orchid'
  | 'discard'
  | 'v4-mapped'
  | 'v4-compatible'
  | 'v4-translated'
  | 'metadata'
  | 'malformed';

const V6_BYTES = 16;

interface Block {
  bytes: readonly number[];
  prefixBits: number;
  addressClass: AddressClass;
}

// Both tables follow IANA's special-purpose registries; the first block that matches decides, so exceptions come first.
const V4 = blocks([
  ['169.254.169.254/32', 'metadata'],
  ['169.254.170.2/32', 'metadata'],
  ['168.63.129.16/32', 'metadata'],
  ['100.100.100.200/32', 'metadata'],
  ['192.0.0.192/32', 'metadata'],
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'cgnat'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'reserved'],
  ['192.52.193.0/24', 'reserved'],
  ['192.88.99.0/24', '6to4'],
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'reserved'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['255.255.255.255/32', 'broadcast'],
  ['240.0.0.0/4', 'reserved'],
]);

const V6 = blocks([
  ['fd00:ec2::254/128', 'metadata'],
  ['fd00:ec2::23/128', 'metadata'],
  ['fd20:ce::254/128', 'metadata'],
  ['fe80::a9fe:a9fe/128', 'metadata'],
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['::ffff:0:0/96', 'v4-mapped'],
  ['::ffff:0:0:0/96', 'v4-translated'],
  ['::/96', 'v4-compatible'],
  ['64:ff9b::/96', 'nat64'],
  ['64:ff9b:1::/48', 'nat64'],
  ['100::/64', 'discard'],
  ['2001::/32', 'teredo'],
  ['2001:2::/48', 'benchmarking'],
  ['2001:10::/28', 'orchid'],
  ['2001:20::/28', 'orchid'],
  ['2001::/23', 'reserved'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4'],
  ['2620:4f:8000::/48', 'reserved'],
  ['3ffe::/16', 'reserved'],
  ['3fff::/20', 'documentation'],
  ['fc00::/7', 'unique-local'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local'],
  ['ff00::/8', 'multicast'],
  // Global unicast is handed out of 2000::/3 alone; whatever lies outside it is nobody's public address.
  ['2000::/3', 'public'],
  ['::/0', 'reserved'],
]);

/**
 * Classifies an address as a resolver or the WHATWG URL parser writes it: dotted decimal, or IPv6 without brackets.
 * Anything else, a zone id included, is `malformed`. All IPv4-in-IPv6 forms are refused whatever they hold: no
 * public name has such an address, so one is a trick.
 */
export function classifyAddress(address: string): AddressClass {
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 0) return 'malformed';
  const bytes = family === 4 ? readV4(address) : readV6(address);
  const table = family === 4 ? V4 : V6;
  return table.find((block) => isWithin(bytes, block))?.addressClass ?? 'public';
}

function blocks(rows: readonly (readonly [string, AddressClass])[]): readonly Block[] {
  return rows.map(([cidr, addressClass]) => {
    const [address = '', bits] = cidr.split('/');
    const bytes = address.includes(':') ? readV6(address) : readV4(address);
    return { bytes, prefixBits: Number(bits), addressClass };
  });
}

function readV4(address: string): number[] {
  return address.split('.').map(Number);
}

/** The 16 bytes of an address that isIP() accepted. */
function readV6(address: string): number[] {
  const [head = [], tail] = address.split('::').map(readGroups);
  if (tail === undefined) return head;
  return [...head, ...Array<number>(V6_BYTES - head.length - tail.length).fill(0), ...tail];
}

function readGroups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return readV4(group);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

function isWithin(bytes: readonly number[], block: Block): boolean {
  const whole = Math.floor(block.prefixBits / 8);
  for (let i = 0; i < whole; i += 1) if (bytes[i] !== block.bytes[i]) return false;
  const restBits = block.prefixBits % 8;
  if (restBits === 0) return true;
  const mask = (0xff << (8 - restBits)) & 0xff;
  return ((bytes[whole] ?? 0) & mask) === ((block.bytes[whole] ?? 0) & mask);
}

// What nobody means well by sending. Bodies are bytes as they go over the wire.

const DEEP = 100_000;
const MEBIBYTE = 1_048_576;
const MANY = 200_000;
const bytes = (...octets: number[]) => Buffer.from(octets);
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const NOBODY = '00000000-0000-7000-8000-000000000000';
const cursor = (text: string) => `cursor=${Buffer.from(text).toString('base64url')}`;
const around = (before: string, middle: Buffer, after: string) =>
  Buffer.concat([Buffer.from(before), middle, Buffer.from(after)]);

export interface HostileBody {
  readonly name: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Refused by every endpoint that may take a body, whether it reads one or not. */
export const REFUSED_BODIES: readonly HostileBody[] = [
  { name: 'half an object', body: '{"a":' },
  { name: 'no JSON', body: 'hello' },
  { name: 'a comment', body: '/* */ {}' },
  { name: 'single quotes', body: "{'a':1}" },
  { name: 'undefined', body: 'undefined' },
  { name: 'a trailing comma', body: '{"a":1,}' },
  { name: 'two values', body: '{} {}' },
  { name: 'NaN', body: '{"a":NaN}' },
  { name: 'a hexadecimal number', body: '{"a":0x10}' },
  { name: 'a leading zero', body: '{"a":01}' },
  { name: 'a raw NUL', body: '{"a":"\u0000"}' },
  { name: 'an escaped NUL', body: '{"a":"\\u0000"}' },
  { name: 'an escaped NUL as a key', body: '{"\\u0000":1}' },
  { name: 'a lone surrogate', body: '{"a":"\\ud800"}' },
  { name: 'a lone surrogate deep down', body: '{"a":[{"b":{"\\udfff":1}}]}' },
  { name: 'a lone surrogate as a key', body: '{"a\\udfff":1}' },
  { name: 'one level too many', body: nested(65) },
  { name: 'one level too many below a member', body: `{"a":${nested(64)}}` },
  { name: 'deep arrays', body: '['.repeat(DEEP) },
  { name: 'deep arrays, closed', body: `{"a":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}` },
  { name: 'deep objects', body: `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}` },
  { name: 'too many values', body: `{"a":[${'0,'.repeat(MANY)}0]}` },
  { name: 'more than a mebibyte', body: `{"a":"${'x'.repeat(MEBIBYTE)}"}` },
  { name: 'no UTF-8', body: around('{"a":"', bytes(0xff, 0xfe), '"}') },
  { name: 'an overlong form', body: around('{"a":"', bytes(0xc0, 0x80), '"}') },
  { name: 'a surrogate in UTF-8', body: around('{"a":"', bytes(0xed, 0xa0, 0x80), '"}') },
  { name: 'UTF-16', body: Buffer.from('{"a":1}', 'utf16le') },
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/jsonp',
    ';',
    'x'.repeat(4_000),
  ].map((type) => ({ name: `as ${type.slice(0, 40)}`, body: '{}', headers: { 'Content-Type': type } })),
  ...['gzip', 'br', 'identity, gzip'].map((coding) => ({
    name: `coded as ${coding}`,
    body: '{}',
    headers: { 'Content-Encoding': coding },
  })),
];

/** Refused by every endpoint that reads a body. */
export const REFUSED_WHERE_READ: readonly string[] = ['[]', '"text"', '1', 'true', 'null', '[{}]', '1e400'];

/** Values that may stand anywhere in a body, as JSON text: whether they are refused depends on the place. */
export const ODD_VALUES: readonly string[] = [
  'null',
  'true',
  '""',
  '-1',
  '1e400',
  '"1e400"',
  '[1e400]',
  '9'.repeat(400),
  '"0x10"',
  '"١"',
  '"0000-00-00T00:00:00Z"',
  '"0001-01-01T00:00:00Z"',
  '"2026-02-30T00:00:00Z"',
  '"9999-12-31T23:59:59+23:59"',
  nested(60),
  '-0',
  '0.001',
  '123456789012345678901234567890',
  '[]',
  '{}',
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  '[[[["x"]]]]',
  `"${'x'.repeat(5_000)}"`,
  '"\\ud83d\\ude00\\u202e\\ufeff"',
  '"\'; DROP TABLE agents; --"',
  '"http://169.254.169.254/latest/meta-data"',
];

/** Whole bodies that are JSON objects and odd. */
export const ODD_BODIES: readonly string[] = [
  '',
  ' \n ',
  '{}',
  '\ufeff{}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}},"toString":1,"hasOwnProperty":null}',
  '{"a":1,"a":2}',
];

export const ODD_QUERIES: readonly string[] = [
  '',
  '&&&=&',
  'limit=',
  'limit=-1',
  'limit=1e400',
  'limit=99999999999999999999',
  'offset=NaN',
  'limit=1&limit=2',
  'cursor=%00',
  'cursor=YWdlbnRz',
  `cursor=${'A'.repeat(1_024)}`,
  'cursor[a]=1&cursor[b]=2',
  ...[
    'jobs',
    'reviews',
    'listings',
    'agent-listings',
    'events',
    'runs',
    'webhooks',
    'audit',
    'jobs-disputed',
  ].map((list) => cursor(`${list} 99999999999999 ${NOBODY}`)),
  cursor('transactions 999999999999999999'),
  cursor(`discover 1 5 9999999999 ${NOBODY}`),
  'limit=%00',
  'limit=100&offset=10000',
  '%ff=%ff',
  'status=%00',
  'q=the',
  'q=%F0%9F%92%A9',
  `q=${encodeURIComponent('&|!():*<->')}`,
  `q=${encodeURIComponent("\\'")}`,
  '__proto__=1&constructor=2&toString=3',
  '__proto__[polluted]=1',
  'q=%E0%A4%A',
  'q=%ED%A0%80&role=%ED%A0%80&status=%ED%A0%80',
  `q=${'a%20'.repeat(300)}`,
  "q='%20OR%201=1--&skill_id='",
  'q=%25%5F%5C&skill_id=%25',
  'q=(((&capability=)))&min_rating=5.1&max_price=-1',
  `x=${'y'.repeat(5_000)}`,
  Array.from({ length: 1_000 }, (_, index) => `k${index}`).join('&'),
  'status=completed&status=failed&role[]=client',
];

/** In the place of an id in the path. */
export const ODD_IDS: readonly string[] = [
  '%00',
  '%',
  '%zz',
  '%E0%A4%A',
  '%ED%A0%80',
  '..',
  '%2e%2e',
  '%2f',
  '0',
  '-1',
  'null',
  '__proto__',
  'constructor',
  "'%20OR%201=1",
  '00000000-0000-7000-8000-00000000000g',
  '00000000-0000-7000-8000-000000000000%0a',
  'x'.repeat(5_000),
];

/** Sets of headers; a name that stands twice is sent twice. */
export const ODD_HEADERS: readonly (readonly [string, string])[][] = [
  [['Authorization', '']],
  [['Authorization', 'Bearer x']],
  [['Authorization', 'AgentSig ']],
  [['Authorization', `AgentSig 00000000-0000-7000-8000-000000000000:${'0'.repeat(128)}`]],
  [['Authorization', `AgentSig ${'x'.repeat(6_000)}`]],
  [
    ['Authorization', 'AgentSig a'],
    ['Authorization', 'AgentSig b'],
  ],
  [['X-Operator-Key', '']],
  [['X-Operator-Key', 'x'.repeat(6_000)]],
  [
    ['X-Operator-Key', 'a'],
    ['X-Operator-Key', 'b'],
  ],
  [['Idempotency-Key', 'x'.repeat(300)]],
  [
    ['Idempotency-Key', 'a'],
    ['Idempotency-Key', 'b'],
  ],
  [['Idempotency-Key', '"unfinished']],
  [['Prefer', `wait=${'9'.repeat(2_000)}`]],
  [['Prefer', '"'.repeat(2_000)]],
  [['X-Forwarded-For', `${'1.2.3.4, '.repeat(500)}::ffff:999.1.1.1`]],
  [['traceparent', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-zz`]],
  [['X-Cloud-Trace-Context', `${'f'.repeat(32)}/99999999999999999999999;o=9`]],
  [['X-CloudTasks-TaskName', 'x'.repeat(2_000)]],
  [['X-CloudTasks-TaskRetryCount', 'many']],
  [['X-HTTP-Method-Override', 'DELETE']],
  [['Cookie', `${'a=b; '.repeat(1_000)}`]],
  [['Range', 'bytes=0-18446744073709551615']],
  [['Expect', 'the-unexpected']],
  [['Accept', '*/*;q='.repeat(500)]],
  [['Host', "evil.example.com'><script>"]],
  [['__proto__', 'x']],
];

import { asSent, formatCents, moneyIn, parseCents, RegistryError } from '@agent-registry/schemas';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BODY_DEPTH_MAX, BODY_VALUES_MAX, parseJsonBody } from './body.ts';

function refusalOf(text: string): RegistryError {
  try {
    parseJsonBody(text);
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

/** The value of a body, with JSON.parse's where the body is refused. */
function valueOrRefusal(text: string): unknown {
  try {
    return parseJsonBody(text).value;
  } catch (error) {
    if (error instanceof RegistryError) return JSON.parse(text);
    throw error;
  }
}

describe('a request body', () => {
  test('a request body that is empty is an empty object', () => {
    expect(parseJsonBody('').value).toEqual({});
    expect(parseJsonBody(' \n ').value).toEqual({});
  });

  test.each(['{', 'nil', '{"a":1,}', "{'a':1}", '[1', '"', '{"a":01}', 'NaN', '\u0000'])(
    'a request body that is not JSON is refused: %j',
    (text) => {
      expect(refusalOf(text).code).toBe('malformed_request');
    },
  );

  test('a request body that nests too deep is refused before it is parsed; brackets in strings do not count', () => {
    expect(refusalOf('['.repeat(BODY_DEPTH_MAX + 1)).code).toBe('malformed_request');
    expect(parseJsonBody(`{"a":"${'['.repeat(500)}\\"]"}`).value).toBeDefined();
  });

  test('a request body with text the database cannot keep, or a number beyond a double, is refused with its path', () => {
    expect(refusalOf('{"a":{"b":["x","\\u0000"]}}').errors).toEqual([
      { path: 'a.b.1', message: 'must not contain U+0000' },
    ]);
    expect(refusalOf('{"a":"\\ud800"}').errors?.[0]?.path).toBe('a');
    expect(refusalOf('{"a\\u0000":1}').code).toBe('validation_failed');
    expect(refusalOf('{"result":1e999}').errors?.[0]?.path).toBe('result');
    expect(refusalOf('{"result":[-1e999]}').errors?.[0]?.path).toBe('result.0');
  });

  test.each([
    ['{"result":9007199254740993}', 'result'],
    ['{"requirements":{"ids":[1,12345678901234567890]}}', 'requirements.ids.1'],
    ['{"max_budget":0.1000000000000000055}', 'max_budget'],
  ])('a request body with a number that a double cannot carry is refused with its path: %s', (text, path) => {
    const message = 'is a number that a double cannot carry: send it as a string';
    expect(refusalOf(text).errors).toEqual([{ path, message }]);
  });

  test.each(['{"a":1,"a":2}', '{"b":[{"x":{"a":1,"\\u0061":2}}]}', '{"a":9007199254740993,"a" : 1}'])(
    'a request body that names a member twice is refused, since parsers disagree on which one counts: %s',
    (text) => {
      expect(refusalOf(text)).toMatchObject({
        code: 'malformed_request',
        detail: expect.stringMatching(/twice: a$/),
      });
    },
  );

  test('a request body may use one name in several objects, and colons, brackets and quotes in strings', () => {
    const text = '{"a":{"a":[{"a":1},{"a":"{\\"a\\":"}]},"b":"a:","c":["a","a"]}';
    expect(parseJsonBody(text).value).toEqual(JSON.parse(text));
  });

  test('a request body with prototype keys pollutes nothing', () => {
    parseJsonBody('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('a request body that holds too many values is refused', () => {
    const zeros = (count: number) => `[${'0,'.repeat(count - 1)}0]`;
    expect(parseJsonBody(zeros(BODY_VALUES_MAX - 1)).value).toHaveLength(BODY_VALUES_MAX - 1);
    expect(refusalOf(zeros(BODY_VALUES_MAX)).code).toBe('malformed_request');
  });

  test('a request body gives the text of a member of its top level as it was sent, spelling and spaces kept', () => {
    const body = parseJsonBody(
      '{"a": 1e2, "b" : { "n": 1.50,\n "é": "\\u00e9" } , "\\u0063":[{"d":1}], "e":null}',
    );
    expect(body.textOf('b')).toBe('{ "n": 1.50,\n "é": "\\u00e9" }');
    expect([body.textOf('a'), body.textOf('c')]).toEqual(['1e2', '[{"d":1}]']);
    expect([body.textOf('e'), body.textOf('d'), body.textOf('__proto__')]).toEqual([
      null,
      undefined,
      undefined,
    ]);
    expect(parseJsonBody('[{"a":1}]').textOf('a')).toBeUndefined();
  });

  test('a request body means what JSON.parse reads, or is refused', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'grapheme' }), (text) => {
        expect(valueOrRefusal(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('numbers of a request body keep the spelling they were sent with', () => {
    const text = '{"a":[1.0,1e2,12345678901234567890,-0.10],"b":"1.0"}';
    expect(JSON.stringify(asSent(text))).toBe(text);
  });
});

describe('money on the wire', () => {
  const money = moneyIn({ min: 0n, max: 100_000_000n });
  const parsed = (text: string) => (parseJsonBody(`{"m":${text}}`).value as { m: unknown }).m;
  const read = (text: string) => money.safeParse(parsed(text));

  test.each([
    ['12.50', 1_250n],
    ['"12.5"', 1_250n],
    ['12', 1_200n],
    ['0.1', 10n],
    ['"0.00"', 0n],
    ['1e2', 10_000n],
    ['1000000.00', 100_000_000n],
    ['12.500000000000000000000', 1_250n],
  ])('an amount sent as %s is taken', (text, cents) => {
    expect(read(text).data).toBe(cents);
  });

  test.each([
    '12.505',
    '"12.505"',
    '0.001',
    '1e-3',
    '0.30000000000000004',
    '0.10000000000000001',
    '-1',
    '"-0.01"',
    '1000000.01',
    '1e21',
    '"1e2"',
    '" 1"',
    '""',
    '"0x10"',
    '"1,00"',
    '"٣"',
    'null',
    'true',
    '[]',
    '{}',
    '"01"',
  ])('an amount sent as %s is refused: no third decimal, nothing rounded', (text) => {
    expect(read(text).success).toBe(false);
  });

  test('every amount of money survives the way out and in again', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 14n }), (cents) => {
        expect(parseCents(formatCents(cents))).toBe(cents);
      }),
    );
    expect(formatCents(-5n)).toBe('-0.05');
  });
});

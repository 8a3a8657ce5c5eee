import type { Job } from '@agent-registry/client';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { minus, whatAbortingMoves } from './money.ts';
import { renderDocument } from './terminal/render-document.ts';

test('a difference of amounts is exact to the cent, whatever their size and sign', () => {
  const amount = fc.bigInt(-(10n ** 18n), 10n ** 18n);
  const text = (cents: bigint) => {
    const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
    return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  };
  fc.assert(fc.property(amount, amount, (a, b) => expect(minus(text(a), text(b))).toBe(text(a - b))));
});

test('a client that leaves pays its penalty of the price, a seller that leaves forfeits its bond', () => {
  const job = {
    client_agent_id: 'C',
    seller_agent_id: 'S',
    agreed_price: '10.00',
    client_abort_penalty: '1.05',
    seller_abort_penalty: '2.00',
  } as Job;
  expect(renderDocument(whatAbortingMoves(job, 'C'), false)).toMatch(
    /client C {2}8\.95 of the price 10\.00.*\nseller S {2}your penalty 1\.05/,
  );
  expect(renderDocument(whatAbortingMoves(job, 'S'), false)).toMatch(
    /client C {2}the price 10\.00 back, and your bond 2\.00\nseller S {2}nothing/,
  );
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createIdTokenSource } from './id-token-source.ts';

const audience = 'http://127.0.0.1:8002';
const email = 'dispatcher@example.com';
let nowMs = Date.parse('2026-03-01T12:00:00Z');
let asked: string[] = [];
let isDown = false;
let server = createServer();

const issue = (serial: number) => {
  const payload = Buffer.from(JSON.stringify({ exp: nowMs / 1_000 + 3_600, serial })).toString('base64url');
  return `e30.${payload}.sig`;
};

beforeEach(async () => {
  asked = [];
  isDown = false;
  server = createServer((req, res) => {
    asked.push(`${req.method} ${req.url}`);
    if (isDown) res.writeHead(500).end();
    else res.end(issue(asked.length));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const source = () => {
  const { port } = server.address() as AddressInfo;
  const tokenUrl = `http://127.0.0.1:${port}/token`;
  return createIdTokenSource({ kind: 'emulator', tokenUrl, email, clock: { now: () => new Date(nowMs) } });
};

test('the emulator is asked for the audience and the e-mail', async () => {
  await source()(audience);
  expect(asked).toEqual([
    `POST /token?audience=${encodeURIComponent(audience)}&email=${encodeURIComponent(email)}`,
  ]);
});

test('a token is kept until five minutes before it expires, one for each audience', async () => {
  const token = source();
  const first = await token(audience);
  nowMs += 54 * 60_000;
  expect(await token(audience)).toBe(first);
  expect(await token('http://elsewhere')).not.toBe(first);
  nowMs += 2 * 60_000;
  expect(await token(audience)).not.toBe(first);
  expect(asked.length).toBe(3);
});

test('concurrent callers share one fetch', async () => {
  const token = source();
  const tokens = await Promise.all([token(audience), token(audience), token(audience)]);
  expect(new Set(tokens).size).toBe(1);
  expect(asked.length).toBe(1);
});

test('while the issuer is down the old token serves until it expires', async () => {
  const token = source();
  const first = await token(audience);
  isDown = true;
  nowMs += 59 * 60_000;
  expect(await token(audience)).toBe(first);
  nowMs += 60_000;
  await expect(token(audience)).rejects.toThrow('500');
  isDown = false;
  expect(await token(audience)).not.toBe(first);
});

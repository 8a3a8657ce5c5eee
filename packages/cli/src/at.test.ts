import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair } from '@agent-registry/client';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openAt } from './at.ts';
import { runCommandLine } from './run-command-line.ts';
import { line } from './terminal/document.ts';
import { recordIo } from './testing/recorded-io.ts';

const identity = {
  AGENT_REGISTRY_AGENT_ID: '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
  AGENT_REGISTRY_PRIVATE_KEY: generateKeyPair().privateKey,
};

describe('before money moves', () => {
  const doc = [line('Alice gets 12.50.')];

  test('a person at the terminal is told and asked, and only a yes goes on', async () => {
    for (const [answer, goesOn] of [
      ['y', true],
      ['YES', true],
      ['', false],
      ['n', false],
      ['yolo', false],
    ] as const) {
      const io = recordIo({ env: identity, isTTY: true, answers: [answer] });
      const at = await openAt(io, 'agent', {});
      const went = await at.confirm(false, doc).then(
        () => true,
        () => false,
      );
      expect([went, io.asked.length, io.said.stdout]).toEqual([goesOn, 1, '']);
      expect(io.said.stderr).toContain('Alice gets 12.50.');
    }
  });

  test('nobody is asked with --yes, nor where standard input is no terminal, but it is told', async () => {
    for (const [yes, isTTY] of [
      [true, true],
      [false, false],
    ] as const) {
      const io = recordIo({ env: identity, isTTY });
      await (await openAt(io, 'agent', {})).confirm(yes, doc);
      expect([io.asked, io.said.stderr]).toEqual([[], 'Alice gets 12.50.\n']);
    }
  });
});

describe('who acts, and where', () => {
  test('the option comes before the environment, which comes before the default', async () => {
    const registryOf = async (options: object, env: Record<string, string> = {}) =>
      (await openAt(recordIo({ env }), 'open', options)).connection.baseUrl;
    const env = { AGENT_REGISTRY_URL: 'http://b:1/' };
    expect(await registryOf({ registry: 'http://a:1/' }, env)).toBe('http://a:1');
    expect(await registryOf({}, env)).toBe('http://b:1');
    expect(await registryOf({})).toBe('http://localhost:8000');
  });

  test('--profile is asked for more plainly than the agent of the environment', async () => {
    const opened = openAt(recordIo({ env: identity }), 'agent', { profile: 'nobody' });
    await expect(opened).rejects.toThrow('There is no agent in /nowhere/agent-registry/nobody.json');
    expect((await openAt(recordIo({ env: identity }), 'agent', {})).agentId).toBe(
      identity.AGENT_REGISTRY_AGENT_ID,
    );
  });
});

describe('a registry that does not answer well', () => {
  let server: Server;
  let url: string;
  let onRequest: (answer: (status: number, type: string, body: string) => void) => void;
  beforeAll(async () => {
    server = createServer((_, response) => {
      onRequest((status, type, body) => response.writeHead(status, { 'content-type': type }).end(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('a refusal in hostile words is told without its escape sequences, in either form', async () => {
    const detail = 'no\u001b[2J\u009bthing';
    onRequest = (answer) =>
      answer(404, 'application/problem+json', JSON.stringify({ code: 'not_found', detail, errors: [] }));
    const plain = recordIo();
    const json = recordIo();
    expect(await runCommandLine(['discover', '--registry', url], plain)).toBe(1);
    expect(await runCommandLine(['discover', '--registry', url, '--json'], json)).toBe(1);
    expect(plain.said.stderr).toMatch(/^no\\u\{1b\}\[2J\\u\{9b\}thing \(404 not_found\)\n.*jobs list\.\n$/);
    expect(JSON.parse(json.said.stderr)).toMatchObject({ error: { code: 'not_found', detail } });
    expect(json.said.stderr.trimEnd()).not.toMatch(/\p{Cc}/u);
  });

  test('a page of a proxy is no answer of the registry: exit 3', async () => {
    onRequest = (answer) => answer(404, 'text/html', '<h1>nginx</h1>');
    const io = recordIo();
    expect(await runCommandLine(['discover', '--registry', url], io)).toBe(3);
    expect(io.said.stderr).toContain('look at --registry');
  });

  test('Ctrl-C ends a call that hangs, and its retries, with 130', async () => {
    const io = recordIo();
    onRequest = () => io.interrupt();
    expect(await runCommandLine(['discover', '--registry', url], io)).toBe(130);
    expect(io.said).toEqual({ stdout: '', stderr: '' });
    server.closeAllConnections();
  });
});

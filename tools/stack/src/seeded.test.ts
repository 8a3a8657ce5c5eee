import { createPrivateKey, createPublicKey } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readSeeded } from './seeded.ts';
import { startStack } from './start-stack.ts';

const longMs = 300_000;

test(
  'a stack that is told to has a made-up market, once, told as it is made, and the keys of its agents as PEM that their owner alone reads',
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'stack-seeded-'));
    chmodSync(dataDir, 0o711);
    const said: string[] = [];
    const options = {
      log: ({ line }: { line: string }) => void said.push(line),
      dataDir,
      ports: 'free',
      redis: false,
      runner: false,
      seed: { word: 'demo', share: 0.05 },
      env: {},
    } as const;
    const stack = await startStack(options);
    const first = readSeeded(dataDir);
    const seller = first[0]!;
    const file = join(dataDir, 'seeded', `${seller.name}.pem`);
    const mode = statSync(file).mode & 0o777;
    const jwk = createPublicKey(createPrivateKey(readFileSync(file))).export({ format: 'jwk' });
    const agent = await (await fetch(`${stack.apiUrl}/v1/agents/${seller.agentId}`)).json();
    const found = await (await fetch(`${stack.apiUrl}/v1/discover?limit=100`)).json();
    await stack.stop();
    await (await startStack(options)).stop();
    expect(readSeeded(dataDir)).toEqual(first);
    rmSync(dataDir, { recursive: true, force: true });

    expect(said.filter((line) => / \d+ % of its history/.test(line))).toHaveLength(5);
    expect(mode).toBe(0o600);
    expect(agent).toMatchObject({
      display_name: seller.name,
      public_key: seller.publicKey,
      status: 'active',
    });
    expect(Buffer.from(jwk.x!, 'base64url').toString('hex')).toBe(seller.publicKey);
    expect((found as { items: unknown[] }).items.length).toBeGreaterThan(30);
  },
  longMs,
);

import { createPrivateKey } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readApiConfig } from '@agent-registry/config';
import { HISTORY_MS, type SeededAgent, seedMarket } from '@agent-registry/seed';
import { createSealer } from '@agent-registry/signing';
import { writePrivate } from './secrets.ts';
import type { StackOptions } from './stack-options.ts';

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface SeedTarget {
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** The environment of the api: the market keeps its rules, and seals by its keys. */
  readonly api: Readonly<Record<string, string>>;
}

const fileOf = (dataDir: string): string => join(dataDir, 'seeded', 'agents.json');

/** The agents of the made-up market of a data directory, with their keys. Throws where there is none. */
export function readSeeded(dataDir: string): readonly SeededAgent[] {
  return JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as SeededAgent[];
}

/**
 * Fills a registry with the made-up market of a word, unless the data directory has one already. The keys of its agents are kept
 * in `seeded` of the data directory, as PEM for the console and in agents.json.
 *
 * @throws Error when the registry has agents, of its own or of a market that was interrupted.
 */
export async function seedOnce(
  { dataDir, databaseUrl, api }: SeedTarget,
  { word, share = 1 }: NonNullable<StackOptions['seed']>,
  say: (line: string) => void,
): Promise<void> {
  if (isSeeded(dataDir)) return;
  const startedAt = performance.now();
  const { rules, signing } = readApiConfig(api);
  const sealer = createSealer(signing);
  const until = new Date();
  const onTime = sayProgress(word, until, say);
  const agents = await seedMarket({ databaseUrl, rules, sealer, seed: word, share, until, onTime });
  const keysDir = join(dataDir, 'seeded');
  mkdirSync(keysDir, { recursive: true, mode: 0o700 });
  for (const { name, privateKey } of agents) writePrivate(join(keysDir, `${name}.pem`), pemOf(privateKey));
  writePrivate(fileOf(dataDir), JSON.stringify(agents, null, 2));
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  say(
    `the market "${word}" was made in ${seconds} s; the keys of its ${agents.length} agents are in ${keysDir}`,
  );
}

/** Says it each time another fifth of the made-up history has passed. */
function sayProgress(word: string, until: Date, say: (line: string) => void): (now: Date) => void {
  let fifths = 0;
  return (now) => {
    const passed = Math.floor(5 * (1 - (until.getTime() - now.getTime()) / HISTORY_MS));
    if (passed <= fifths) return;
    fifths = passed;
    say(
      `the market "${word}" is made up to ${now.toISOString().slice(0, 10)}, ${passed * 20} % of its history`,
    );
  };
}

function isSeeded(dataDir: string): boolean {
  try {
    return readSeeded(dataDir).length > 0;
  } catch {
    return false;
  }
}

/** A private key of 64 hex digits in PEM, as the console reads it. */
export function pemOf(privateKey: string): string {
  const key = Buffer.concat([PKCS8_PREFIX, Buffer.from(privateKey, 'hex')]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}

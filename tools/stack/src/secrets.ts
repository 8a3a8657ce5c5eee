import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const secretBytes = 32;
const random = (): string => randomBytes(secretBytes).toString('base64url');

/** Made once for a data directory, and of use nowhere else. */
export interface Secrets {
  readonly platformSigningKey: string;
  readonly operatorKey: string;
  readonly redisPassword: string;
  readonly databasePasswords: {
    readonly registry_owner: string;
    readonly registry_api: string;
    readonly registry_dispatcher: string;
  };
}

function create(): Secrets {
  return {
    platformSigningKey: random(),
    operatorKey: random(),
    redisPassword: random(),
    databasePasswords: { registry_owner: random(), registry_api: random(), registry_dispatcher: random() },
  };
}

/** Writes a file that its owner alone may read. */
export function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
}

/** The secrets of a data directory; a new one gets new ones, in secrets.json and (for a person's curl) operator-key. */
export function loadSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  mkdirSync(dataDir, { recursive: true });
  const secrets = create();
  writePrivate(file, JSON.stringify(secrets, null, 2));
  writePrivate(join(dataDir, 'operator-key'), `${secrets.operatorKey}\n`);
  return secrets;
}

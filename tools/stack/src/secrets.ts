import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const secretBytes = 32;
const random = (): string => randomBytes(secretBytes).toString('base64url');

/** Made once for a data directory, and of use nowhere else. */
export interface Secrets {
  readonly platformSigningKey: string;
  readonly operatorKey: string;
  /** Of the key that signs the transparency log: 64 hex digits. */
  readonly logSeed: string;
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
    logSeed: randomBytes(secretBytes).toString('hex'),
    redisPassword: random(),
    databasePasswords: { registry_owner: random(), registry_api: random(), registry_dispatcher: random() },
  };
}

/** Writes a file that its owner alone may read. */
export function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
}

/** The secrets of a directory that older code made, and those that have come since. */
function completed(file: string, known: Partial<Secrets>): Secrets {
  const secrets = { ...create(), ...known };
  if (Object.keys(known).length < Object.keys(secrets).length)
    writePrivate(file, JSON.stringify(secrets, null, 2));
  return secrets;
}

/** The secrets of a data directory; a new one gets new ones, in secrets.json and (for a person's curl) operator-key. */
export function loadSecrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json');
  try {
    return completed(file, JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  mkdirSync(dataDir, { recursive: true });
  const secrets = create();
  writePrivate(file, JSON.stringify(secrets, null, 2));
  writePrivate(join(dataDir, 'operator-key'), `${secrets.operatorKey}\n`);
  return secrets;
}

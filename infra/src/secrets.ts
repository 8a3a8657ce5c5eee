// What is in Secret Manager, and which variable of which program it becomes. Names are the same in every project.
const SECRETS = {
  'db-password-owner': 'the password of registry_owner, which owns the tables',
  'db-password-api': 'the password of registry_api',
  'db-password-dispatcher': 'the password of registry_dispatcher',
  'platform-signing-key': "seals agents' webhook secrets; at least 32 bytes of text",
  'platform-signing-keys-accepted':
    'earlier signing keys, separated by commas; one newline while there are none',
  'log-signing-keys':
    'seeds of the keys that sign the transparency log, 64 hex digits each, separated by commas, the newest first',
  'redis-url': 'redis://:AUTH@ADDRESS:6379 of Memorystore',
  'operator-api-keys':
    "name:hash of each operator's key, separated by commas; one newline while there are none",
} as const;
export type SecretName = keyof typeof SECRETS;
export const SECRET_NAMES = Object.keys(SECRETS) as SecretName[];

/** Programs that are given secrets. The test-runner is not among them. */
export type Holder = 'api' | 'dispatcher' | 'migrations';

export const SECRET_VARIABLES: Readonly<Record<Holder, Readonly<Record<string, SecretName>>>> = {
  api: {
    DB_PASSWORD: 'db-password-api',
    PLATFORM_SIGNING_KEY: 'platform-signing-key',
    PLATFORM_SIGNING_KEYS_ACCEPTED: 'platform-signing-keys-accepted',
    REDIS_URL: 'redis-url',
    OPERATOR_API_KEYS: 'operator-api-keys',
  },
  dispatcher: {
    DB_PASSWORD: 'db-password-dispatcher',
    PLATFORM_SIGNING_KEY: 'platform-signing-key',
    PLATFORM_SIGNING_KEYS_ACCEPTED: 'platform-signing-keys-accepted',
    LOG_SIGNING_KEYS: 'log-signing-keys',
  },
  migrations: { DB_PASSWORD: 'db-password-owner' },
};

export const secretsOf = (holder: Holder): SecretName[] => Object.values(SECRET_VARIABLES[holder]);

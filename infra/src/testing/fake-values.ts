import { PROJECT_NUMBER } from '../environments.ts';
import type { EnvEntry } from '../render-service.ts';

const fakeNumber = '123456789012';

/** What each secret could be; only the shapes matter. */
const madeUp: Record<string, string> = {
  'db-password-owner': 'owner-password',
  'db-password-api': 'api-password',
  'db-password-dispatcher': 'dispatcher-password',
  'platform-signing-key': 'a signing key that is long enough to be one\n',
  'platform-signing-keys-accepted': '\n',
  'log-signing-keys': `${'0123456789abcdef'.repeat(4)}\n`,
  'redis-url': 'redis://:auth@127.0.0.1:1',
  'operator-api-keys': `someone:${'0'.repeat(64)}`,
};

/** The variables as Cloud Run would inject them, with made-up secrets unless given, and the port that it chooses. */
export const fakeValues = (
  entries: readonly EnvEntry[],
  secrets: Readonly<Record<string, string>> = madeUp,
): Record<string, string> => ({
  PORT: '8080',
  ...Object.fromEntries(
    entries.map(({ name, value, valueFrom }) => {
      const secret = valueFrom?.secretKeyRef.name;
      const text = value ?? secrets[secret ?? ''];
      if (text === undefined) throw new Error(`no made-up value for the secret ${secret}`);
      return [name, text.replaceAll(PROJECT_NUMBER, fakeNumber)];
    }),
  ),
});

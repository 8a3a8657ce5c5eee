import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { verifyMessage } from './ed25519.ts';

interface Wycheproof {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly msg: string;
      readonly sig: string;
      readonly result: 'valid' | 'invalid';
    }[];
  }[];
}

const file = join(process.env.CONFORMANCE_DIR ?? '', 'ed25519', 'ed25519_test.json');
const isThere = process.env.CONFORMANCE_DIR !== undefined && existsSync(file);

(isThere ? test : test.skip)(
  'every signature of Wycheproof’s Ed25519 file is valid or not as the file says (skipped without CONFORMANCE_DIR)',
  () => {
    const { numberOfTests, testGroups } = JSON.parse(readFileSync(file, 'utf8')) as Wycheproof;
    const verified = testGroups.flatMap(({ publicKey, tests }) =>
      tests.map(({ tcId, msg, sig, result }) => ({
        tcId,
        result,
        verdict: verifyMessage(publicKey.pk, sig, Buffer.from(msg, 'hex')) ? 'valid' : 'invalid',
      })),
    );
    expect(verified.filter(({ result, verdict }) => result !== verdict)).toEqual([]);
    expect(verified).toHaveLength(numberOfTests);
  },
);

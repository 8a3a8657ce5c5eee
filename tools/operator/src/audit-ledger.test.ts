import { createTestDatabase, type TestDatabase } from '@agent-registry/db/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { auditLedger, describeAudit } from './audit-ledger.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

describe('the audit', () => {
  test('the audit finds an untouched ledger balanced, as the API’s role too', async () => {
    const audit = await auditLedger(database.url('registry_api'));
    expect(audit.faults).toEqual([]);
    expect(describeAudit(audit)).toMatch(/^The ledger is balanced\. .*agents have 0\.00/);
  });

  test('the audit names the account whose balance is not the sum of its postings', async () => {
    const { account_id } = await database.db
      .insertInto('accounts')
      .values({
        account_id: '0197a000-0000-7000-8000-000000000001',
        kind: 'agent',
        owner_id: '0197a000-0000-7000-8000-000000000002',
        balance: 1_234n,
      })
      .returning('account_id')
      .executeTakeFirstOrThrow();
    const audit = await auditLedger(database.url('registry_api'));
    expect(audit.faults).toHaveLength(1);
    expect(describeAudit(audit)).toContain(`balance is the sum of postings: ${account_id}`);
    expect(describeAudit(audit)).toContain('agents have 12.34');
  });
});

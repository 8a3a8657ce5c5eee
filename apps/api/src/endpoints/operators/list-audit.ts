import { countAudit, listAudit as list } from '@agent-registry/db';
import { asSent, contracts } from '@agent-registry/schemas';
import { reading } from '../../endpoint.ts';
import { keysetPage } from '../../page.ts';
import { time } from '../../present/time.ts';

export const listAudit = reading({
  contract: contracts.operatorListAudit,
  read(context, { query }) {
    return keysetPage({
      name: 'audit',
      request: query,
      rows: (page) => list(context.db, page),
      count: (limit) => countAudit(context.db, limit),
      position: (entry) => ({ at: entry.created_at, id: entry.audit_id }),
      present: (entries) =>
        entries.map((entry) => ({
          audit_id: entry.audit_id,
          operator: entry.operator,
          action: entry.action,
          subject: entry.subject,
          details: asSent(entry.details),
          created_at: time(entry.created_at),
        })),
    });
  },
});

import type { Transaction } from '@agent-registry/client';
import type { JSX } from 'preact';
import { Table } from './table.tsx';
import { Money, Time } from './ui.tsx';

interface StatementProps {
  readonly caption: string;
  readonly items: readonly Transaction[];
  /** A job, as whoever looks may see it. */
  readonly jobOf: (jobId: string) => JSX.Element;
}

/** Transfers that moved an agent's balance. */
export function StatementTable({ caption, items, jobOf }: StatementProps): JSX.Element {
  return (
    <Table
      caption={caption}
      rows={items}
      keyOf={(row) => row.transfer_id}
      columns={[
        ['When', (row) => <Time at={row.created_at} />],
        ['What', (row) => row.kind.replaceAll('_', ' ')],
        ['For', (row) => (row.job_id === null ? (row.reference ?? '–') : jobOf(row.job_id))],
        ['Amount', (row) => <Money of={row.amount} />, 'number'],
        ['Balance', (row) => <Money of={row.balance_after} />, 'number'],
      ]}
    />
  );
}

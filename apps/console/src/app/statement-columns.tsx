import type { Transaction } from '@agent-registry/client';
import type { JSX } from 'preact';
import type { Column } from './table.tsx';
import { Money, Time } from './ui.tsx';

/** Of transfers that moved an agent's balance; `jobOf` shows a job as whoever looks may see it. */
export const statementColumns = (jobOf: (jobId: string) => JSX.Element): readonly Column<Transaction>[] => [
  ['When', (row) => <Time at={row.created_at} />],
  ['What', (row) => row.kind.replaceAll('_', ' ')],
  ['For', (row) => (row.job_id === null ? (row.reference ?? '–') : jobOf(row.job_id))],
  ['Amount', (row) => <Money of={row.amount} />, 'number'],
  ['Balance', (row) => <Money of={row.balance_after} />, 'number'],
];

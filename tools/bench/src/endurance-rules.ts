import type { ServiceName } from '@agent-registry/stack';
import type { EnduranceReport } from './endure-webhooks.ts';

export const VICTIMS = ['dispatcher', 'emulator', 'postgres'] as const satisfies readonly ServiceName[];
const DUPLICATES_MAX = 0.01;

const CATEGORIES = ['READ', 'WRITE', 'JOB', 'REGISTRATION'];

/** Rate limits nobody reaches, and retries whose half hour takes a minute. */
export const ENDURANCE_ENVIRONMENT: Record<string, string> = {
  ...Object.fromEntries(
    CATEGORIES.flatMap((category) => [
      [`RATE_LIMIT_${category}_CAPACITY`, '1000000'],
      [`RATE_LIMIT_${category}_REFILL_PER_MIN`, '1000000'],
    ]),
  ),
  WEBHOOK_DELAY_UNIT_MS: '20',
  WEBHOOK_TIMEOUT_SECONDS: '2',
};

/** What is wrong with a run; empty when nothing is. */
export function judgeEndurance(report: EnduranceReport): string[] {
  const duplicates = (report.duplicateShare * 100).toFixed(2);
  return [
    ...report.lost.map((jobId) => `lost: the event of job ${jobId}`),
    ...report.unaccounted.map((fault) => `unaccounted for: ${fault}`),
    ...(report.duplicateShare > DUPLICATES_MAX ? [`${duplicates} % of the receipts were repetitions`] : []),
  ];
}

import type { JobStatus } from '@agent-registry/client';

const known: Readonly<Record<JobStatus, true>> = {
  proposed: true,
  negotiating: true,
  agreed: true,
  funded: true,
  in_progress: true,
  delivered: true,
  verifying: true,
  completed: true,
  failed: true,
  disputed: true,
  resolved: true,
  cancelled: true,
};

/** Every state of a job; the record above does not compile when one is missing. */
export const jobStatuses = Object.keys(known) as JobStatus[];

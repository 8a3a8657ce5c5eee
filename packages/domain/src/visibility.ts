import type { JobRole, JobStatus } from '@agent-registry/schemas';

/**
 * Whether a party may see the result. The seller wrote it. The client sees it once it is paid for; without criteria also
 * while it decides. Under criteria nothing short of payment shows it, since the client authors the script.
 */
export function resultVisible(input: {
  role: JobRole;
  status: JobStatus;
  hasCriteria: boolean;
  /** Cents that the seller got of a split, by an operator or by agreement; null without a split. */
  sellerShare: bigint | null;
}): boolean {
  if (input.role === 'seller' || input.status === 'completed') return true;
  if (input.status === 'resolved') return (input.sellerShare ?? 0n) > 0n;
  return input.status === 'delivered' && !input.hasCriteria;
}

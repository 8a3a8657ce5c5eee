import type { CheckedItem } from './receipt.ts';
import type { ShownJob } from './shown-job.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Where the log says something else than the registry shows of the job: each in words, none where they agree. */
export function differences(
  items: readonly CheckedItem[],
  { job, runs }: Pick<ShownJob, 'job' | 'runs'>,
): string[] {
  const steps = new Set(job.negotiation_log.map(({ hash }) => hash));
  return items.flatMap(({ leaf, openings }) => {
    const opened = (openings[0] ?? {}) as Fields;
    if (leaf.kind === 'terms') {
      const { negotiation_hash: step } = opened;
      return [
        ...unlike('price', opened.price, job.agreed_price),
        ...unlike('client’s penalty', opened.client_abort_penalty, job.client_abort_penalty),
        ...unlike('seller’s bond', opened.seller_abort_penalty, job.seller_abort_penalty),
        ...unlike('client', opened.client_agent_id, job.client_agent_id),
        ...unlike('seller', opened.seller_agent_id, job.seller_agent_id),
        ...unlike('criteria’s hash', opened.acceptance_criteria_hash, job.acceptance_criteria_hash),
        ...(typeof step === 'string' && steps.has(step)
          ? []
          : ['The log’s last step of the negotiation is not shown here.']),
      ];
    }
    const run = leaf.kind === 'verdict' ? runs.find(({ run_id }) => run_id === opened.run_id) : undefined;
    return run === undefined ? [] : unlike(`verdict of delivery ${run.delivery}`, opened.verdict, run.status);
  });
}

function unlike(what: string, logged: unknown, shown: unknown): string[] {
  return logged === shown
    ? []
    : [`The log has the ${what} ${String(logged)}, and the registry shows ${String(shown)}.`];
}

import { TASK_QUEUES, type TaskQueue } from '@agent-registry/schemas';
import type { Environment } from './environments.ts';
import { QUEUES } from './queues.ts';

/** The flags of `gcloud tasks queues create` and `update` for a queue. */
const queueFlags = (queue: TaskQueue, { name }: Environment): string[] => {
  const settings = QUEUES[name][queue];
  return [
    `--max-dispatches-per-second=${settings.maxDispatchesPerSecond}`,
    `--max-concurrent-dispatches=${settings.maxConcurrentDispatches}`,
    `--max-attempts=${settings.maxAttempts === -1 ? 'unlimited' : settings.maxAttempts}`,
    `--min-backoff=${settings.minBackoffSeconds}s`,
    `--max-backoff=${settings.maxBackoffSeconds}s`,
    `--max-doublings=${settings.maxDoublings}`,
  ];
};

const command = (queue: TaskQueue, environment: Environment): string =>
  `queue ${[queue, ...queueFlags(queue, environment)].join(' \\\n  ')}`;

/** A script for a person: creates the three queues, or brings those that exist to these settings. */
export const renderQueues = (environment: Environment): string =>
  `#!/usr/bin/env bash
# The queues of ${environment.name}. Run by a person; made from infra/src/queues.ts.
set -euo pipefail

queue() {
  local name="$1"
  shift
  local place=(--project=${environment.project} --location=${environment.region})
  if gcloud tasks queues describe "$name" "\${place[@]}" >/dev/null 2>&1; then
    gcloud tasks queues update "$name" "\${place[@]}" "$@"
  else
    gcloud tasks queues create "$name" "\${place[@]}" "$@"
  fi
}

${TASK_QUEUES.map((queue) => command(queue, environment)).join('\n')}
`;

#!/usr/bin/env bash
# The queues of production. Run by a person; made from infra/src/queues.ts.
set -euo pipefail

queue() {
  local name="$1"
  shift
  local place=(--project=agent-registry-production --location=us-west1)
  if gcloud tasks queues describe "$name" "${place[@]}" >/dev/null 2>&1; then
    gcloud tasks queues update "$name" "${place[@]}" "$@"
  else
    gcloud tasks queues create "$name" "${place[@]}" "$@"
  fi
}

queue webhook-delivery \
  --max-dispatches-per-second=500 \
  --max-concurrent-dispatches=800 \
  --max-attempts=5 \
  --min-backoff=1s \
  --max-backoff=1800s \
  --max-doublings=16
queue verification \
  --max-dispatches-per-second=50 \
  --max-concurrent-dispatches=20 \
  --max-attempts=unlimited \
  --min-backoff=1s \
  --max-backoff=300s \
  --max-doublings=16
queue job-deadline \
  --max-dispatches-per-second=50 \
  --max-concurrent-dispatches=50 \
  --max-attempts=unlimited \
  --min-backoff=1s \
  --max-backoff=600s \
  --max-doublings=16

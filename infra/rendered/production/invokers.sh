#!/usr/bin/env bash
# Who may call which service of production. Run by a person, once, after the first deploy. Made from infra/src/accounts.ts.
set -euo pipefail

may_call() {
  gcloud run services add-iam-policy-binding "$1" --project=agent-registry-production --region=us-west1 \
    --role=roles/run.invoker --member="$2" >/dev/null
}

may_call api allUsers
may_call dispatcher serviceAccount:registry-tasks@agent-registry-production.iam.gserviceaccount.com
may_call test-runner serviceAccount:registry-dispatcher@agent-registry-production.iam.gserviceaccount.com

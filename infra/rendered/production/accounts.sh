#!/usr/bin/env bash
# The service accounts of production and what they may do. Run by a person, after the secrets and queues exist.
# Made from infra/src/accounts.ts. Running it again changes nothing.
set -euo pipefail

project=agent-registry-production
region=us-west1

account() {
  gcloud iam service-accounts describe "$1@agent-registry-production.iam.gserviceaccount.com" --project="$project" >/dev/null 2>&1 \
    || gcloud iam service-accounts create "$1" --project="$project"
}
project_role() {
  gcloud projects add-iam-policy-binding "$project" --condition=None --role="$2" \
    --member="serviceAccount:$1@agent-registry-production.iam.gserviceaccount.com" >/dev/null
}
may_enqueue() {
  gcloud tasks queues add-iam-policy-binding "$2" --project="$project" --location="$region" \
    --role=roles/cloudtasks.enqueuer --member="serviceAccount:$1@agent-registry-production.iam.gserviceaccount.com" >/dev/null
}
may_act_as() {
  gcloud iam service-accounts add-iam-policy-binding "$2@$project.iam.gserviceaccount.com" --project="$project" \
    --role=roles/iam.serviceAccountUser --member="serviceAccount:$1@agent-registry-production.iam.gserviceaccount.com" >/dev/null
}
# Create and read, but neither overwrite nor delete.
may_anchor() {
  for role in roles/storage.objectCreator roles/storage.objectViewer; do
    gcloud storage buckets add-iam-policy-binding "gs://agent-registry-production-log-anchor" --project="$project" --role="$role" \
      --member="serviceAccount:$1@agent-registry-production.iam.gserviceaccount.com" >/dev/null
  done
}
may_read() {
  gcloud secrets add-iam-policy-binding "$2" --project="$project" \
    --role=roles/secretmanager.secretAccessor --member="serviceAccount:$1@agent-registry-production.iam.gserviceaccount.com" >/dev/null
}

# All of them first, since some may act as others.
account registry-api
account registry-dispatcher
account registry-test-runner
account registry-tasks
account registry-migrations
account registry-deploy

# registry-api runs the api
project_role registry-api roles/cloudsql.client
may_enqueue registry-api webhook-delivery
may_enqueue registry-api verification
may_enqueue registry-api job-deadline
may_act_as registry-api registry-tasks
may_read registry-api db-password-api
may_read registry-api platform-signing-key
may_read registry-api platform-signing-keys-accepted
may_read registry-api redis-url
may_read registry-api operator-api-keys

# registry-dispatcher runs the dispatcher and calls the test-runner
project_role registry-dispatcher roles/cloudsql.client
may_enqueue registry-dispatcher webhook-delivery
may_enqueue registry-dispatcher verification
may_enqueue registry-dispatcher job-deadline
may_act_as registry-dispatcher registry-tasks
may_anchor registry-dispatcher
may_read registry-dispatcher db-password-dispatcher
may_read registry-dispatcher platform-signing-key
may_read registry-dispatcher platform-signing-keys-accepted
may_read registry-dispatcher log-signing-keys

# registry-test-runner runs the test-runner; may do nothing at all

# registry-tasks Cloud Tasks and Cloud Scheduler call the dispatcher in its name

# registry-migrations runs the migrations
project_role registry-migrations roles/cloudsql.client
may_read registry-migrations db-password-owner

# registry-deploy runs Cloud Build; cannot change who may call what
project_role registry-deploy roles/run.developer
project_role registry-deploy roles/artifactregistry.writer
project_role registry-deploy roles/logging.logWriter
project_role registry-deploy roles/browser
may_act_as registry-deploy registry-api
may_act_as registry-deploy registry-dispatcher
may_act_as registry-deploy registry-test-runner
may_act_as registry-deploy registry-migrations

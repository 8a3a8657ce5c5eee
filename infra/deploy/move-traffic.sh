#!/usr/bin/env bash
# Gives the new revisions all traffic: whoever is called first, so that no caller is newer than what it calls.
set -euo pipefail
: "${PROJECT_ID:?}" "${REGION:?}"
for service in test-runner dispatcher api; do
  revision=$(<".release/$service.revision")
  gcloud run services update-traffic "$service" --project="$PROJECT_ID" --region="$REGION" --to-revisions="$revision=100"
done

#!/usr/bin/env bash
# Deploys the new revisions without traffic (the manifests keep it where it is), and reads where they can be reached.
set -euo pipefail
: "${PROJECT_ID:?}" "${REGION:?}"
place=(--project="$PROJECT_ID" --region="$REGION")
for service in test-runner dispatcher api; do
  gcloud run services replace ".release/$service.yaml" "${place[@]}"
  gcloud run services describe "$service" "${place[@]}" --format=json >".release/$service.service.json"
done

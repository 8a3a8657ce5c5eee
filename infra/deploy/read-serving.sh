#!/usr/bin/env bash
# Writes what runs now into .release/: the project's number, and each service and its revisions as gcloud describes them.
set -euo pipefail
: "${PROJECT_ID:?}" "${REGION:?}"
mkdir -p .release
place=(--project="$PROJECT_ID" --region="$REGION")

gcloud projects describe "$PROJECT_ID" --format='value(projectNumber)' >.release/project-number

existing=$(gcloud run services list "${place[@]}" --format='value(metadata.name)')
for service in api dispatcher test-runner; do
  if grep -qx "$service" <<<"$existing"; then
    gcloud run services describe "$service" "${place[@]}" --format=json >".release/$service.service.json"
    gcloud run revisions list --service="$service" "${place[@]}" --limit=50 --format=json >".release/$service.revisions.json"
  else
    echo null >".release/$service.service.json"
    echo '[]' >".release/$service.revisions.json"
  fi
done

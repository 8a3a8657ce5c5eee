#!/usr/bin/env bash
# Runs the migrations of this release and waits for them. The services that run now work with the schema before and after.
set -euo pipefail
: "${PROJECT_ID:?}" "${REGION:?}"
place=(--project="$PROJECT_ID" --region="$REGION")
gcloud run jobs replace .release/migrations.yaml "${place[@]}"
gcloud run jobs execute migrations "${place[@]}" --wait

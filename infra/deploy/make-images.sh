#!/usr/bin/env bash
# Makes and pushes the three images of this commit: built where the plan says so, else the serving image under its new name.
set -euo pipefail
: "${PROJECT_ID:?}" "${REGION:?}" "${SHORT_SHA:?}" "${COMMIT_SHA:?}"
registry="$REGION-docker.pkg.dev/$PROJECT_ID/agent-registry"
export DOCKER_BUILDKIT=1

for app in api dispatcher test-runner; do
  image="$registry/$app:$SHORT_SHA"
  read -r how source <".release/images/$app"
  case "$how" in
    build) docker build --build-arg APP="$app" --build-arg COMMIT="$COMMIT_SHA" --tag "$image" . ;;
    retag) docker pull "$source" && docker tag "$source" "$image" ;;
    *)
      echo "no plan for $app" >&2
      exit 1
      ;;
  esac
  docker push "$image"
done

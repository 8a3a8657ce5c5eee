#!/usr/bin/env bash
# Builds the Dockerfile where there is no Docker: with buildah, on a stand-in for node:24-bookworm-slim that is made of
# debootstrap's Debian and the Node that npm installed. Run as root, on Debian, after `npm ci`:
#   apt-get install -y --no-install-recommends buildah crun debootstrap podman
#   infra/images/build.sh [api|dispatcher|test-runner|cloud-tasks-emulator …]
# The images are localhost/agent-registry/<name>. What the stand-in cannot show: the size and the packages of the real base.
set -euo pipefail
cd "$(dirname "$0")/../.."

for tool in buildah debootstrap; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is not installed" >&2; exit 77; }
done
[ "$(id -u)" -eq 0 ] || { echo 'skipped: debootstrap needs root' >&2; exit 77; }

base=localhost/agent-registry/node-stand-in
work=${IMAGES_DIR:-/var/tmp/agent-registry-images}
suite=bookworm
certificates=/etc/ssl/certs/ca-certificates.crt
node=node_modules/node/bin/node
npm=$(npm root --global)/npm
# The machine may be a container or a virtual machine without overlay mounts or namespaces of its own: chroot asks for least.
isolation=(--isolation=chroot --network=host --format=docker)

make_base() {
  buildah inspect "$base" >/dev/null 2>&1 && return
  local root="$work/root" container
  if [ ! -e "$root/etc/debian_version" ]; then
    rm -rf "$root"
    mkdir -p "$root"
    debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" >"$work/debootstrap.log"
  fi
  install -D "$node" "$root/usr/local/bin/node"
  mkdir -p "$root/usr/local/lib/node_modules"
  cp -a --no-preserve=ownership "$npm" "$root/usr/local/lib/node_modules/"
  ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
  # A network may have an authority of its own.
  install -D -m 644 "$certificates" "$root$certificates"
  # What Debian's slim images leave out too.
  rm -rf "$root"/usr/share/{doc,man,info,locale}/* "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*
  container=$(buildah from scratch)
  buildah add --quiet "$container" "$root" / >/dev/null
  buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    --env NODE_EXTRA_CA_CERTS="$certificates" "$container"
  buildah commit --quiet --rm "$container" "$base" >/dev/null
}

mkdir -p "$work"
make_base
wanted=("$@")
[ "${#wanted[@]}" -gt 0 ] || wanted=(api dispatcher test-runner)
commit=$(git rev-parse HEAD)
# What is committed, as a build in the cloud sees it.
context="$work/context"
rm -rf "$context"
mkdir "$context"
git archive HEAD | tar -x -C "$context"
for name in "${wanted[@]}"; do
  if [ "$name" = cloud-tasks-emulator ]; then choice=(--target=cloud-tasks-emulator); else choice=(--build-arg APP="$name"); fi
  buildah build "${isolation[@]}" --layers --build-arg NODE_IMAGE="$base" --build-arg COMMIT="$commit" "${choice[@]}" \
    --tag "localhost/agent-registry/$name" "$context"
done
buildah images --filter reference='localhost/agent-registry/*' --format '{{.Name}}:{{.Tag}} {{.Size}}'

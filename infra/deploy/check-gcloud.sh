#!/usr/bin/env bash
# Asks gcloud whether it understands every command of the checklist, the rendered scripts and the release, without an account and
# without calling anybody: gcloud reads its arguments before it looks for who is asking. Exits 77 where there is no gcloud.
set -euo pipefail
cd "$(dirname "$0")/../.."
real=$(command -v gcloud) || { echo 'skipped: gcloud is not installed' >&2; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A gcloud that only writes down what it is told.
mkdir "$work/bin"
cat >"$work/bin/gcloud" <<'RECORD'
#!/usr/bin/env bash
printf '%s\t' "$@" >>"$RECORD"
printf '\n' >>"$RECORD"
case "$*" in
  *--data-file=-*) cat >/dev/null ;;
  *'services list'*) printf 'api\ndispatcher\ntest-runner\n' ;;
  *'status.traffic[]'*) printf '100\tdispatcher-0123456-12345678\n' ;;
esac
RECORD
chmod +x "$work/bin/gcloud"
export RECORD="$work/commands"

awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' infra/README.md infra/runbooks/*.md >"$work/checklist.sh"
mkdir -p "$work/here/infra" "$work/here/.release"
cp -r infra/rendered "$work/here/infra/"
for name in api dispatcher test-runner migrations reseal-secrets; do
  echo "$name-0123456" >"$work/here/.release/$name.revision"
  sed 's/PROJECT_NUMBER/123456789012/; s/SHORT_SHA/0123456/; s/COMMIT_SHA/0123456/; s/REVISION_SUFFIX/0123456-12345678/' \
    "infra/rendered/staging/$name.yaml" >"$work/here/.release/$name.yaml"
done
scripts=("$work/checklist.sh" "$PWD"/infra/rendered/*/*.sh "$PWD"/infra/deploy/{read-serving,migrate,deploy,move-traffic}.sh)
for script in "${scripts[@]}"; do
  (cd "$work/here" && PATH="$work/bin:$PATH" PROJECT_ID=project REGION=us-west1 bash "$script" </dev/null >/dev/null)
done

# One of each shape is enough: the words that are no values, and the names of the flags.
awk -F '\t' '{ shape = ""; for (i = 1; i <= NF; i++) { word = $i; sub(/=.*/, "", word); if (word ~ /^--/ || i <= 4) shape = shape " " word }
  if (!(shape in seen)) { seen[shape] = 1; print } }' "$RECORD" >"$work/shapes"

cd "$work/here" # The manifests that some commands name are here.
failed=0
while IFS=$'\t' read -r -a words; do
  # As a service account would: with nobody logged in, every command that is understood ends in a refusal to call.
  said=$(CLOUDSDK_CONFIG="$work/config" CLOUDSDK_CORE_DISABLE_PROMPTS=1 CLOUDSDK_CORE_PROJECT=project \
    timeout 60 "$real" "${words[@]}" </dev/null 2>&1) && code=0 || code=$?
  if [ "$code" -eq 0 ] || grep -q 'active account' <<<"$said"; then
    echo "ok   gcloud ${words[*]}"
  else
    failed=1
    printf 'FAIL gcloud %s\n%s\n' "${words[*]}" "$said"
  fi
done <"$work/shapes"
exit "$failed"

#!/usr/bin/env bash
# What is watched in staging: the metrics that are counted from the log, the uptime check, the alerts and the dashboard.
# Run by a person, after the first release. Made from infra/src/monitoring.ts. Running it again changes nothing but what differs.
set -euo pipefail
project=agent-registry
email='operators@example.com'
number=$(gcloud projects describe "$project" --format='value(projectNumber)')
host=api-$number.us-west1.run.app
here=$(dirname "$0")
found() { gcloud "$@" --project="$project" --format='value(name)'; }

metric() {
  local verb=create
  if gcloud logging metrics describe "$1" --project="$project" >/dev/null 2>&1; then verb=update; fi
  gcloud logging metrics "$verb" "$1" --project="$project" --description="Lines of the log" --log-filter="$2"
}
alert() {
  local policy
  policy=$(found alpha monitoring policies list --filter="displayName='$1'")
  if [ -n "$policy" ]; then
    gcloud alpha monitoring policies update "$policy" --project="$project" --policy-from-file="$here/alerts/$2"
  else
    gcloud alpha monitoring policies create --project="$project" --policy-from-file="$here/alerts/$2" --notification-channels="$channel"
  fi
}

channel=$(found beta monitoring channels list --filter="displayName='$email'")
[ -n "$channel" ] || channel=$(gcloud beta monitoring channels create --project="$project" --type=email \
  --display-name="$email" --channel-labels="email_address=$email" --format='value(name)')
[ -n "$(found monitoring uptime list-configs --filter="displayName=ready")" ] || gcloud monitoring uptime create ready --project="$project" \
  --resource-type=uptime-url --resource-labels="host=$host,project_id=$project" --protocol=https --path=/ready --period=1

metric registry-sweeps 'resource.type="cloud_run_revision" AND resource.labels.service_name="dispatcher" AND jsonPayload.path="/internal/sweep" AND jsonPayload.status=200'
metric registry-redis-degraded 'resource.type="cloud_run_revision" AND resource.labels.service_name="api" AND severity=WARNING AND jsonPayload.message=~"^Redis "'
metric registry-verdict-errors 'resource.type="cloud_run_revision" AND resource.labels.service_name="dispatcher" AND jsonPayload.verdict="error"'
metric registry-log-halts 'resource.type="cloud_run_revision" AND resource.labels.service_name="dispatcher" AND jsonPayload.log_halted=true'
metric registry-refused-operator-keys 'resource.type="cloud_run_revision" AND resource.labels.service_name="api" AND jsonPayload.path=~"^/v1/operator" AND jsonPayload.status=404'

alert 'api: over 1 % of answers are 5xx' api-over-1-of-answers-are-5xx.json
alert 'api: /ready is not 200' api-ready-is-not-200.json
alert 'Cloud SQL: over 80 % of its connections are taken' cloud-sql-over-80-of-its-connections-are-taken.json
alert 'Cloud SQL: the disk is over 80 % full' cloud-sql-the-disk-is-over-80-full.json
alert 'Redis: the api does without it' redis-the-api-does-without-it.json
alert 'queues: over 100 tasks wait in job-deadline or verification' queues-over-100-tasks-wait-in-job-deadline-or-verification.json
alert 'queues: webhooks leave over an hour late' queues-webhooks-leave-over-an-hour-late.json
alert 'sweep: none has succeeded for 5 minutes' sweep-none-has-succeeded-for-5-minutes.json
alert 'verifications: a verdict is `error`' verifications-a-verdict-is-error.json
alert 'transparency log: halted, since the database was set back' transparency-log-halted-since-the-database-was-set-back.json
alert 'operators: over 10 refused keys in a minute' operators-over-10-refused-keys-in-a-minute.json

[ -n "$(found monitoring dashboards list --filter="displayName='Agent registry'")" ] \
  || gcloud monitoring dashboards create --project="$project" --config-from-file="$here/dashboard.json"

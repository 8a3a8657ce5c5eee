import { METRICS, type MetricName } from '@agent-registry/schemas';
import { ALERT_EMAIL, type Environment, PROJECT_NUMBER, publicUrl } from './environments.ts';
import { type Alert, alertsOf, BUILT_IN_METRICS, CHARTS, LOG_METRICS, type Metric } from './monitoring.ts';

const alignmentPeriod = '60s';
const columns = 2;

const filterOf = (metric: Metric, where: readonly string[] = []): string => {
  // As a collector's exporter for Google Cloud names what it is sent by OTLP.
  if (metric in METRICS)
    return [`metric.type="workload.googleapis.com/${metric}"`, 'resource.type="generic_task"', ...where].join(
      ' AND ',
    );
  const isBuiltIn = metric in BUILT_IN_METRICS;
  const type = isBuiltIn ? metric : `logging.googleapis.com/user/${metric}`;
  const resource = isBuiltIn
    ? BUILT_IN_METRICS[metric as keyof typeof BUILT_IN_METRICS]
    : 'cloud_run_revision';
  return [`metric.type="${type}"`, `resource.type="${resource}"`, ...where].join(' AND ');
};

/** An alert as `gcloud alpha monitoring policies create` takes it. */
const describePolicy = (alert: Alert) => {
  const { name, metric, where, per, aligner, reducer, over, forSeconds, runbook } = alert;
  const aggregations = [{ alignmentPeriod, perSeriesAligner: aligner, crossSeriesReducer: reducer }];
  const query = { filter: filterOf(metric, where), aggregations, duration: `${forSeconds}s` };
  const denominator =
    per === undefined
      ? {}
      : { denominatorFilter: filterOf(metric, per), denominatorAggregations: aggregations };
  const condition =
    over === 'absent'
      ? { conditionAbsent: query }
      : {
          conditionThreshold: { ...query, ...denominator, comparison: 'COMPARISON_GT', thresholdValue: over },
        };
  return {
    displayName: name,
    combiner: 'OR',
    conditions: [{ displayName: name, ...condition }],
    documentation: { mimeType: 'text/markdown', content: `infra/runbooks/${runbook}.md` },
  };
};

export const DASHBOARD = 'Agent registry';

/** What every instance tells of the whole registry: the sum over instances would be wrong. */
const isSharedLevel = (metric: Metric): boolean =>
  metric in METRICS &&
  METRICS[metric as MetricName].kind === 'gauge' &&
  !metric.startsWith('registry.db.pool');

const describeDashboard = () => ({
  displayName: DASHBOARD,
  gridLayout: {
    columns,
    widgets: CHARTS.map(([title, metric, perSeriesAligner, groupBy]) => {
      const isTrust = metric === 'registry.redis.trusted';
      const isLevel = perSeriesAligner === 'ALIGN_PERCENTILE_99' || isSharedLevel(metric);
      const crossSeriesReducer = isTrust ? 'REDUCE_MIN' : isLevel ? 'REDUCE_MAX' : 'REDUCE_SUM';
      const aggregation = { alignmentPeriod, perSeriesAligner, crossSeriesReducer, groupByFields: [groupBy] };
      const timeSeriesFilter = { filter: filterOf(metric), aggregation };
      return {
        title,
        xyChart: { dataSets: [{ plotType: 'LINE', timeSeriesQuery: { timeSeriesFilter } }] },
      };
    }),
  },
});

const toJson = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

/** The file of an alert, by its name. */
const fileOf = (name: string): string =>
  `${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '')}.json`;

const script = (environment: Environment, alerts: readonly Alert[]): string =>
  `#!/usr/bin/env bash
# What is watched in ${environment.name}: the metrics that are counted from the log, the uptime check, the alerts and the dashboard.
# Run by a person, after the first release. Made from infra/src/monitoring.ts. Running it again changes nothing but what differs.
set -euo pipefail
project=${environment.project}
email='${ALERT_EMAIL}'
number=$(gcloud projects describe "$project" --format='value(projectNumber)')
host=${publicUrl(environment).replace('https://', '').replace(PROJECT_NUMBER, '$number')}
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
[ -n "$channel" ] || channel=$(gcloud beta monitoring channels create --project="$project" --type=email \\
  --display-name="$email" --channel-labels="email_address=$email" --format='value(name)')
[ -n "$(found monitoring uptime list-configs --filter="displayName=ready")" ] || gcloud monitoring uptime create ready --project="$project" \\
  --resource-type=uptime-url --resource-labels="host=$host,project_id=$project" --protocol=https --path=/ready --period=1

${Object.entries(LOG_METRICS)
  .map(([metric, filter]) => `metric ${metric} '${filter}'`)
  .join('\n')}

${alerts.map(({ name: alert }) => `alert '${alert}' ${fileOf(alert)}`).join('\n')}

[ -n "$(found monitoring dashboards list --filter="displayName='${DASHBOARD}'")" ] \\
  || gcloud monitoring dashboards create --project="$project" --config-from-file="$here/dashboard.json"
`;

/** The files that watch an environment, by their path in its directory. */
export const renderMonitoring = (environment: Environment): [file: string, text: string][] => {
  const alerts = alertsOf(environment);
  return [
    ['monitoring.sh', script(environment, alerts)],
    ['dashboard.json', toJson(describeDashboard())],
    ...alerts.map((alert): [string, string] => [
      `alerts/${fileOf(alert.name)}`,
      toJson(describePolicy(alert)),
    ]),
  ];
};

// What is watched: metrics counted from the log, and the alerts. The files that gcloud takes are made from these tables.

import { METRICS, type MetricName, type TaskQueue } from '@agent-registry/schemas';
import type { Environment, ServiceName } from './environments.ts';

/** Metrics that Google Cloud keeps by itself, each with the resource that has it. */
export const BUILT_IN_METRICS = {
  'run.googleapis.com/request_count': 'cloud_run_revision',
  'run.googleapis.com/request_latencies': 'cloud_run_revision',
  'run.googleapis.com/container/instance_count': 'cloud_run_revision',
  'cloudsql.googleapis.com/database/cpu/utilization': 'cloudsql_database',
  'cloudsql.googleapis.com/database/disk/utilization': 'cloudsql_database',
  'cloudsql.googleapis.com/database/postgresql/num_backends': 'cloudsql_database',
  'cloudtasks.googleapis.com/queue/depth': 'cloud_tasks_queue',
  'cloudtasks.googleapis.com/queue/task_attempt_delays': 'cloud_tasks_queue',
  'monitoring.googleapis.com/uptime_check/check_passed': 'uptime_url',
} as const;

const fromLog = (service: ServiceName, ...conditions: string[]): string =>
  ['resource.type="cloud_run_revision"', `resource.labels.service_name="${service}"`, ...conditions].join(
    ' AND ',
  );

/** Metrics that count lines of the log, by name; each counts the lines that its filter finds. */
export const LOG_METRICS = {
  'registry-sweeps': fromLog('dispatcher', 'jsonPayload.path="/internal/sweep"', 'jsonPayload.status=200'),
  'registry-redis-degraded': fromLog('api', 'severity=WARNING', 'jsonPayload.message=~"^Redis "'),
  'registry-verdict-errors': fromLog('dispatcher', 'jsonPayload.verdict="error"'),
  'registry-log-halts': fromLog('dispatcher', 'jsonPayload.log_halted=true'),
  'registry-refused-operator-keys': fromLog(
    'api',
    'jsonPayload.path=~"^/v1/operator"',
    'jsonPayload.status=404',
  ),
} as const;

export type Metric = keyof typeof BUILT_IN_METRICS | keyof typeof LOG_METRICS | MetricName;

const minute = 60;
const hour = 60 * minute;

export interface Alert {
  readonly name: string;
  readonly metric: Metric;
  /** Further conditions of the filter. */
  readonly where?: readonly string[];
  /** What the values of one minute become, then those of all series. */
  readonly aligner:
    | 'ALIGN_RATE'
    | 'ALIGN_DELTA'
    | 'ALIGN_MAX'
    | 'ALIGN_MEAN'
    | 'ALIGN_PERCENTILE_99'
    | 'ALIGN_NEXT_OLDER';
  readonly reducer: 'REDUCE_SUM' | 'REDUCE_MAX' | 'REDUCE_COUNT_FALSE';
  /** Fires above `over`, or with `absent` when nothing is counted. With `per`, above this part of what `per` finds. */
  readonly over: number | 'absent';
  readonly per?: readonly string[];
  readonly forSeconds: number;
  readonly runbook: string;
}

const api = 'resource.labels.service_name="api"';
const queues = (...names: TaskQueue[]): string =>
  `resource.labels.queue_id=one_of(${names.map((name) => `"${name}"`).join(',')})`;
const line = { aligner: 'ALIGN_DELTA', reducer: 'REDUCE_SUM' } as const;

export const alertsOf = ({ sql }: Environment): readonly Alert[] => [
  {
    name: 'api: over 1 % of answers are 5xx',
    metric: 'run.googleapis.com/request_count',
    where: [api, 'metric.labels.response_code_class="5xx"'],
    per: [api],
    aligner: 'ALIGN_RATE',
    reducer: 'REDUCE_SUM',
    over: 0.01,
    forSeconds: 5 * minute,
    runbook: 'cloud-sql-down',
  },
  {
    name: 'api: /ready is not 200',
    metric: 'monitoring.googleapis.com/uptime_check/check_passed',
    aligner: 'ALIGN_NEXT_OLDER',
    reducer: 'REDUCE_COUNT_FALSE',
    over: 1,
    forSeconds: 2 * minute,
    runbook: 'cloud-sql-down',
  },
  {
    name: 'Cloud SQL: over 80 % of its connections are taken',
    metric: 'cloudsql.googleapis.com/database/postgresql/num_backends',
    aligner: 'ALIGN_MAX',
    reducer: 'REDUCE_SUM',
    over: Math.floor(sql.connections * 0.8),
    forSeconds: 5 * minute,
    runbook: 'cloud-sql-down',
  },
  {
    name: 'Cloud SQL: the disk is over 80 % full',
    metric: 'cloudsql.googleapis.com/database/disk/utilization',
    aligner: 'ALIGN_MAX',
    reducer: 'REDUCE_MAX',
    over: 0.8,
    forSeconds: 5 * minute,
    runbook: 'cloud-sql-down',
  },
  {
    name: 'Redis: the api does without it',
    metric: 'registry-redis-degraded',
    ...line,
    over: 0,
    forSeconds: 0,
    runbook: 'redis-down',
  },
  {
    name: 'queues: over 100 tasks wait in job-deadline or verification',
    metric: 'cloudtasks.googleapis.com/queue/depth',
    where: [queues('job-deadline', 'verification')],
    aligner: 'ALIGN_MEAN',
    reducer: 'REDUCE_MAX',
    over: 100,
    forSeconds: 10 * minute,
    runbook: 'queue-stuck',
  },
  {
    name: 'queues: webhooks leave over an hour late',
    metric: 'cloudtasks.googleapis.com/queue/task_attempt_delays',
    where: [queues('webhook-delivery')],
    aligner: 'ALIGN_PERCENTILE_99',
    reducer: 'REDUCE_MAX',
    over: hour * 1_000,
    forSeconds: 0,
    runbook: 'queue-stuck',
  },
  {
    name: 'sweep: none has succeeded for 5 minutes',
    metric: 'registry-sweeps',
    ...line,
    over: 'absent',
    forSeconds: 5 * minute,
    runbook: 'queue-stuck',
  },
  {
    name: 'verifications: a verdict is `error`',
    metric: 'registry-verdict-errors',
    ...line,
    over: 0,
    forSeconds: 0,
    runbook: 'test-runner-broken',
  },
  {
    name: 'transparency log: halted, since the database was set back',
    metric: 'registry-log-halts',
    ...line,
    over: 0,
    forSeconds: 0,
    runbook: 'log-halted',
  },
  {
    name: 'operators: over 10 refused keys in a minute',
    metric: 'registry-refused-operator-keys',
    ...line,
    over: 10,
    forSeconds: 0,
    runbook: 'leaked-signing-key',
  },
];

/** The charts of the dashboard: title, metric, how it is drawn, and the label that splits it. */
export const CHARTS: readonly [title: string, Metric, Alert['aligner'], groupBy: string][] = [
  ['Requests a second', 'run.googleapis.com/request_count', 'ALIGN_RATE', 'metric.label.response_code_class'],
  [
    'p99 of latency, ms',
    'run.googleapis.com/request_latencies',
    'ALIGN_PERCENTILE_99',
    'resource.label.service_name',
  ],
  ['Instances', 'run.googleapis.com/container/instance_count', 'ALIGN_MAX', 'resource.label.service_name'],
  [
    'Database: processor',
    'cloudsql.googleapis.com/database/cpu/utilization',
    'ALIGN_MEAN',
    'resource.label.database_id',
  ],
  [
    'Database: disk',
    'cloudsql.googleapis.com/database/disk/utilization',
    'ALIGN_MAX',
    'resource.label.database_id',
  ],
  [
    'Database: connections',
    'cloudsql.googleapis.com/database/postgresql/num_backends',
    'ALIGN_MAX',
    'resource.label.database_id',
  ],
  ['Tasks that wait', 'cloudtasks.googleapis.com/queue/depth', 'ALIGN_MAX', 'resource.label.queue_id'],
  [
    'p99 of tasks being late, ms',
    'cloudtasks.googleapis.com/queue/task_attempt_delays',
    'ALIGN_PERCENTILE_99',
    'resource.label.queue_id',
  ],
  ...registryCharts(),
  ['Sweeps', 'registry-sweeps', 'ALIGN_DELTA', 'resource.label.service_name'],
  ['Verdicts `error`', 'registry-verdict-errors', 'ALIGN_DELTA', 'resource.label.service_name'],
];

/** What the services send by OTLP: levels as the highest of the instances that tell them, counts a minute. */
function registryCharts(): [title: string, Metric, Alert['aligner'], groupBy: string][] {
  return Object.entries(METRICS).map(([name, metric]) => {
    const label = 'by' in metric ? `metric.label.${metric.by}` : 'resource.label.job';
    const aligner = metric.kind === 'gauge' ? 'ALIGN_MAX' : 'ALIGN_DELTA';
    return [`${metric.description} (${name})`, name as MetricName, aligner, label];
  });
}

/** One metric, as it is sent by OTLP. */
interface Metric {
  readonly kind: 'gauge' | 'counter';
  /** In UCUM. */
  readonly unit: string;
  readonly description: string;
  readonly services: readonly ('api' | 'dispatcher')[];
  /** The attribute that splits it, where one does. */
  readonly by?: string;
}

const pool = { kind: 'gauge', services: ['api', 'dispatcher'] } as const;
const level = { kind: 'gauge', services: ['dispatcher'] } as const;

/** What operators watch. Each is sent where OTEL_EXPORTER_OTLP_ENDPOINT is set, and drawn on the dashboard. */
export const METRICS = {
  'registry.queue.age': { ...level, unit: 's', description: 'How late tasks arrive', by: 'queue' },
  'registry.outbox.depth': { ...level, unit: '{entry}', description: 'Entries of the outbox that are due' },
  'registry.outbox.age': { ...level, unit: 's', description: 'How long the oldest of them has been due' },
  'registry.escrow.held': { ...level, unit: '{credit}', description: 'Prices that jobs hold' },
  'registry.bonds.held': { ...level, unit: '{credit}', description: 'Bonds that jobs hold' },
  'registry.verdicts': {
    kind: 'counter',
    services: ['dispatcher'],
    unit: '{verdict}',
    description: 'Verdicts that were settled, and runs that broke the harness',
    by: 'outcome',
  },
  'registry.webhook.attempts': {
    kind: 'counter',
    services: ['dispatcher'],
    unit: '{attempt}',
    description: 'Attempts at webhook deliveries that were recorded',
    by: 'result',
  },
  'registry.redis.trusted': {
    kind: 'gauge',
    services: ['api'],
    unit: '1',
    description: '1 while Redis decides about nonces, 0 while Postgres does',
  },
  'registry.db.pool.used': { ...pool, unit: '{connection}', description: 'Connections that are lent' },
  'registry.db.pool.waiting': {
    ...pool,
    unit: '{request}',
    description: 'Callers that wait for a connection',
  },
  'registry.db.pool.max': { ...pool, unit: '{connection}', description: 'Connections there may be' },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;
type NameOf<Kind> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];
export type GaugeName = NameOf<'gauge'>;
export type CounterName = NameOf<'counter'>;

import { randomUUID } from 'node:crypto';
import { type GaugeName, METRICS } from '@agent-registry/schemas';
import {
  type Context,
  type Meter,
  SpanKind as OtelSpanKind,
  ROOT_CONTEXT,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { AlwaysOnSampler, BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { type Readings, runSpan, type SpanKind, type Telemetry } from './telemetry.ts';
import type { Trace } from './trace-context.ts';

const exportTimeoutMs = 1_500; // shutdown waits for the last export, and its hook has 2 s
const metricIntervalMs = 15_000;
const spanDelayMs = 1_000;
const maxQueuedSpans = 2_048;

const kinds: Record<SpanKind, OtelSpanKind> = {
  internal: OtelSpanKind.INTERNAL,
  server: OtelSpanKind.SERVER,
  client: OtelSpanKind.CLIENT,
  consumer: OtelSpanKind.CONSUMER,
};

const contextOf = (parent: Trace | null): Context =>
  parent === null
    ? ROOT_CONTEXT
    : trace.setSpanContext(ROOT_CONTEXT, {
        traceId: parent.traceId,
        spanId: parent.spanId,
        traceFlags: parent.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
        isRemote: true,
      });

const createProviders = (service: string, endpoint: string) => {
  const base = endpoint.replace(/\/+$/, '');
  const resource = resourceFromAttributes({ 'service.name': service, 'service.instance.id': randomUUID() });
  const spans = new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url: `${base}/v1/traces`, timeoutMillis: exportTimeoutMs }),
    exportTimeoutMillis: exportTimeoutMs,
    scheduledDelayMillis: spanDelayMs,
    maxQueueSize: maxQueuedSpans,
  });
  const metrics = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter({ url: `${base}/v1/metrics`, timeoutMillis: exportTimeoutMs }),
    exportIntervalMillis: metricIntervalMs,
    exportTimeoutMillis: exportTimeoutMs,
  });
  return {
    // A stranger's "not sampled" must not hide its requests from the operators.
    tracers: new TracerProvider({ resource, sampler: new AlwaysOnSampler(), spanProcessors: [spans] }),
    meters: new MeterProvider({ resource, readers: [metrics] }),
  };
};

/** Gauges that are read together, whenever metrics are collected. */
const observeGauges = (
  meter: Meter,
  names: readonly GaugeName[],
  read: () => Readings | Promise<Readings>,
): void => {
  const gauges = names.map((name) => {
    const { unit, description } = METRICS[name];
    return { name, gauge: meter.createObservableGauge(name, { unit, description }) };
  });
  meter.addBatchObservableCallback(
    async (result) => {
      // What cannot be read, as while the database is away, is missing on the chart: the rest is sent all the same.
      const readings = await Promise.resolve()
        .then(read)
        .catch((): Readings => ({}));
      for (const { name, gauge } of gauges) {
        const reading = readings[name];
        if (typeof reading === 'number') result.observe(gauge, reading);
        else
          for (const [value, amount] of Object.entries(reading ?? {}))
            result.observe(gauge, amount, { [splitOf(name)]: value });
      }
    },
    gauges.map(({ gauge }) => gauge),
  );
};

const splitOf = (name: GaugeName): string => {
  const metric = METRICS[name];
  return 'by' in metric ? metric.by : 'of';
};

/** Telemetry that exports. No OpenTelemetry global is set: the scope of the request carries the trace. */
export const startOtlp = ({ service, endpoint }: { service: string; endpoint: string }): Telemetry => {
  const { tracers, meters } = createProviders(service, endpoint);
  const tracer = tracers.getTracer(service);
  const meter = meters.getMeter(service);
  const begin: Telemetry['begin'] = (name, kind, parent) => {
    const span = tracer.startSpan(name, { kind: kinds[kind] }, contextOf(parent));
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      trace: { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 },
      end: ({ name: finalName, attributes = {}, failed = false }) => {
        if (finalName !== undefined) span.updateName(finalName);
        span.setAttributes(attributes);
        if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  };
  return {
    begin,
    span: (name, attributes, work) => runSpan(begin, name, attributes, work),
    counter: (name) => meter.createCounter(name),
    histogram: (name, unit) => meter.createHistogram(name, { unit }),
    gauges: (names, read) => observeGauges(meter, names, read),
    shutdown: async () => {
      await Promise.allSettled([tracers.shutdown(), meters.shutdown()]);
    },
  };
};

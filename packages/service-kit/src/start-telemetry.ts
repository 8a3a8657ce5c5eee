import { noTelemetry, type Telemetry } from './telemetry.ts';

/**
 * Traces and metrics by OTLP over HTTP to `endpoint` (`/v1/traces` and `/v1/metrics` are added). Without an
 * endpoint the exporter's packages are not even loaded.
 */
export const startTelemetry = async (options: {
  service: string;
  endpoint: string | null;
}): Promise<Telemetry> => {
  if (options.endpoint === null) return noTelemetry;
  const { startOtlp } = await import('./otlp.ts');
  return startOtlp({ service: options.service, endpoint: options.endpoint });
};

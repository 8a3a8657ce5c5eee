import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '@agent-registry/servers';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

export interface Span {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}

interface Resource {
  readonly resource: { readonly attributes: readonly Attribute[] };
}
interface Export {
  readonly resourceSpans?: readonly (Resource & {
    readonly scopeSpans: readonly { readonly spans: readonly Omit<Span, 'service'>[] }[];
  })[];
  readonly resourceMetrics?: readonly (Resource & {
    readonly scopeMetrics: readonly { readonly metrics: readonly { readonly name: string }[] }[];
  })[];
}

/** A collector of OTLP over HTTP, as JSON, that keeps what it is sent. */
export interface OtlpCollector {
  readonly url: string;
  readonly spans: readonly Span[];
  readonly metrics: readonly { readonly service: string; readonly name: string }[];
  /** Everything it was sent, to the letter. */
  readonly bodies: readonly string[];
  close(): Promise<void>;
}

const serviceOf = ({ resource }: Resource): string =>
  resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';

export async function startCollector(): Promise<OtlpCollector> {
  const spans: Span[] = [];
  const metrics: { service: string; name: string }[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      bodies.push(body);
      const sent = JSON.parse(body) as Export;
      for (const from of sent.resourceSpans ?? []) {
        const service = serviceOf(from);
        spans.push(...from.scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, service }))));
      }
      for (const from of sent.resourceMetrics ?? []) {
        const service = serviceOf(from);
        const named = from.scopeMetrics.flatMap((scope) =>
          scope.metrics.map(({ name }) => ({ service, name })),
        );
        metrics.push(...named);
      }
      response.setHeader('Content-Type', 'application/json').end('{}');
    });
  });
  return { ...(await listen(server)), spans, metrics, bodies };
}

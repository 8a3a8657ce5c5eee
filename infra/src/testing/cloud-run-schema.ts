// The part of Cloud Run's Service and Job resources that we use, as strict as the platform: what it does not know, it refuses.
const text = { type: 'string', minLength: 1 };
const count = { type: 'integer', minimum: 1 };
const strings = { type: 'object', additionalProperties: text };

const closed = (properties: object, optional: readonly string[] = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

const envEntry = {
  oneOf: [
    closed({
      name: { ...text, not: { enum: ['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION'] } },
      value: text,
    }),
    closed({
      name: text,
      valueFrom: closed({
        secretKeyRef: closed({ name: text, key: { type: 'string', pattern: '^(latest|\\d+)$' } }),
      }),
    }),
  ],
};
const probe = closed({
  httpGet: closed({ path: { type: 'string', pattern: '^/' }, port: count }),
  periodSeconds: { ...count, maximum: 240 },
  timeoutSeconds: { ...count, maximum: 240 },
  failureThreshold: count,
});
const container = closed(
  {
    image: {
      type: 'string',
      pattern: '^[a-z0-9-]+-docker\\.pkg\\.dev/[a-z0-9-]+/[a-z0-9-]+/[a-z-]+:[A-Za-z0-9_]+$',
    },
    command: { type: 'array', items: text, minItems: 1 },
    ports: {
      type: 'array',
      maxItems: 1,
      items: closed({ name: { enum: ['http1', 'h2c'] }, containerPort: count }),
    },
    env: { type: 'array', items: envEntry },
    resources: closed({
      limits: closed({
        cpu: { enum: ['1', '2', '4', '8'] },
        memory: { type: 'string', pattern: '^\\d+(Mi|Gi)$' },
      }),
    }),
    startupProbe: probe,
    livenessProbe: probe,
  },
  ['command', 'ports', 'startupProbe', 'livenessProbe'],
);
const account = {
  type: 'string',
  pattern: '^[a-z][a-z0-9-]{5,29}@[a-z0-9-]+\\.iam\\.gserviceaccount\\.com$',
};
const name = { type: 'string', pattern: '^[a-z][a-z0-9-]*$' };
const revision = { type: 'string', pattern: '^[a-z][a-z0-9-]*-(REVISION_SUFFIX|[a-z0-9-]+)$', maxLength: 63 };
const instances = { type: 'string', pattern: '^\\d+$' };
const flag = { enum: ['true', 'false'] };

const templateAnnotations = closed(
  {
    'autoscaling.knative.dev/minScale': instances,
    'autoscaling.knative.dev/maxScale': instances,
    'run.googleapis.com/execution-environment': { enum: ['gen1', 'gen2'] },
    'run.googleapis.com/startup-cpu-boost': flag,
    'run.googleapis.com/cpu-throttling': flag,
    'run.googleapis.com/vpc-access-connector': text,
    'run.googleapis.com/network-interfaces': text,
    'run.googleapis.com/vpc-access-egress': { enum: ['all-traffic', 'private-ranges-only'] },
    'run.googleapis.com/cloudsql-instances': {
      type: 'string',
      pattern: '^[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]+$',
    },
  },
  [
    'run.googleapis.com/vpc-access-connector',
    'run.googleapis.com/network-interfaces',
    'run.googleapis.com/cloudsql-instances',
  ],
);

const traffic = {
  type: 'array',
  items: closed(
    {
      revisionName: name,
      latestRevision: { const: true },
      tag: name,
      percent: { type: 'integer', minimum: 0, maximum: 100 },
    },
    ['revisionName', 'latestRevision', 'tag'],
  ),
};

export const cloudRunService = closed({
  apiVersion: { const: 'serving.knative.dev/v1' },
  kind: { const: 'Service' },
  metadata: closed({
    name,
    labels: strings,
    annotations: closed({
      'run.googleapis.com/ingress': { enum: ['all', 'internal', 'internal-and-cloud-load-balancing'] },
    }),
  }),
  spec: closed(
    {
      template: closed({
        metadata: closed({ name: revision, labels: strings, annotations: templateAnnotations }),
        spec: closed({
          serviceAccountName: account,
          containerConcurrency: { ...count, maximum: 1_000 },
          timeoutSeconds: { ...count, maximum: 3_600 },
          containers: { type: 'array', items: container, minItems: 1, maxItems: 1 },
        }),
      }),
      traffic,
    },
    ['traffic'],
  ),
});

export const cloudRunJob = closed({
  apiVersion: { const: 'run.googleapis.com/v1' },
  kind: { const: 'Job' },
  metadata: closed({ name, labels: strings }),
  spec: closed({
    template: closed({
      metadata: closed({ labels: strings, annotations: strings }),
      spec: closed({
        taskCount: count,
        template: closed({
          spec: closed({
            serviceAccountName: account,
            maxRetries: { type: 'integer', minimum: 0, maximum: 10 },
            timeoutSeconds: count,
            containers: { type: 'array', items: container, minItems: 1, maxItems: 1 },
          }),
        }),
      }),
    }),
  }),
});

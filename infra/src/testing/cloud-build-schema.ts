// The part of a Cloud Build configuration that cloudbuild.yaml uses.
const text = { type: 'string', minLength: 1 };
const texts = { type: 'array', items: text };
const closed = (properties: object, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

export const cloudBuild = closed(
  {
    substitutions: {
      type: 'object',
      propertyNames: { pattern: '^_[A-Z0-9_]+$' },
      additionalProperties: { type: 'string' },
    },
    steps: {
      type: 'array',
      minItems: 1,
      items: closed(
        { id: text, name: text, entrypoint: text, args: texts, env: texts, waitFor: texts, timeout: text },
        ['name'],
      ),
    },
    images: texts,
    serviceAccount: { type: 'string', pattern: '^projects/[^/]+/serviceAccounts/[^/]+$' },
    timeout: { type: 'string', pattern: '^\\d+s$' },
    options: closed(
      {
        logging: { enum: ['CLOUD_LOGGING_ONLY', 'GCS_ONLY', 'NONE', 'LEGACY'] },
        machineType: {
          enum: ['E2_HIGHCPU_8', 'E2_HIGHCPU_32', 'E2_MEDIUM', 'N1_HIGHCPU_8', 'N1_HIGHCPU_32'],
        },
        env: texts,
      },
      [],
    ),
  },
  ['steps'],
);

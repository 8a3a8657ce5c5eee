// The part of the Compose specification that docker-compose.yml uses.
const text = { type: 'string', minLength: 1 };
const texts = { type: 'array', items: text, minItems: 1 };
const optional = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const seconds = { type: 'string', pattern: '^\\d+(ms|s|m)$' };

const service = {
  ...optional({
    image: text,
    build: optional({ context: text, target: text, args: { type: 'object', additionalProperties: text } }, [
      'context',
    ]),
    command: { type: 'array', items: { type: 'string' }, minItems: 1 },
    environment: { type: 'object', additionalProperties: text },
    volumes: texts,
    tmpfs: texts,
    ports: { type: 'array', items: { type: 'string', pattern: '^([\\d.]+:)?\\d+:\\d+$' } },
    healthcheck: optional(
      { test: texts, interval: seconds, timeout: seconds, retries: { type: 'integer' } },
      ['test'],
    ),
    depends_on: {
      type: 'object',
      additionalProperties: optional(
        { condition: { enum: ['service_started', 'service_healthy', 'service_completed_successfully'] } },
        ['condition'],
      ),
    },
    read_only: { type: 'boolean' },
    privileged: { type: 'boolean' },
    cap_add: texts,
    cap_drop: texts,
    security_opt: texts,
    restart: { enum: ['no', 'always', 'on-failure', 'unless-stopped'] },
    stop_grace_period: seconds,
  }),
  anyOf: [{ required: ['image'] }, { required: ['build'] }],
};

export const composeFile = {
  ...optional(
    { name: text, services: { type: 'object', additionalProperties: service }, volumes: { type: 'object' } },
    ['services'],
  ),
  patternProperties: { '^x-': {} },
};

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

const text = { type: 'string', minLength: 1 };
const address = { type: 'string', pattern: '^https?://[^\\s]+$' };
const texts = { type: 'array', items: text };
const target = { type: 'object', required: ['href'], properties: { href: address, type: text } };

/** RFC 9264, section 4.2: link context objects, whose members but `anchor` are relation types with their targets. */
const linkset = {
  type: 'object',
  required: ['linkset'],
  additionalProperties: false,
  properties: {
    linkset: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['anchor'],
        properties: { anchor: address },
        additionalProperties: { type: 'array', minItems: 1, items: target },
      },
    },
  },
};

/** Agent Skills Discovery 0.2.0. */
const skillIndex = {
  type: 'object',
  required: ['$schema', 'skills'],
  properties: {
    $schema: { const: 'https://schemas.agentskills.io/discovery/0.2.0/schema.json' },
    skills: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'type', 'description', 'url', 'digest'],
        properties: {
          name: { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 64 },
          type: { enum: ['skill-md', 'archive'] },
          description: { type: 'string', minLength: 1, maxLength: 1024 },
          url: address,
          digest: { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' },
        },
      },
    },
  },
};

/** ARD 0.91, section 4.2 and Appendix C: what an entry must carry, and exactly one of `url` and `data`. */
const entryTerms = {
  type: 'object',
  required: ['identifier'],
  properties: {
    '@context': { type: ['string', 'object', 'array'] },
    identifier: { type: 'string', pattern: '^urn:air:[a-zA-Z0-9.-]+(:[a-zA-Z0-9._-]+)+$' },
    displayName: text,
    type: { type: 'string', pattern: '^[a-z]+/[a-z0-9.+-]+' },
    url: address,
    data: { type: 'object' },
    representativeQueries: { ...texts, minItems: 2, maxItems: 5 },
    capabilities: texts,
    description: { type: 'string' },
    tags: texts,
    updatedAt: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z$' },
    metadata: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
  },
};
const entry = {
  ...entryTerms,
  required: ['identifier', 'displayName', 'type', 'representativeQueries'],
  oneOf: [{ required: ['url'] }, { required: ['data'] }],
};
/** ARD 0.91, section 5.1, and the AI Catalog that came before it, which also names its version and its host. */
const ardManifest = {
  type: 'object',
  required: ['specVersion', 'host', 'entries'],
  properties: {
    specVersion: text,
    host: { type: 'object', required: ['displayName'], properties: { displayName: text, identifier: text } },
    entries: { type: 'array', minItems: 1, items: entry },
  },
};
/** ARD 0.91, section 5.3.2. */
const ardSearch = {
  type: 'object',
  required: ['results'],
  properties: {
    results: {
      type: 'array',
      items: {
        ...entryTerms,
        properties: {
          ...entryTerms.properties,
          score: { type: 'integer', minimum: 0, maximum: 100 },
          source: address,
        },
      },
    },
    referrals: { type: 'array', items: entryTerms },
    pageToken: text,
  },
};

/** SEP-2127: who the server is, and where it is reached. */
const serverCard = {
  type: 'object',
  required: ['$schema', 'name', 'version', 'description', 'remotes'],
  properties: {
    $schema: { const: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json' },
    name: { type: 'string', pattern: '^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$', minLength: 3, maxLength: 200 },
    version: text,
    title: { type: 'string', maxLength: 100 },
    description: { type: 'string', minLength: 1, maxLength: 100 },
    websiteUrl: address,
    remotes: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['type', 'url'],
        properties: { type: { enum: ['streamable-http', 'sse'] }, url: address },
      },
    },
  },
};

/** RFC 7517 with RFC 8037: public keys alone, each with an id. */
const jwks = {
  type: 'object',
  required: ['keys'],
  properties: {
    keys: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['kty', 'crv', 'x', 'kid', 'alg', 'use'],
        properties: {
          kty: { const: 'OKP' },
          crv: { const: 'Ed25519' },
          x: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
          kid: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
          alg: { const: 'EdDSA' },
          use: { const: 'sig' },
        },
        additionalProperties: false,
      },
    },
  },
};

/** A2A 1.0: the members of AgentCard, AgentInterface, AgentSkill and AgentCardSignature that it requires. */
const agentCard = {
  type: 'object',
  required: [
    'name',
    'description',
    'supportedInterfaces',
    'version',
    'capabilities',
    'defaultInputModes',
    'defaultOutputModes',
    'skills',
  ],
  additionalProperties: false,
  properties: {
    name: text,
    description: text,
    version: text,
    documentationUrl: address,
    iconUrl: address,
    provider: {
      type: 'object',
      required: ['url', 'organization'],
      properties: { url: address, organization: text },
    },
    supportedInterfaces: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['url', 'protocolBinding', 'protocolVersion'],
        properties: { url: address, protocolBinding: text, protocolVersion: text },
      },
    },
    capabilities: {
      type: 'object',
      additionalProperties: false,
      properties: {
        streaming: { type: 'boolean' },
        pushNotifications: { type: 'boolean' },
        extendedAgentCard: { type: 'boolean' },
        extensions: {
          type: 'array',
          items: { type: 'object', required: ['uri'], properties: { uri: address } },
        },
      },
    },
    defaultInputModes: { ...texts, minItems: 1 },
    defaultOutputModes: { ...texts, minItems: 1 },
    skills: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'name', 'description', 'tags'],
        properties: { id: text, name: text, description: text, tags: { ...texts, minItems: 1 } },
      },
    },
    securitySchemes: { type: 'object' },
    signatures: {
      type: 'array',
      items: {
        type: 'object',
        required: ['protected', 'signature'],
        properties: {
          protected: { type: 'string', pattern: '^[A-Za-z0-9_-]+$' },
          signature: { type: 'string', pattern: '^[A-Za-z0-9_-]+$' },
        },
      },
    },
  },
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
const compile = (schema: object): ValidateFunction => ajv.compile(schema);

/** Validators of what tells others of the registry, each by its own specification. */
export const foundSchemas = {
  linkset: compile(linkset),
  skillIndex: compile(skillIndex),
  ardManifest: compile(ardManifest),
  ardEntry: compile(entry),
  ardSearch: compile(ardSearch),
  jwks: compile(jwks),
  serverCard: compile(serverCard),
  agentCard: compile(agentCard),
};

/** What a document lacks of its schema; none when it fits. */
export function faultsOf(name: keyof typeof foundSchemas, document: unknown): unknown[] {
  const validate = foundSchemas[name];
  return validate(document) ? [] : (validate.errors ?? []);
}

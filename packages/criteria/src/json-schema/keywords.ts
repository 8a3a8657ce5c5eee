/** Keywords whose value is one schema, a list of schemas, or a map of schemas by name. */
export const singleApplicators = [
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
] as const;
export const listApplicators = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const;
export const mapApplicators = [
  '$defs',
  'definitions',
  'dependentSchemas',
  'patternProperties',
  'properties',
] as const;

/** Those that look at the same value as the schema they stand in, so that a circle of them never ends. */
export const inPlaceApplicators: readonly string[] = [
  'allOf',
  'anyOf',
  'dependentSchemas',
  'else',
  'if',
  'not',
  'oneOf',
  'then',
];

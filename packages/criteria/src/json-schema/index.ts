export { compileSchema, emptyEnumsOf, patternsOf, readSchema } from './check-document.ts';
export type { CompiledSchema } from './compile-schema.ts';
export { toRe2 } from './pattern.ts';
export { type Validation, validate } from './validate.ts';

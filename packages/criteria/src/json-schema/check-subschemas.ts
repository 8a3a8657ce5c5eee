import { isObject } from './check-values.ts';
import { descend, evaluate, type Linker, link, linkChild, linkChildren, linkDynamic } from './linker.ts';
import type { SchemaNode } from './read-schema.ts';
import { type Check, fail, spend } from './run.ts';

type Make = (linker: Linker, node: SchemaNode) => Check | null;

const checkRef: Make = (linker, node) => {
  const reference = linker.references.get(node)?.$ref;
  if (reference === undefined) return null;
  const target = link(linker, reference.target);
  return (run, value, evaluated) => evaluate(run, target, value, evaluated);
};

/** The outermost schema of the dynamic scope that has the dynamic anchor decides. */
const checkDynamicRef: Make = (linker, node) => {
  const reference = linker.references.get(node)?.$dynamicRef;
  if (reference === undefined) return null;
  const initial = link(linker, reference.target);
  if (reference.dynamicName === null)
    return (run, value, evaluated) => evaluate(run, initial, value, evaluated);
  const targets = linkDynamic(linker, reference.dynamicName);
  return (run, value, evaluated) => {
    const outermost = run.scope.find((resource) => targets.has(resource));
    spend(run, run.scope.length);
    const target = outermost === undefined ? initial : (targets.get(outermost) ?? initial);
    return evaluate(run, target, value, evaluated);
  };
};

const listOf = (linker: Linker, node: SchemaNode, keyword: string) =>
  linkChildren(linker, node, keyword).map(([, schema]) => schema);

const checkAllOf: Make = (linker, node) => {
  const schemas = listOf(linker, node, 'allOf');
  if (schemas.length === 0) return null;
  return (run, value, evaluated) => schemas.every((schema) => evaluate(run, schema, value, evaluated));
};

const checkAnyOf: Make = (linker, node) => {
  const schemas = listOf(linker, node, 'anyOf');
  if (schemas.length === 0) return null;
  return (run, value, evaluated) => {
    let matched = false;
    for (const schema of schemas) {
      if (!evaluate(run, schema, value, evaluated)) continue;
      matched = true;
      // The other schemas only matter for what they evaluate.
      if (evaluated === null) break;
    }
    return matched || fail(run, 'must match one of the schemas of anyOf');
  };
};

const checkOneOf: Make = (linker, node) => {
  const schemas = listOf(linker, node, 'oneOf');
  if (schemas.length === 0) return null;
  return (run, value, evaluated) => {
    let matches = 0;
    for (const schema of schemas) {
      if (evaluate(run, schema, value, evaluated)) matches += 1;
      if (matches > 1) return fail(run, 'must match only one of the schemas of oneOf');
    }
    return matches === 1 || fail(run, 'must match one of the schemas of oneOf');
  };
};

const checkNot: Make = (linker, node) => {
  const schema = linkChild(linker, node, 'not');
  if (schema === null) return null;
  return (run, value, evaluated) =>
    !evaluate(run, schema, value, evaluated) || fail(run, 'must not match the schema of not');
};

const checkIf: Make = (linker, node) => {
  const condition = linkChild(linker, node, 'if');
  if (condition === null) return null;
  const [yes, no] = [linkChild(linker, node, 'then'), linkChild(linker, node, 'else')];
  return (run, value, evaluated) => {
    const branch = evaluate(run, condition, value, evaluated) ? yes : no;
    return branch === null || evaluate(run, branch, value, evaluated);
  };
};

const checkDependentSchemas: Make = (linker, node) => {
  const schemas = linkChildren(linker, node, 'dependentSchemas');
  if (schemas.length === 0) return null;
  return (run, value, evaluated) => {
    if (!isObject(value)) return true;
    spend(run, schemas.length);
    return schemas.every(
      ([name, schema]) => !Object.hasOwn(value, name) || evaluate(run, schema, value, evaluated),
    );
  };
};

const checkPropertyNames: Make = (linker, node) => {
  const schema = linkChild(linker, node, 'propertyNames');
  if (schema === null) return null;
  return (run, value) => {
    if (!isObject(value)) return true;
    for (const name of Object.keys(value)) {
      if (descend(run, schema, name, name)) continue;
      run.failure = `the name ${run.failure}`;
      return false;
    }
    return true;
  };
};

/** Keywords that apply schemas to the value itself, in the order of evaluation. */
export const inPlaceChecks: readonly Make[] = [
  checkRef,
  checkDynamicRef,
  checkAllOf,
  checkAnyOf,
  checkOneOf,
  checkNot,
  checkIf,
  checkDependentSchemas,
  checkPropertyNames,
];

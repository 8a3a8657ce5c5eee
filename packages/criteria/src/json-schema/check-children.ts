import { isObject } from './check-values.ts';
import { descend, type Linker, linkChild, linkChildren } from './linker.ts';
import { compilePattern } from './pattern.ts';
import { own, type SchemaNode, type SchemaObject } from './read-schema.ts';
import { type Check, type Evaluated, fail, type Run, spend } from './run.ts';

type Make = (linker: Linker, node: SchemaNode) => Check | null;

/** `properties`, `patternProperties` and `additionalProperties`, in one pass over the members. */
const checkMembers: Make = (linker, node) => {
  const named = new Map(linkChildren(linker, node, 'properties'));
  const patterns = linkChildren(linker, node, 'patternProperties').map(
    ([pattern, schema]) => [compilePattern(pattern), schema] as const,
  );
  const additional = linkChild(linker, node, 'additionalProperties');
  if (named.size === 0 && patterns.length === 0 && additional === null) return null;
  return (run, value, evaluated) => {
    if (!isObject(value)) return true;
    for (const name of Object.keys(value)) {
      spend(run, 1);
      const schemas = patterns.filter(([matches]) => matches(run, name)).map(([, schema]) => schema);
      const byName = named.get(name);
      if (byName !== undefined) schemas.unshift(byName);
      if (schemas.length === 0 && additional !== null) schemas.push(additional);
      for (const schema of schemas) if (!descend(run, schema, value[name], name)) return false;
      if (schemas.length > 0) evaluated?.push(name);
    }
    return true;
  };
};

/** `prefixItems` and `items`, in one pass over the elements. */
const checkElements: Make = (linker, node) => {
  const prefix = linkChildren(linker, node, 'prefixItems').map(([, schema]) => schema);
  const rest = linkChild(linker, node, 'items');
  if (prefix.length === 0 && rest === null) return null;
  return (run, value, evaluated) => {
    if (!Array.isArray(value)) return true;
    for (const [index, element] of value.entries()) {
      const schema = prefix[index] ?? rest;
      if (schema === null) break;
      if (!descend(run, schema, element, index)) return false;
      if (rest === null) evaluated?.push(index);
    }
    if (rest !== null) evaluated?.push(true);
    return true;
  };
};

const checkContains: Make = (linker, node) => {
  const schema = linkChild(linker, node, 'contains');
  if (schema === null) return null;
  const least = (own(node.schema as SchemaObject, 'minContains') ?? 1) as number;
  const most = own(node.schema as SchemaObject, 'maxContains') as number | undefined;
  return (run, value, evaluated) => {
    if (!Array.isArray(value)) return true;
    let count = 0;
    for (const [index, element] of value.entries()) {
      if (!descend(run, schema, element, index)) continue;
      count += 1;
      evaluated?.push(index);
      if (most !== undefined && count > most) {
        return fail(run, `must have at most ${most} elements that match the schema of contains`);
      }
    }
    return (
      count >= least || fail(run, `must have at least ${least} elements that match the schema of contains`)
    );
  };
};

/** What this schema's other keywords have not evaluated, of those that looked at the same value. */
function isEvaluated(run: Run, evaluated: Evaluated, start: number): (key: string | number) => boolean {
  const known = new Set(evaluated?.slice(start));
  spend(run, known.size);
  return (key) => known.has(true) || known.has(key);
}

const checkUnevaluatedProperties: Make = (linker, node) => {
  const schema = linkChild(linker, node, 'unevaluatedProperties');
  if (schema === null) return null;
  return (run, value, evaluated, start) => {
    if (!isObject(value)) return true;
    const known = isEvaluated(run, evaluated, start);
    for (const name of Object.keys(value)) {
      spend(run, 1);
      if (!known(name) && !descend(run, schema, value[name], name)) return false;
    }
    evaluated?.push(true);
    return true;
  };
};

const checkUnevaluatedItems: Make = (linker, node) => {
  const schema = linkChild(linker, node, 'unevaluatedItems');
  if (schema === null) return null;
  return (run, value, evaluated, start) => {
    if (!Array.isArray(value)) return true;
    const known = isEvaluated(run, evaluated, start);
    for (const [index, element] of value.entries()) {
      spend(run, 1);
      if (!known(index) && !descend(run, schema, element, index)) return false;
    }
    evaluated?.push(true);
    return true;
  };
};

/** Keywords that apply schemas to members and elements, in the order of evaluation: the unevaluated come last. */
export const childChecks: readonly Make[] = [
  checkMembers,
  checkElements,
  checkContains,
  checkUnevaluatedProperties,
  checkUnevaluatedItems,
];

import type { Cheat } from './cheat.ts';

/** Below the depth and the number of values that a test-runner takes. */
const DEPTH = 60;
const LENGTH = 20_000;

/** Names that host languages look up on values, and to which CEL and protobuf give a meaning. As text: `__proto__` is a member. */
export const magicObject = JSON.parse(`{
  "__proto__": {"ok": true, "length": 1000000}, "constructor": {"name": "Object", "prototype": {}},
  "toString": "true", "valueOf": 1, "toJSON": true, "then": true, "length": 1000000, "size": 1000000,
  "__eq__": true, "__bool__": true, "__len__": 1000000, "__class__": "object", "__dict__": {},
  "$typeName": "google.protobuf.BoolValue", "$type": "bool", "value": true
}`) as Readonly<Record<string, unknown>>;

/** The empty value of every type of JSON, and values that are very deep, very large or have names with a meaning elsewhere. */
export const constantCheats: readonly Cheat[] = [
  { name: 'null', deliverable: null },
  { name: 'false', deliverable: false },
  { name: 'true', deliverable: true },
  { name: 'zero', deliverable: 0 },
  { name: 'one', deliverable: 1 },
  { name: 'empty_text', deliverable: '' },
  { name: 'empty_array', deliverable: [] },
  { name: 'empty_object', deliverable: {} },
  { name: 'deep_arrays', deliverable: nested((inner) => [inner]) },
  { name: 'deep_objects', deliverable: nested((inner) => ({ value: inner })) },
  { name: 'huge_text', deliverable: 'a'.repeat(LENGTH * 5) },
  { name: 'huge_array', deliverable: Array.from({ length: LENGTH }, () => 0) },
  { name: 'magic_names', deliverable: magicObject },
];

function nested(wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = wrap(null);
  for (let depth = 1; depth < DEPTH; depth += 1) value = wrap(value);
  return value;
}

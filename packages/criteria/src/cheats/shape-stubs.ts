import type { Cheat } from './cheat.ts';
import { magicObject } from './constants.ts';

type Leaf = string | number | boolean | null;

/**
 * Stubs with the shape of a deliverable and none of its work: whatever they keep of it is names of members and lengths. One
 * that kept some of its values could be the work itself.
 */
export function shapeStubs(model: unknown): Cheat[] {
  return [
    { name: 'sample_with_leaves_blanked', deliverable: mapLeaves(model, blank) },
    { name: 'sample_with_leaves_null', deliverable: mapLeaves(model, () => null) },
    { name: 'sample_with_arrays_emptied', deliverable: mapLeaves(emptied(model), blank) },
    { name: 'sample_with_leaves_filled', deliverable: mapLeaves(model, filled) },
    { name: 'sample_with_leaves_magic', deliverable: mapLeaves(model, () => magicObject) },
    { name: 'sample_without_members', deliverable: withoutMembers(model) },
  ];
}

/** Puts another value in the place of each leaf. */
export function mapLeaves(value: unknown, replace: (leaf: Leaf) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, replace));
  if (typeof value !== 'object' || value === null) return replace(value as Leaf);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapLeaves(item, replace)]));
}

function blank(leaf: Leaf): Leaf {
  if (typeof leaf === 'string') return '';
  return typeof leaf === 'number' ? 0 : leaf === null ? null : false;
}

/** Something of the same type and length. */
function filled(leaf: Leaf): Leaf {
  if (typeof leaf === 'string') return 'x'.repeat(leaf.length);
  return typeof leaf === 'number' ? 1 : leaf === null ? null : true;
}

function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, emptied(item)]));
}

function withoutMembers(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return typeof value === 'object' && value !== null ? {} : null;
}

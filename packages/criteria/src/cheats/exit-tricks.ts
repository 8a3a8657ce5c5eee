import type { Cheat } from './cheat.ts';
import { mapLeaves } from './shape-stubs.ts';

/** Code that ends with success whatever executes it: a suite that runs delivered code in its own process falls for one of them. */
const TRICKS: readonly (readonly [name: string, code: string])[] = [
  ['python_os_exit', 'import os\nos._exit(0)\n'],
  ['python_os_exit_expression', "__import__('os')._exit(0)"],
  ['python_sys_exit', 'import sys\nsys.exit(0)\n'],
  ['quit', 'quit(0)'],
  ['node_process_exit', 'process.exit(0)'],
  ['shell_exit', 'exit 0'],
  ['shell_exit_quoted', '"; exit 0; #'],
];

/** Where code is often delivered, when no sample says where. */
const USUAL_MEMBERS = [
  'code',
  'source',
  'program',
  'script',
  'solution',
  'answer',
  'output',
  'result',
  'text',
];

/** Exit tricks as the whole deliverable. */
export const exitTricks: readonly Cheat[] = TRICKS.map(([name, code]) => ({
  name: `exit_${name}`,
  deliverable: code,
}));

/** Exit tricks under every usual member at once. */
export const tricksInUsualMembers: readonly Cheat[] = TRICKS.map(([name, code]) => ({
  name: `exit_${name}_in_members`,
  deliverable: Object.fromEntries(USUAL_MEMBERS.map((member) => [member, code])),
}));

/** Exit tricks in the place of every text of a deliverable, the rest of it blanked. */
export function tricksInPlace(model: unknown): Cheat[] {
  return TRICKS.map(([name, code]) => ({
    name: `exit_${name}_in_place`,
    deliverable: mapLeaves(model, (leaf) =>
      typeof leaf === 'string' ? code : typeof leaf === 'number' ? 0 : leaf === null ? null : false,
    ),
  }));
}

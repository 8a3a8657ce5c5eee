import type { Cheat } from './cheat.ts';
import { constantCheats } from './constants.ts';
import { exitTricks, tricksInPlace, tricksInUsualMembers } from './exit-tricks.ts';
import { programCheats } from './program-cheats.ts';
import { shapeStubs } from './shape-stubs.ts';

/** Samples from which stubs are made: more of them would only make the battery slow. */
const SAMPLES_MAX = 2;
/** Bytes of JSON that one cheat may take. */
const CHEAT_BYTES_MAX = 524_288;

/**
 * The battery of standard cheats against a suite, the same for the same suite and samples. What equals a deliverable that
 * should pass is left out: to echo the work is to deliver it.
 *
 * @param criteria acceptance criteria as they were received, already checked
 * @param passing deliverables that should pass
 */
export function listCheats(criteria: unknown, passing: readonly unknown[]): Cheat[] {
  const models = passing.slice(0, SAMPLES_MAX);
  const cheats = [
    ...constantCheats,
    ...exitTricks,
    ...(models.length === 0 ? tricksInUsualMembers : []),
    { name: 'echo_of_the_criteria', deliverable: criteria },
    { name: 'text_of_the_criteria', deliverable: JSON.stringify(criteria) },
    ...models.flatMap((model, index) =>
      [...shapeStubs(model), ...tricksInPlace(model)].map((cheat) => numbered(cheat, index)),
    ),
    ...programCheats(criteria, models),
  ];
  const seen = new Set(passing.map((deliverable) => JSON.stringify(deliverable)));
  return cheats.filter(({ deliverable }) => {
    const text = JSON.stringify(deliverable);
    if (seen.has(text) || Buffer.byteLength(text) > CHEAT_BYTES_MAX) return false;
    seen.add(text);
    return true;
  });
}

function numbered({ name, deliverable }: Cheat, index: number): Cheat {
  return { name: index === 0 ? name : `${name}_${index + 1}`, deliverable };
}

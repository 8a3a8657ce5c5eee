import { cardReport, contracts, foldName } from '@agent-registry/schemas';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAgentCard } from './agent-card.ts';

/** Objects with the members of a card, whatever their values. */
const cardLike = fc.record(
  {
    name: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
    description: fc.jsonValue(),
    supportedInterfaces: fc.oneof(fc.array(fc.jsonValue()), fc.array(fc.record({ url: fc.jsonValue() }))),
    skills: fc.array(
      fc.oneof(
        fc.jsonValue(),
        fc.record({
          id: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
          name: fc.string(),
          tags: fc.jsonValue(),
        }),
      ),
    ),
    signatures: fc.jsonValue(),
    url: fc.webUrl(),
  },
  { requiredKeys: [] },
);

test('no card makes the reader throw, and every draft of it could be published as it is, with a price', () => {
  fc.assert(
    fc.property(fc.oneof(cardLike, fc.jsonValue()), (value) => {
      const read = readAgentCard(JSON.stringify(value));
      expect(cardReport.shape.flaws.safeParse(read.flaws).success).toBe(true);
      expect(read.flaws.length).toBeLessThanOrEqual(50);
      if (!read.ok) return;
      const { display_name, description, listings } = read.suggestions;
      const change = { ...(display_name !== null && { display_name }), description };
      expect(contracts.updateAgent.body.safeParse(change).error).toBeUndefined();
      for (const { skill_id, description: said } of listings) {
        const parsed = contracts.createListing.body.parse({
          skill_id,
          description: said,
          base_price: '1.00',
        });
        expect(parsed.skill_id).toBe(skill_id);
      }
      expect(new Set(listings.map(({ skill_id }) => foldName(skill_id))).size).toBe(listings.length);
      expect(JSON.stringify(read.suggestions)).not.toMatch(/\\u0000|\\ud[89a-f]/i);
    }),
  );
});

test('text that is no JSON, or no object, is refused and never thrown', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(typeof readAgentCard(text).ok).toBe('boolean');
    }),
  );
  expect(readAgentCard('{').ok).toBe(false);
  expect(readAgentCard(`\ufeff{"name":"BOM","skills":[]}`).ok).toBe(true);
});

test('of a card that has more skills than are taken the first 50 are, and that is a flaw', () => {
  const skills = Array.from({ length: 60 }, (_, index) => ({
    id: `s${index}`,
    name: 'n',
    description: 'd',
    tags: [],
  }));
  const read = readAgentCard(JSON.stringify({ name: 'Many', skills }));
  expect(read.ok && read.suggestions.listings).toHaveLength(50);
  expect(read.flaws).toContainEqual({ path: 'skills', message: 'has more than 50: the others are left out' });
});

test('a skill that is there twice in other letters is left out and named', () => {
  const skills = ['Résumé', 'RÉSUMÉ'].map((id) => ({ id, name: id, description: 'd', tags: ['t'] }));
  const read = readAgentCard(JSON.stringify({ name: 'Twice', skills }));
  expect(read.ok && read.suggestions.listings.map(({ skill_id }) => skill_id)).toEqual(['Résumé']);
  expect(read.flaws).toContainEqual({
    path: 'skills.1.id',
    message: 'names a skill that is there before: left out',
  });
});

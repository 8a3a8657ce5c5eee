import { expect, test } from '@jest/globals';
import { outcomeOf, type Reply } from './call.ts';

/** Tests that a request with each of these contents is 422, and names the field at this path. */
export function testRefusals<Sent>(
  what: string,
  send: (content: Sent) => Promise<Reply>,
  rows: readonly (readonly [path: string, content: Sent])[],
): void {
  test.each(rows.map(([path, content]) => ({ path, content })))(
    `${what} with a bad $path is 422`,
    async ({ path, content }) => {
      expect(outcomeOf(await send(content))).toBe(`422 ${path}`);
    },
  );
}

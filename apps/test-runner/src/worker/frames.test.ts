import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFrameReader, encodeFrame, FrameTooLarge } from './frames.ts';

test('frames arrive whole and in order, however the bytes were cut', () => {
  const frame = fc.record({ header: fc.jsonValue(), body: fc.uint8Array({ maxLength: 100 }) });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 5 }), fc.array(fc.nat({ max: 40 })), (frames, cuts) => {
      const bytes = Buffer.concat(
        frames.flatMap(({ header, body }) => encodeFrame(header, Buffer.from(body))),
      );
      const seen: unknown[] = [];
      const reader = createFrameReader(1_000_000, ({ header, body }) =>
        seen.push({ header, body: [...body] }),
      );
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        reader.feed(bytes.subarray(at, at + cut));
        at += cut;
      }
      const wanted = frames.map(({ header, body }) => ({ header, body: [...body] }));
      expect(JSON.stringify(seen)).toBe(JSON.stringify(wanted));
    }),
  );
});

test('a frame that announces too much is refused before its bytes come', () => {
  const reader = createFrameReader(100, () => undefined);
  const prefix = Buffer.alloc(8);
  prefix.writeUInt32BE(0xffff_ffff, 4);
  expect(() => reader.feed(prefix)).toThrow(FrameTooLarge);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Answers } from '../../../lib/src/lab/resources/answers.ts';
import { UnreliableNetwork } from '../../../lib/src/lab/resources/unreliable-network.ts';

/** An answer as a broker sends it: its size, the number of its request, its bytes. */
function answer(request: number, bytes: number): Buffer {
  const sent = Buffer.alloc(8 + bytes, 0x01);
  sent.writeInt32BE(4 + bytes, 0);
  sent.writeInt32BE(request, 4);
  return sent;
}

/** Cuts bytes into chunks of these sizes, the last one as large as what is left. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at >= bytes.length) break;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return at < bytes.length ? [...chunks, bytes.subarray(at)] : chunks;
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }));
const lengths = fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 8 });

test('the answer to a request is found where it begins, however the network cuts what a broker sends', () => {
  fc.assert(
    fc.property(lengths, fc.nat(), sizes, (all, choice, cuts) => {
      const wanted = choice % all.length;
      const bytes = Buffer.concat(all.map((length, number) => answer(number, length)));
      const start = all.slice(0, wanted).reduce((sum, length) => sum + 8 + length, 0);
      const answers = new Answers();
      let before = 0;
      for (const chunk of cut(bytes, cuts)) {
        const at = answers.find(chunk, wanted);
        before += at < 0 ? chunk.length : at;
        if (at >= 0) break;
      }
      // What comes first of its head, when that is cut, may have got through: nobody can read an answer without its end.
      expect(before).toBeGreaterThanOrEqual(start);
      expect(before).toBeLessThan(start + 8);
      if (cuts.length === 0) expect(before).toBe(start);
    }),
  );
});

test('where no answer is to be lost, none is found', () => {
  fc.assert(
    fc.property(lengths, sizes, (all, cuts) => {
      const answers = new Answers();
      const bytes = Buffer.concat(all.map((length, number) => answer(number, length)));
      for (const chunk of cut(bytes, cuts)) {
        expect(answers.find(chunk, undefined)).toBe(-1);
      }
    }),
  );
});

test('a request of which no answer can be lost is refused by its name', () => {
  const network = new UnreliableNetwork();
  expect(() => network.loseNextAnswer('Fetch' as never)).toThrow(
    /There is no request 'Fetch' whose answer could be lost[\s\S]*Produce, OffsetCommit/,
  );
});

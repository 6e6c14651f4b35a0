import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { hashOf, verify, type HashedEvent } from '../../src/event-store/event-hash.js';

const event = {
  id: '019a7c1e-0000-7000-8000-000000000001',
  stream: 'statement-019a7c1e-0000-7000-8000-000000000002',
  version: 3,
  type: 'StatementRecorded',
  schema: 1,
  data: { stance: 'hostile', about: ['COL'] },
  metadata: { by: 'desk' },
} satisfies HashedEvent;

const key = { id: '019a7c1e-0000-5000-8000-000000000003', hash: 'a'.repeat(64) };

describe('the hash of an event', () => {
  it('is SHA-256 over the RFC 8785 canonical JSON of all that was filed', () => {
    const json = fc.object({
      withDate: true,
      withNullPrototype: true,
      values: [fc.string({ unit: 'grapheme' }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)],
    });
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    process.stdout.write(`seed ${seed}\n`);
    fc.assert(
      fc.property(
        json,
        json,
        fc.string({ unit: 'grapheme' }),
        fc.option(fc.constant(key), { nil: undefined }),
        (data, more, type, ownKey) => {
          const hashed: HashedEvent = { ...event, type, data, metadata: { ...more, by: 'desk' }, ...(ownKey && { key: ownKey }) };
          expect(hashOf(hashed)).toBe(createHash('sha256').update(canonicalize(hashed)!).digest('hex'));
        },
      ),
      { seed },
    );
  });

  it('does not depend on the order of members', () => {
    expect(hashOf({ ...event, data: { about: ['COL'], stance: 'hostile' } })).toBe(hashOf(event));
  });

  it('changes with every part', () => {
    const changes: Partial<HashedEvent>[] = [
      { id: '019a7c1e-0000-7000-8000-000000000009' },
      { stream: 'statement-other' },
      { version: 4 },
      { type: 'StatementCorrected' },
      { schema: 2 },
      { data: { ...event.data, stance: 'friendly' } },
      { metadata: { by: 'another desk' } },
      { key },
      { key: { ...key, hash: 'b'.repeat(64) } },
    ];
    const hashes = new Set([event, ...changes.map((change) => ({ ...event, ...change }))].map(hashOf));
    expect(hashes.size).toBe(changes.length + 1);
  });

  it('tells a changed event from the one stored', () => {
    const stored = { ...event, position: 1n, recordedAt: new Date(0), hash: hashOf(event) };
    expect(verify(stored)).toBe(true);
    expect(verify({ ...stored, position: 2n })).toBe(true);
    expect(verify({ ...stored, version: 4 })).toBe(false);
  });

  it('refuses what JSON cannot express', () => {
    for (const value of [NaN, Infinity, '\ud800']) expect(() => hashOf({ ...event, data: { value } })).toThrow();
  });
});

import { heaviest, type MoveRow } from '../../src/read-models/ledger-rows.js';
import { seededRandom } from '../contracts/filings.js';

const DAY = 20_500;

/** Moves of few scores on few days, so that very many weigh the same. */
function someMoves(random: () => number, count: number): MoveRow[] {
  const one = (most: number): number => Math.floor(random() * most);
  return Array.from({ length: count }, (_, n) => {
    const on = DAY - one(4);
    const tenths = [50, -35, -20][one(3)]!;
    const record = `statement-${n}`;
    const known = { record, knownFrom: n, knownTo: null, filed: n, position: n };
    return { ...known, on, from: 'USA', since: on, until: null, base: one(3) === 0 ? null : on, tenths, sources: 0 };
  });
}

describe('the moves of most weight', () => {
  const random = seededRandom();

  it('are the same in whatever order the rows were read, those that weigh the same included', () => {
    for (let round = 0; round < 50; round += 1) {
      const moves = someMoves(random, 400);
      const shuffled = moves.map((move) => ({ move, by: random() })).toSorted((a, b) => a.by - b.by);
      const records = (rows: readonly MoveRow[]): string[] => rows.map(({ record }) => record);
      const found = records(heaviest(moves, DAY, 30));
      expect(found).toHaveLength(30);
      expect(
        records(
          heaviest(
            shuffled.map(({ move }) => move),
            DAY,
            30,
          ),
        ),
      ).toEqual(found);
    }
  });
});

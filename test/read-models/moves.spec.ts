import { KeptRelationship } from '../../src/read-models/kept-relationships.js';
import { MOVES, NEVER } from '../../src/read-models/kept-tables.js';
import { Moves } from '../../src/read-models/moves.js';
import { seededRandom } from '../contracts/filings.js';

const DAY = 20_500;

/** Moves of few scores on few days, so that very many weigh the same. */
function someMoves(random: () => number, count: number): unknown[][] {
  const one = (most: number): number => Math.floor(random() * most);
  return Array.from({ length: count }, (_, n) => {
    const on = DAY - one(4);
    const cells = {
      record: `statement-${n}`,
      knownFrom: n,
      knownTo: null,
      filed: n,
      position: n,
      on,
      from: 'USA',
      tenths: [50, -35, -20][one(3)]!,
      base: one(3) === 0 ? NEVER : on,
      since: on,
      until: NEVER,
      sources: ['source-1'],
    } satisfies Record<keyof typeof MOVES.columns, unknown>;
    return Object.keys(MOVES.columns).map((name) => cells[name as keyof typeof cells]);
  });
}

function keptOf(moves: readonly unknown[][]): KeptRelationship {
  const kept = new KeptRelationship();
  kept.moves.add(moves.map((cells) => MOVES.read(cells, kept)));
  return kept;
}

describe('the moves of most weight', () => {
  const random = seededRandom();

  it('are the same in whatever order the rows were read, those that weigh the same included', () => {
    for (let round = 0; round < 50; round += 1) {
      const rows = someMoves(random, 400);
      const shuffled = rows.map((cells) => ({ cells, by: random() })).toSorted((a, b) => a.by - b.by);
      const heaviest = (cells: readonly unknown[][]): string[] => {
        const moves = new Moves(keptOf(cells), 1_000n, []);
        return moves.heaviest(moves.on(DAY), DAY, 30).map(({ record }) => record);
      };
      const found = heaviest(rows);
      expect(found).toHaveLength(30);
      expect(heaviest(shuffled.map(({ cells }) => cells))).toEqual(found);
    }
  });
});

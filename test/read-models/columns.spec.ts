import { Columns } from '../../src/read-models/columns.js';
import { seededRandom } from '../contracts/filings.js';

describe('rows of numbers in columns', () => {
  const random = seededRandom();
  const one = (most: number): number => Math.floor(random() * most);
  const rowsIn = ({ length, of }: Columns<'day' | 'place' | 'position'>): number[][] =>
    Array.from({ length }, (_, n) => [of.day[n]!, of.place[n]!, of.position[n]!]);

  it('are in the order of some of their columns, however few or many are added at once', () => {
    for (let round = 0; round < 20; round += 1) {
      const columns = new Columns({ day: Int32Array, place: Int32Array, position: Float64Array }, ['day', 'position']);
      const added: number[][] = [];
      for (let n = 0; n < 10; n += 1) {
        const rows = Array.from({ length: n === 0 ? 100 : one(4) }, () => [one(10), one(3), 2 ** 40 + one(500)]);
        columns.add(rows);
        added.push(...rows);
        const days = rowsIn(columns).map(([day, , position]) => day! * 2 ** 41 + position!);
        expect(days).toEqual(days.toSorted((a, b) => a - b));
      }
      expect(rowsIn(columns).map(String).toSorted()).toEqual(added.map(String).toSorted());
    }
  });
});

import { changeOf, fadedParts } from '../../../src/domain/relationship/change.js';
import { sumsOf } from '../../../src/domain/relationship/ledger.js';
import { ENTENTE_1 } from '../../../src/domain/relationship/score-profile.js';
import type { Spanned } from '../../../src/domain/relationship/spans.js';
import type { Counted } from '../../../src/domain/relationship/tension.js';
import { addDays } from '../../../src/domain/time.js';

const FROM = '2026-01-05';
const TO = addDays(FROM, ENTENTE_1.halfLife);

/** A threat by Colombia on the first day, unless it is said otherwise. */
function row(otherwise: Partial<Spanned<Counted>> = {}): Spanned<Counted> {
  return {
    record: 'statement-1',
    position: '1',
    move: 'statement-made',
    relationship: 'COL-USA',
    version: 1,
    on: FROM,
    from: 'COL',
    to: 'USA',
    tenths: -40,
    base: FROM,
    since: FROM,
    until: null,
    ...otherwise,
  };
}

const change = (was: Spanned<Counted>[], same: Spanned<Counted>[], is: Spanned<Counted>[]) =>
  changeOf({ was: sumsOf(was), same: sumsOf(same), is: sumsOf(is) }, FROM, TO, ENTENTE_1);
const T = (points: number): number => (100 * points) / (points + ENTENTE_1.kappa);

describe('a change of the tension', () => {
  it('is all faded where nothing was filed: after a half-life half of the points are left', () => {
    const rows = [row()];
    const expected = { from: T(4), to: T(2), delta: T(2) - T(4), faded: T(2) - T(4), corrected: 0, new: 0 };
    expect(change(rows, rows, rows)).toEqual(expected);
  });

  it('is corrected by what the same records are known to be now', () => {
    const { faded, corrected, new: filed } = change([row()], [row({ tenths: -80 })], [row({ tenths: -80 })]);
    expect([faded, corrected, filed]).toEqual([T(2) - T(4), T(4) - T(2), 0]);
  });

  it('is new by what has been filed since', () => {
    const later = row({ record: 'statement-2', on: TO, base: TO, since: TO, tenths: -20 });
    const { faded, corrected, new: filed, delta } = change([row()], [row()], [row(), later]);
    expect([faded, corrected, filed]).toEqual([T(2) - T(4), 0, T(4) - T(2)]);
    expect(delta).toBeCloseTo(0, 12);
  });

  it('counts from 0 where nothing was known, and to 0 where nothing is left', () => {
    expect(change([], [], [row()])).toEqual({ from: null, to: T(2), delta: T(2), faded: 0, corrected: 0, new: T(2) });
    expect(change([row()], [], [])).toMatchObject({ to: null, delta: -T(4), corrected: -T(2) });
  });
});

describe('the moves that faded', () => {
  const parts = (...rows: Spanned<Counted>[]) => fadedParts(rows, FROM, TO, ENTENTE_1);
  const shares = (...rows: Spanned<Counted>[]) => parts(...rows).map(({ record, before, after }) => [record, before, after]);

  it('tell what each weighed and weighs, the one that changed most first', () => {
    expect(shares(row(), row({ record: 'statement-2', tenths: 80 }))).toEqual([
      ['statement-2', 8, 4],
      ['statement-1', 4, 2],
    ]);
    expect(parts(row())).toEqual([
      { record: 'statement-1', move: 'statement-made', on: FROM, from: 'COL', to: 'USA', score: -4, before: 4, after: 2 },
    ]);
  });

  it('are not those that stand on both days, nor those that are still to come', () => {
    expect(shares(row({ base: null }), row({ record: 'statement-2', since: addDays(TO, 1), base: addDays(TO, 1) }))).toEqual([]);
  });

  it('are those that happened in between: they weighed nothing on the earlier day', () => {
    expect(shares(row({ since: TO, on: TO, base: TO }))).toEqual([['statement-1', 0, 4]]);
  });

  it('are told once where a move stood on the earlier day and fades on the later', () => {
    const lifted = addDays(TO, -ENTENTE_1.halfLife / 2);
    const rows = [row({ base: null, until: lifted }), row({ base: lifted, since: lifted })];
    expect(shares(...rows)).toEqual([['statement-1', 4, 4 * 2 ** -0.5]]);
  });
});

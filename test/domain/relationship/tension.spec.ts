import type { RecordOnFile } from '../../../src/domain/record.js';
import { believe, supported } from '../../../src/domain/relationship/belief.js';
import { ENTENTE_1 } from '../../../src/domain/relationship/score-profile.js';
import { entriesOf, figuresAt, sumsOf, type Figures } from '../../../src/domain/relationship/ledger.js';
import { monthEnds, partsOf, phaseOf, rankOf, type Counted, type Part } from '../../../src/domain/relationship/tension.js';
import { addDays, type Day } from '../../../src/domain/time.js';
import { fileAll } from '../../example/articles.js';
import { COL, endAction, makeStatement, takeAction, USA } from '../samples.js';
import { Newsroom } from './newsroom.js';

const ASOF = '2026-02-04';
const { halfLife, kappa } = ENTENTE_1;

const SUMMARY = 'Colombia asks for direct talks again';

type Moved = Omit<Counted, 'tenths' | 'base'> & { score: number; standing: boolean; until: Day | null };

/** A move of a statement of Colombia on the day asked, unless it is said otherwise. */
function moved(otherwise: Partial<Moved> = {}): Moved {
  return {
    record: 'statement-1',
    position: '1',
    move: 'statement-made',
    relationship: 'COL-USA',
    version: 1,
    on: ASOF,
    from: 'COL',
    to: 'USA',
    score: -2,
    standing: false,
    until: null,
    ...otherwise,
  };
}

function tension(moves: Moved[], asOf: Day = ASOF): Figures & { parts: Part[] } {
  const entries = moves.map(({ score, standing, until, ...move }) => ({
    ...move,
    tenths: score * 10,
    base: standing ? null : (until ?? move.on),
    since: move.on,
    until: null,
  }));
  return { ...figuresAt(sumsOf(entries), asOf, ENTENTE_1), parts: partsOf(entries, asOf, () => SUMMARY, ENTENTE_1) };
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

const shareAfter = (days: number) => tension([moved()], addDays(ASOF, days)).conflict;

describe('tension', () => {
  it('is 100·C / (C + λ·P + κ): conflict and cooperation are never netted', () => {
    expect(tension([moved({ score: -6 }), moved({ score: 4 })])).toMatchObject({
      conflict: 6,
      cooperation: 4,
      value: (100 * 6) / (6 + 0.25 * 4 + 10),
    });
  });

  it('is 50 at κ points of conflict without any cooperation, and 0 without any conflict', () => {
    expect(tension([moved({ score: -kappa })]).value).toBe(50);
    expect(tension([moved({ score: 5 })]).value).toBe(0);
  });

  it('is not known, rather than 0, where no move counts', () => {
    expect(tension([])).toMatchObject({ value: null, conflict: 0, cooperation: 0, parts: [] });
  });

  it('halves what a move weighs with every half-life, by whole days', () => {
    expect([0, halfLife, 2 * halfLife, 10 * halfLife].map(shareAfter)).toEqual([2, 1, 0.5, 2 / 1024]);
    expect(shareAfter(1)).toBe(2 * 2 ** (-1 / 30));
  });

  it('counts days across a leap day and a change of clocks as any others', () => {
    expect(tension([moved({ on: '2024-02-27' })], '2024-03-28').conflict).toBe(1);
    expect(tension([moved({ on: '2026-03-10' })], '2026-04-09').conflict).toBe(1);
  });

  it('lets what stands weigh in full, however old, and fade from the day on which it stopped', () => {
    expect(tension([moved({ on: '2020-01-01', standing: true })])).toMatchObject({ conflict: 2, conflictStanding: 2, conflictRecent: 0 });
    expect(tension([moved({ on: '2020-01-01', until: ASOF })])).toMatchObject({ conflict: 2, conflictStanding: 0, conflictRecent: 2 });
    expect(tension([moved({ on: '2020-01-01', until: ASOF })], addDays(ASOF, 30)).conflict).toBe(1);
  });

  it('tells apart what stands and what is recent; standing cooperation is cooperation', () => {
    const moves = [moved({ score: -6, standing: true }), moved({ score: -3.5 }), moved({ score: 7.5, standing: true })];
    expect(tension(moves)).toMatchObject({ conflict: 9.5, conflictStanding: 6, conflictRecent: 3.5, cooperation: 7.5 });
  });

  it('names every part with its record and move, the largest share first', () => {
    const { parts } = tension([
      moved({ record: 'a', score: -2 }),
      moved({ record: 'b', score: 5, on: '2026-01-05' }),
      moved({ record: 'd', score: -2 }),
      moved({ record: 'c', score: -2, move: 'meeting-cancelled', from: null, to: null }),
    ]);
    expect(parts.map(({ record, share }) => [record, share])).toEqual([
      ['b', 2.5],
      ['a', 2],
      ['c', 2],
      ['d', 2],
    ]);
    expect(parts[0]).toEqual({
      record: 'b',
      move: 'statement-made',
      on: '2026-01-05',
      from: 'COL',
      to: 'USA',
      score: 5,
      weight: 0.5,
      share: 2.5,
      summary: SUMMARY,
    });
  });

  it('is the sum of its parts, and the same to the last bit in whichever order they were filed', () => {
    const moves = Array.from({ length: 40 }, (_, i) =>
      moved({
        record: `statement-${i}`,
        score: [-3.5, 2.5, -9.5, 1.5, -2, 4.5][i % 6]!,
        on: addDays(ASOF, -7 * (i % 11)),
        standing: i % 9 === 0,
      }),
    );
    const told = tension(moves);
    expect(told.conflict).toBeCloseTo(sum(told.parts.filter(({ score }) => score < 0).map(({ share }) => share)), 12);
    expect(told.cooperation).toBeCloseTo(sum(told.parts.filter(({ score }) => score > 0).map(({ share }) => share)), 12);
    expect(told.conflictStanding + told.conflictRecent).toBeCloseTo(told.conflict, 12);
    expect(tension(moves.toReversed())).toEqual(told);
    expect(tension([...moves.slice(17), ...moves.slice(0, 17)])).toEqual(told);
  });
});

/** A tension that grows with every month. */
const rising = (day: Day): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));

describe('the rank', () => {
  it('looks at the last 60 month-ends before the day', () => {
    expect(monthEnds('2026-03-15', 3)).toEqual(['2026-02-28', '2026-01-31', '2025-12-31']);
    expect(monthEnds('2024-03-31', 2)).toEqual(['2024-02-29', '2024-01-31']);
    const asked: Day[] = [];
    rankOf(1, '2026-02-04', '1990-01-01', (day) => asked.push(day));
    expect(asked).toEqual(monthEnds('2026-02-04', 60));
    expect(asked.at(-1)).toBe('2021-02-28');
  });

  it('is the share of them that were calmer: 0 for the calmest, 1 for the tensest', () => {
    expect(rankOf(1e6, ASOF, '2021-01-01', rising)).toBe(1);
    expect(rankOf(0, ASOF, '2021-01-01', rising)).toBe(0);
    expect(rankOf(rising('2025-07-31'), ASOF, '2021-01-01', rising)).toBe(53 / 60);
  });

  it('counts a month-end only once there was something on file', () => {
    expect(rankOf(rising('2025-07-31'), ASOF, '2024-12-31', rising)).toBe(7 / 14);
  });

  it('is not known under 12 months on file, nor without a tension', () => {
    expect(rankOf(1, ASOF, '2025-02-28', rising)).not.toBeNull();
    expect(rankOf(1, ASOF, '2025-03-01', rising)).toBeNull();
    expect(rankOf(1, ASOF, null, rising)).toBeNull();
    expect(rankOf(null, ASOF, '2021-01-01', rising)).toBeNull();
  });

  it('begins with the first move that counts', () => {
    const desk = new Newsroom();
    const heckler = { party: 'COL', kind: 'opposition' } as const;
    desk.file(makeStatement({ occurred: '2024-12-31', speechAct: 'accuse', speakers: [heckler] }));
    desk.file(makeStatement({ occurred: '2026-01-31', speechAct: 'accuse' }));
    expect(desk.state('COL-USA', ASOF).tension.rank).toBeNull();
  });

  it("belongs to the pair: another pair's year moves nothing", () => {
    const desk = new Newsroom();
    desk.file(makeStatement({ occurred: '2024-12-31', speechAct: 'accuse' }));
    desk.file(takeAction({ occurred: '2025-11-30', act: 'strike' }));
    desk.file(takeAction({ occurred: '2026-02-01', act: 'strike', actors: [USA], targets: [COL] }));
    expect(desk.state('COL-USA', ASOF).tension.rank).toBe(1);
    expect(desk.state('USA-VEN', ASOF).tension.rank).toBeNull();
  });
});

const at = (value: number | null, { cooperation = 0, before = value, quiet = false } = {}) =>
  phaseOf({ ...tension([]), value, cooperation }, before, quiet, ENTENTE_1);

describe('the phase', () => {
  it.each([
    [100, 'hostile'],
    [75, 'hostile'],
    [74.999, 'strained'],
    [50, 'strained'],
    [49.999, 'mixed'],
    [25, 'mixed'],
    [24.999, 'low'],
    [0, 'low'],
  ])('at a tension of %d is %s', (value, name) => {
    expect(at(value).name).toBe(name);
  });

  it('below the bands is cooperative from κ points of cooperation on', () => {
    expect(at(24.999, { cooperation: kappa }).name).toBe('cooperative');
    expect(at(24.999, { cooperation: kappa - 0.001 }).name).toBe('low');
    expect(at(25, { cooperation: 100 }).name).toBe('mixed');
  });

  it('is none without any move ever, and quiet where nothing is heard, whatever the number still says', () => {
    expect(at(null, { quiet: true }).name).toBe('none');
    expect(at(60, { quiet: true }).name).toBe('quiet');
  });

  it.each([
    [60, 49.999, 'rising'],
    [60, 50, 'steady'],
    [50, 60, 'steady'],
    [49.999, 60, 'easing'],
    [10.001, null, 'rising'],
    [10, null, 'steady'],
  ] as const)('at %d, from %s thirty days before, is %s', (value, before, direction) => {
    expect(at(value, { before })).toMatchObject({ direction });
  });

  it('takes its direction from the tension thirty days before', () => {
    const desk = new Newsroom();
    const deployment = desk.file(takeAction({ occurred: '2026-01-05' }));
    desk.file(endAction({ record: deployment, on: '2026-02-10' }));
    desk.file(makeStatement({ occurred: '2026-01-05', speechAct: 'accuse', speakers: [USA], addressees: [COL] }));
    const phase = (asOf: Day) => desk.state('USA-VEN', asOf).phase;
    expect(phase('2026-01-05')).toEqual({ name: 'mixed', direction: 'rising' });
    expect(phase('2026-02-04')).toEqual({ name: 'mixed', direction: 'steady' });
    expect(phase('2026-03-12')).toEqual({ name: 'low', direction: 'easing' });
  });
});

/** What the three articles come to, told a second time: record, latest day, score, and whether it stands. */
const MOVES: Record<string, [string, Day, number, 'standing'?][]> = {
  'COL-USA': [
    ['A13', '2025-10-31', -6, 'standing'],
    ['A08', '2026-01-04', -3.5],
    ['A07', '2026-01-05', -3.5],
    ['A06', '2026-01-05', -3.5],
    ['A09', '2026-01-05', -2],
    ['A10', '2026-01-05', -3.5],
    ['A11', '2026-01-05', -3.5],
    ['A12', '2026-01-05', -2],
    ['A01', '2026-01-07', 1.5],
    ['A02', '2026-01-07', 2.5],
    ['A16', '2026-01-07', 5],
    ['A19', '2026-01-07', -3.5],
    ['A20', '2026-01-07', 5],
    ['B06', '2026-02-03', -2],
    ['B01', '2026-02-03', 4],
    ['B15', '2026-02-03', 5],
    ['B21', '2026-02-03', 5],
    ['B30', '2026-02-03', 2.5],
  ],
  'USA-VEN': [
    ['C17', '2025-09-30', -9.5],
    ['C16', '2025-12-01', -9.5],
    ['C04', '2025-12-01', -6.5, 'standing'],
    ['C27', '2025-12-01', -5.5],
    ['C06', '2025-12-01', -3.5],
    ['C07', '2025-12-01', -2],
    ['C09', '2025-12-01', -3.5],
    ['C24', '2025-12-01', -1],
    ['C01', '2025-12-01', 1.5],
    ['B05', '2026-01-20', -9],
  ],
};

/** Day, C, P, T: computed once by a program of its own, which knows nothing of this one. */
const GOLDEN: Record<string, [Day, number, number, number | null][]> = {
  'COL-USA': [
    ['2025-10-15', 0, 0, null],
    ['2025-12-31', 6, 0, 37.5],
    ['2026-01-06', 26.930825045502882, 0, 72.9223487759104],
    ['2026-01-08', 29.40568244713615, 13.68023955807944, 68.66356738425249],
    ['2026-02-02', 19.135995130845593, 7.6777748578623815, 61.618820542717216],
    ['2026-02-04', 20.49711459656452, 23.454198338909446, 56.37167268003481],
    ['2026-03-05', 13.417984293704746, 12.001207118877026, 50.790517811838036],
    ['2026-05-04', 7.854496073426186, 3.0003017797192566, 42.21809712562653],
  ],
  'USA-VEN': [
    ['2025-10-15', 6.7175144212722016, 0, 40.18249514846836],
    ['2025-12-31', 20.13387440464362, 0.75, 66.40158897797252],
    ['2026-01-06', 18.368977042871116, 0.6529129224720931, 64.37980123442738],
    ['2026-01-08', 17.832993076390963, 0.6234284221070908, 63.71463265008296],
    ['2026-02-02', 19.525366296290414, 0.3498873718263028, 65.93547772921072],
    ['2026-02-04', 18.93716164587062, 0.3340870193026273, 65.25401688306303],
    ['2026-03-05', 12.863933259463815, 0.17094796660466566, 56.15802348592181],
    ['2026-05-04', 8.090983314865953, 0.0427369916511664, 44.697447275536675],
  ],
};

const DAY = 86_400_000;

/** Conflict, cooperation and tension from the list above, by the calendar of the language. */
function again(key: string, asOf: Day): { conflict: number; cooperation: number; value: number | null } {
  const happened = MOVES[key]!.filter(([, on]) => Date.parse(on) <= Date.parse(asOf));
  const points = (sign: number): number =>
    sum(
      happened.map(([, on, score, standing]) =>
        Math.sign(score) !== sign ? 0 : Math.abs(score) * (standing ? 1 : 0.5 ** ((Date.parse(asOf) - Date.parse(on)) / DAY / 30)),
      ),
    );
  const [conflict, cooperation] = [points(-1), points(1)];
  return { conflict, cooperation, value: happened.length === 0 ? null : (100 * conflict) / (conflict + cooperation / 4 + 10) };
}

describe('the golden series of the three articles', () => {
  const records = new Map<string, RecordOnFile>();
  fileAll(records);
  const surroundings = { onFile: (id: string) => records.get(id), linking: [...records.values()] };
  const beliefs = [...records.values()].map((record) => supported(believe(record, surroundings, [], ENTENTE_1), surroundings.onFile));
  const entries = beliefs.filter(({ muted }) => muted === null).flatMap((belief) => entriesOf(belief, ENTENTE_1));
  const computed = (key: string, asOf: Day) =>
    figuresAt(sumsOf(entries.filter(({ relationship }) => relationship === key)), asOf, ENTENTE_1);

  it.each(Object.keys(GOLDEN).flatMap((key) => GOLDEN[key]!.map(([asOf, ...numbers]) => [key, asOf, ...numbers] as const)))(
    'comes out for %s on %s: C %d, P %d, T %s',
    (key, asOf, conflict, cooperation, value) => {
      const told = computed(key, asOf);
      expect(Math.abs(told.conflict - conflict)).toBeLessThan(1e-9);
      expect(Math.abs(told.cooperation - cooperation)).toBeLessThan(1e-9);
      expect(told.value === null).toBe(value === null);
      expect(Math.abs((told.value ?? 0) - (value ?? 0))).toBeLessThan(1e-9);
    },
  );

  it.each(Object.keys(MOVES))('agrees with the same moves told a second time, on every day of a year: %s', (key) => {
    for (let asOf = '2025-09-01'; asOf <= '2026-09-01'; asOf = addDays(asOf, 1)) {
      const [told, expected] = [computed(key, asOf), again(key, asOf)];
      expect(told.value === null).toBe(expected.value === null);
      for (const name of ['conflict', 'cooperation', 'value'] as const)
        expect(Math.abs((told[name] ?? 0) - (expected[name] ?? 0))).toBeLessThan(1e-9);
    }
  });

  it('has nothing to tell of Colombia and Venezuela, between whom the articles tell of no move', () => {
    expect(computed('COL-VEN', ASOF)).toMatchObject({ value: null, conflict: 0, cooperation: 0 });
  });
});

import type { Dispute } from '../../../src/domain/relationship/dispute.js';
import type { Day } from '../../../src/domain/time.js';
import { COL, fileHeldMeeting, makeStatement, settleStatement, takeAction, USA, VEN, WIRE } from '../samples.js';
import { Newsroom } from './newsroom.js';

const positionsOf = (disputes: Dispute[]): string[][] => disputes.map(({ positions }) => positions.map(({ record }) => record));

/**
 * On file: an accusation by the United States, denied by Colombia on the next day; and, about a deployment against Venezuela, three
 * statements of what it is for, each against the one before.
 */
function newsroom(): Newsroom {
  const desk = new Newsroom();
  desk.file(makeStatement({ id: 'accusation', occurred: '2026-01-04', speechAct: 'accuse', speakers: [USA], addressees: [COL] }));
  desk.file(makeStatement({ id: 'denial', occurred: '2026-01-05', speechAct: 'deny', links: [{ rel: 'denies', to: 'accusation' }] }));
  desk.file(takeAction({ id: 'deployment' }));
  for (const [id, occurred, speaker, against] of [
    ['drugs', '2026-01-02', USA, undefined],
    ['regime-change', '2026-01-03', VEN, 'drugs'],
    ['oil', '2026-01-06', { party: 'VEN', kind: 'opposition' } as const, 'regime-change'],
  ] as const) {
    const links = [{ rel: 'about' as const, to: 'deployment' }, ...(against ? [{ rel: 'contradicts' as const, to: against }] : [])];
    desk.file(makeStatement({ id, occurred, speechAct: 'assert', speakers: [speaker], addressees: [], links }));
  }
  return desk;
}

const open = (desk: Newsroom, key = 'COL-USA', asOf: Day = '2026-02-01'): Dispute[] => desk.state(key, asOf).openDisputes;

describe('a dispute', () => {
  it('holds every position, in the order in which they were taken, each with who took it and who says so', () => {
    expect(open(newsroom())).toMatchObject([
      {
        about: null,
        since: { latest: '2026-01-05' },
        positions: [
          { record: 'accusation', by: [USA], on: { latest: '2026-01-04' }, citations: [{ source: WIRE, publisher: 'Example Wire' }] },
          { record: 'denial', by: [COL], summary: 'Colombia asks for direct talks again' },
        ],
      },
    ]);
  });

  it('joins whatever is joined by a chain of denials and contradictions, and names the record that they all speak about', () => {
    const disputes = open(newsroom(), 'USA-VEN');
    expect(positionsOf(disputes)).toEqual([['drugs', 'regime-change', 'oil']]);
    expect(disputes[0]).toMatchObject({ about: 'deployment', since: { latest: '2026-01-03' } });
  });

  it('is about nothing in particular where its positions speak of different records', () => {
    const desk = newsroom();
    desk.file(makeStatement({ id: 'aside', links: [{ rel: 'contradicts', to: 'oil' }] }));
    expect(open(desk, 'USA-VEN')[0]!.about).toBeNull();
  });

  it('belongs to its own relationship', () => {
    expect(positionsOf(open(newsroom()))).toEqual([['accusation', 'denial']]);
    expect(positionsOf(open(newsroom(), 'USA-VEN'))).toEqual([['drugs', 'regime-change', 'oil']]);
    expect(open(newsroom(), 'COL-VEN')).toEqual([]);
  });

  it('belongs, with all its positions, to every relationship in which one of them was taken', () => {
    const desk = newsroom();
    desk.file({ command: 'LinkRecords', record: 'denial', rel: 'contradicts', to: 'drugs' });
    const all = ['drugs', 'regime-change', 'accusation', 'denial', 'oil'];
    expect(positionsOf(open(desk))).toEqual([all]);
    expect(positionsOf(open(desk, 'USA-VEN'))).toEqual([all]);
  });

  it('is left to the others where the position that joined a relationship to it is withdrawn', () => {
    const desk = newsroom();
    desk.file({ command: 'LinkRecords', record: 'denial', rel: 'contradicts', to: 'drugs' });
    desk.file(settleStatement({ record: 'denial', outcome: 'withdrawn', on: '2026-01-20' }));
    expect(open(desk)).toEqual([]);
    expect(positionsOf(open(desk, 'USA-VEN'))).toEqual([['drugs', 'regime-change', 'oil']]);
  });

  it('waits, in every relationship, for a position taken elsewhere', () => {
    const desk = newsroom();
    desk.file({ command: 'LinkRecords', record: 'oil', rel: 'contradicts', to: 'accusation' });
    expect(positionsOf(open(desk, 'COL-USA', '2026-01-05'))).toEqual([['accusation', 'denial']]);
    expect(positionsOf(open(desk, 'COL-USA', '2026-01-06'))).toEqual([['drugs', 'regime-change', 'accusation', 'denial', 'oil']]);
  });

  it('is as old as the first contradiction that still stands', () => {
    const desk = newsroom();
    desk.file(settleStatement({ record: 'drugs', outcome: 'withdrawn', on: '2026-01-20' }));
    expect(open(desk, 'USA-VEN')).toMatchObject([
      { since: { latest: '2026-01-06' }, positions: [{ record: 'regime-change' }, { record: 'oil' }] },
    ]);
  });

  it('begins once both positions were taken', () => {
    expect(open(newsroom(), 'COL-USA', '2026-01-04')).toEqual([]);
    expect(open(newsroom(), 'COL-USA', '2026-01-05')).toHaveLength(1);
    expect(positionsOf(open(newsroom(), 'USA-VEN', '2026-01-05'))).toEqual([['drugs', 'regime-change']]);
  });

  it('ends when a speaker withdraws the position, from that day on', () => {
    const desk = newsroom();
    desk.file(settleStatement({ record: 'denial', outcome: 'withdrawn', on: '2026-01-20' }));
    expect(open(desk, 'COL-USA', '2026-01-19')).toHaveLength(1);
    expect(open(desk, 'COL-USA', '2026-01-20')).toEqual([]);
  });

  it('falls apart where the withdrawn position was what joined the others', () => {
    const desk = newsroom();
    desk.file(settleStatement({ record: 'oil', outcome: 'withdrawn', on: '2026-01-20' }));
    expect(positionsOf(open(desk, 'USA-VEN'))).toEqual([['drugs', 'regime-change']]);
    desk.file(settleStatement({ record: 'regime-change', outcome: 'withdrawn', on: '2026-01-21' }));
    expect(open(desk, 'USA-VEN')).toEqual([]);
  });

  it('closes by nothing else: neither by a meeting nor by talk of agreement', () => {
    const desk = newsroom();
    desk.file(fileHeldMeeting({ occurred: '2026-01-30', links: [{ rel: 'about', to: 'accusation' }] }));
    desk.file(makeStatement({ occurred: '2026-01-30', speechAct: 'agree', links: [{ rel: 'answers', to: 'accusation' }] }));
    expect(positionsOf(open(desk))).toEqual([['accusation', 'denial']]);
  });

  it('is between statements: to deny a deed disputes it, and takes no side of a dispute', () => {
    const desk = newsroom();
    desk.file(makeStatement({ id: 'no-such-thing', speakers: [USA], addressees: [VEN], links: [{ rel: 'denies', to: 'deployment' }] }));
    expect(positionsOf(open(desk, 'USA-VEN'))).toEqual([['drugs', 'regime-change', 'oil']]);
    expect(desk.belief('deployment').status.disputed).toBe(true);
  });

  it('is joined by nothing but denials and contradictions', () => {
    const desk = newsroom();
    desk.file(makeStatement({ id: 'reply', links: [{ rel: 'respondsTo', to: 'accusation' }] }));
    expect(positionsOf(open(desk))).toEqual([['accusation', 'denial']]);
  });
});

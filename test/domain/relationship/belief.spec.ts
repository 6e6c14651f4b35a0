import type { Actor } from '../../../src/domain/actor.js';
import { leansOn } from '../../../src/domain/relationship/belief.js';
import {
  assessStatement,
  BLOG,
  COL,
  fileHeldMeeting,
  holdMeeting,
  makeStatement,
  QAT,
  scheduleMeeting,
  takeAction,
  USA,
  VEN,
  WIRE,
} from '../samples.js';
import { Newsroom } from './newsroom.js';

const COPY = 'source-copy';
const BOTH = [{ source: WIRE }, { source: BLOG }];

/** Beside the wire and the blog a second wire, which copies the first: the two are of one group. */
function newsroom(): Newsroom {
  const desk = new Newsroom();
  for (const [id, independenceGroup] of [
    ['source-agency', 'the agency'],
    [COPY, 'the agency'],
  ] as const)
    desk.file({ command: 'RegisterSource', id, title: 'A call', independenceGroup });
  return desk;
}

const withdraw = (record: string) => ({ command: 'WithdrawSource', record, reason: 'it was made up' }) as const;
const grade = (record: string, reliability: 'B' | 'F', credibility: 2 | 5 | 6) =>
  ({ command: 'GradeSource', record, reliability, credibility, reason: 'what is known of it' }) as const;

describe('the support of a record', () => {
  /** What supports a statement that cites these sources. */
  const supportBy = (citations: { source: string; locator?: string }[], ...then: Parameters<Newsroom['file']>[0][]) => {
    const desk = newsroom();
    const id = desk.file(makeStatement({ citations }));
    for (const command of then) desk.file(command);
    return desk.belief(id).status.support;
  };

  it('is onRecord with one source, however often it is cited', () => {
    expect(supportBy([{ source: WIRE }])).toBe('onRecord');
    expect(
      supportBy([
        { source: WIRE, locator: 'paragraph 1' },
        { source: WIRE, locator: 'paragraph 5' },
      ]),
    ).toBe('onRecord');
  });

  it('is onRecord with two sources of one group, for a copy is no second witness', () => {
    expect(supportBy([{ source: 'source-agency' }, { source: COPY }])).toBe('onRecord');
  });

  it('is corroborated with two that are independent of each other', () => {
    expect(supportBy(BOTH)).toBe('corroborated');
    expect(supportBy([{ source: COPY }, { source: WIRE }])).toBe('corroborated');
  });

  it('grows with a source that is cited later, on its own or by a later step', () => {
    const desk = newsroom();
    const said = desk.file(makeStatement());
    const met = desk.file(scheduleMeeting({ id: 'meeting-1' }));
    desk.file({ command: 'CiteSource', record: said, source: BLOG });
    desk.file(holdMeeting({ citations: [{ source: BLOG }] }));
    expect([said, met].map((id) => desk.belief(id).status.support)).toEqual(['corroborated', 'corroborated']);
    expect(desk.belief(said).sources).toEqual([
      { source: WIRE, group: WIRE },
      { source: BLOG, group: BLOG },
    ]);
  });

  it('is none once every source is withdrawn, or a mere lead, or either', () => {
    expect(supportBy(BOTH, withdraw(WIRE), withdraw(BLOG))).toBe('none');
    expect(supportBy(BOTH, grade(WIRE, 'F', 6), grade(BLOG, 'F', 6))).toBe('none');
    expect(supportBy(BOTH, withdraw(WIRE), grade(BLOG, 'F', 6))).toBe('none');
  });

  it('is onRecord again where one of two is left', () => {
    expect(supportBy(BOTH, withdraw(WIRE))).toBe('onRecord');
    expect(supportBy(BOTH, grade(WIRE, 'F', 6))).toBe('onRecord');
  });

  it('is lost by F/6 alone: a doubtful source still is one, and the latest grade holds', () => {
    expect(supportBy([{ source: WIRE }], grade(WIRE, 'F', 5))).toBe('onRecord');
    expect(supportBy([{ source: WIRE }], grade(WIRE, 'B', 6))).toBe('onRecord');
    expect(supportBy([{ source: WIRE }], grade(WIRE, 'F', 6), grade(WIRE, 'B', 2))).toBe('onRecord');
    expect(supportBy([{ source: WIRE }], grade(WIRE, 'B', 2), grade(WIRE, 'F', 6))).toBe('none');
  });

  it('does not change for a record that rests on another source', () => {
    const desk = newsroom();
    const [ours, theirs] = [desk.file(makeStatement()), desk.file(takeAction({ citations: [{ source: BLOG }] }))];
    desk.file(withdraw(WIRE));
    expect([ours, theirs].map((id) => desk.belief(id).status.support)).toEqual(['none', 'onRecord']);
  });

  it('is that of a source itself while it stands', () => {
    const desk = newsroom();
    expect(desk.belief(WIRE).status.support).toBe('onRecord');
    desk.file(withdraw(WIRE));
    expect(desk.belief(WIRE).status.support).toBe('none');
  });
});

describe('a record is confirmed', () => {
  const confirming = (speakers: Actor[], rel: 'confirms' | 'about', aspect?: 'account' | 'purpose') => (record: string) =>
    makeStatement({ speechAct: 'confirm', speakers, addressees: [], links: [{ rel, to: record }], aspect });

  /** What supports a call between Colombia and the United States, and a strike on Venezuela beside it, after these statements. */
  const supportAfter = (...statements: ((record: string) => ReturnType<typeof makeStatement>)[]) => {
    const desk = newsroom();
    const call = desk.file(fileHeldMeeting());
    const strike = desk.file(takeAction({ act: 'strike' }));
    for (const statement of statements) desk.file(statement(call));
    expect(desk.belief(strike).status.support).toBe('onRecord');
    return desk.belief(call).status.support;
  };

  it('by one of its parties', () => {
    expect(supportAfter(confirming([USA], 'confirms'))).toBe('confirmed');
    expect(supportAfter(confirming([COL], 'confirms'))).toBe('confirmed');
  });

  it.each<[string, Actor]>([
    ['a third party', QAT],
    ['the opposition of one', { party: 'COL', kind: 'opposition' }],
    ['an outlet', { kind: 'outlet' }],
    ['nobody in particular', { kind: 'unnamed' }],
  ])('but not by %s', (_, speaker) => {
    expect(supportAfter(confirming([speaker], 'confirms'))).toBe('onRecord');
  });

  it('by the accounts of both sides, but not by two of the same', () => {
    expect(supportAfter(confirming([USA], 'about', 'account'), confirming([COL], 'about', 'account'))).toBe('confirmed');
    expect(supportAfter(confirming([USA, COL], 'about', 'account'))).toBe('confirmed');
    expect(supportAfter(confirming([USA], 'about', 'account'), confirming([USA], 'about', 'account'))).toBe('onRecord');
    expect(supportAfter(confirming([USA], 'about', 'account'), confirming([QAT], 'about', 'account'))).toBe('onRecord');
  });

  it('not by what both say of its purpose, or of it in passing', () => {
    expect(supportAfter(confirming([USA], 'about', 'purpose'), confirming([COL], 'about', 'purpose'))).toBe('onRecord');
    expect(supportAfter(confirming([USA], 'about'), confirming([COL], 'about'))).toBe('onRecord');
  });

  it('not by two parties that are not the two sides of one relationship', () => {
    const desk = newsroom();
    const strikes = desk.file(takeAction({ act: 'strike', actors: [USA], targets: [COL, VEN] }));
    for (const speaker of [COL, VEN]) desk.file(confirming([speaker], 'about', 'account')(strikes));
    expect(desk.belief(strikes).status.support).toBe('onRecord');
    desk.file(confirming([USA], 'about', 'account')(strikes));
    expect(desk.belief(strikes).status.support).toBe('confirmed');
  });

  it('not by the two sides of a relationship that it merely affects', () => {
    const desk = newsroom();
    const relationships = [
      { key: 'USA-VEN', role: 'primary' },
      { key: 'COL-QAT', role: 'affected' },
    ] as const;
    const strike = desk.file(takeAction({ act: 'strike', relationships: [...relationships] }));
    for (const speaker of [COL, QAT]) desk.file(confirming([speaker], 'about', 'account')(strike));
    expect(desk.belief(strike).status.support).toBe('onRecord');
  });

  it('not where no source is left that says it', () => {
    const desk = newsroom();
    const call = desk.file(fileHeldMeeting());
    desk.file(confirming([USA], 'confirms')(call));
    desk.file(withdraw(WIRE));
    expect(desk.belief(call).status.support).toBe('none');
  });
});

describe('a record is disputed', () => {
  const statuses = (rel: 'denies' | 'contradicts' | 'confirms' | 'respondsTo') => {
    const desk = newsroom();
    const claim = desk.file(makeStatement({ speechAct: 'accuse' }));
    const answer = desk.file(makeStatement({ speechAct: 'deny', speakers: [USA], addressees: [COL], links: [{ rel, to: claim }] }));
    const other = desk.file(makeStatement({ speechAct: 'accuse', speakers: [VEN], addressees: [USA] }));
    return [claim, answer, other].map((id) => desk.belief(id).status.disputed);
  };

  it('at both ends of a denial or a contradiction, and nowhere else', () => {
    expect(statuses('denies')).toEqual([true, true, false]);
    expect(statuses('contradicts')).toEqual([true, true, false]);
    expect(statuses('confirms')).toEqual([false, false, false]);
    expect(statuses('respondsTo')).toEqual([false, false, false]);
  });

  it('from the moment the link is filed, whenever that is', () => {
    const desk = newsroom();
    const [claim, answer] = [desk.file(makeStatement()), desk.file(makeStatement())];
    expect(desk.belief(claim).status.disputed).toBe(false);
    desk.file({ command: 'LinkRecords', record: answer, rel: 'contradicts', to: claim });
    expect([claim, answer].map((id) => desk.belief(id).status.disputed)).toEqual([true, true]);
    expect(desk.belief(claim).linkedFrom).toMatchObject([
      { from: answer, n: 1, rel: 'contradicts', kind: 'statement', speaksFor: ['COL'] },
    ]);
  });
});

describe('what is thought of a claim', () => {
  const thought = (...verdicts: ('unsubstantiated' | 'supported' | 'refuted' | 'questioned')[]) => {
    const desk = newsroom();
    const [claim, other] = [desk.file(makeStatement({ id: 'statement-1' })), desk.file(makeStatement())];
    for (const [i, verdict] of verdicts.entries()) desk.file(assessStatement({ verdict, reason: `reason ${i}` }));
    expect(desk.belief(other).status).toEqual({ support: 'onRecord', disputed: false, questioned: false, retracted: false });
    return desk.belief(claim).status;
  };

  it('is nothing until somebody says so', () => {
    expect(thought()).toEqual({ support: 'onRecord', disputed: false, questioned: false, retracted: false });
  });

  it('is the latest verdict, with a doubt beside it that never takes its place', () => {
    expect(thought('unsubstantiated')).toMatchObject({ questioned: false, verdict: 'unsubstantiated' });
    expect(thought('unsubstantiated', 'refuted')).toMatchObject({ questioned: false, verdict: 'refuted' });
    expect(thought('supported', 'questioned')).toMatchObject({ questioned: true, verdict: 'supported' });
    expect(thought('questioned', 'unsubstantiated')).toMatchObject({ questioned: true, verdict: 'unsubstantiated' });
    expect(thought('questioned')).toEqual({ support: 'onRecord', disputed: false, questioned: true, retracted: false });
  });

  it('never changes its support', () => {
    expect(thought('refuted').support).toBe('onRecord');
  });
});

describe('what a record leans on', () => {
  it('is every source it cites, every record it is linked to, and every record its dates are told by', () => {
    const desk = newsroom();
    const call = desk.file(fileHeldMeeting());
    const after = { relativeTo: { record: call, minDays: 1, maxDays: 30 } };
    const meeting = desk.file(scheduleMeeting({ id: 'meeting-1', links: [{ rel: 'followUpOf', to: call }] }));
    desk.file(holdMeeting({ on: after, citations: [{ source: BLOG }] }));
    expect(leansOn(desk.onFile(meeting)!)).toEqual([
      { on: WIRE, why: 'cites' },
      { on: BLOG, why: 'cites' },
      { on: call, why: 'followUpOf' },
      { on: call, why: 'date' },
    ]);
    expect(leansOn(desk.onFile(WIRE)!)).toEqual([]);
  });
});

import { fold } from '../../src/domain/fold.js';
import { lifeAt, lifeName } from '../../src/domain/life.js';
import type { DomainEvent } from '../../src/domain/record.js';
import { OUTCOMES, SPEECH_ACTS, VERDICTS, type Outcome } from '../../src/domain/statement/statement.events.js';
import {
  aSource,
  assessStatement,
  BLOG,
  CITED,
  COL,
  day,
  makeStatement,
  settleStatement,
  sourceRegistered,
  statementMade,
  statementSettled,
  USA,
  VEN,
  WIRE,
} from './samples.js';

const filed = (...events: DomainEvent[]) => aSource().and('statement-1', events);
const life = (...events: DomainEvent[]) => lifeAt(fold('statement-1', events)!);

describe('making a statement', () => {
  it('keeps who said what to whom, as an actual one between the two unless said otherwise', () => {
    aSource()
      .when(makeStatement())
      .thenStored({
        type: 'StatementMade',
        data: {
          speakers: [COL],
          addressees: [USA],
          speechAct: 'request',
          modality: 'actual',
          relationships: [{ key: 'COL-USA', role: 'primary', derived: true }],
        },
      });
  });

  it('keeps a hypothetical threat a statement with its condition, content and proviso', () => {
    const said = {
      modality: 'hypothetical',
      condition: 'an attempt to arrest him',
      content: 'an operation',
      reservation: 'with its own strategies',
      aspect: 'purpose',
      assessment: { direction: 'rising', duration: 'weeks' },
    } as const;
    aSource()
      .when(makeStatement({ speechAct: 'threaten', ...said }))
      .thenStored({ type: 'StatementMade', data: { speechAct: 'threaten', ...said } });
  });

  it('is between its speakers and the subject of the allegation', () => {
    const allegation = { subject: { ...VEN, speaksFor: false }, conduct: 'ties to trafficking' };
    aSource()
      .when(makeStatement({ speakers: [USA], addressees: undefined, speechAct: 'accuse', allegation }))
      .thenStored({ type: 'StatementMade', data: { allegation, relationships: [{ key: 'USA-VEN', role: 'primary', derived: true }] } });
  });

  it('leaves the day it is due open where none is stated, for a due day is no fact', () => {
    const { data } = aSource().when(makeStatement({ due: 'unknown' })).stored;
    expect(data).toHaveProperty('due', { earliest: null, latest: null, precision: 'unknown', basis: 'stated' });
  });

  it('needs somebody who speaks, be it "unstated"', () => {
    aSource()
      .when(makeStatement({ speakers: [] }))
      .thenRejected('field-invalid', { pointer: '/speakers', message: '{"kind": "unstated"}' });
    aSource()
      .when(
        makeStatement({ speakers: [{ kind: 'unstated' }], addressees: [USA, COL], relationships: [{ key: 'COL-USA', role: 'primary' }] }),
      )
      .thenStored({ type: 'StatementMade', data: { speakers: [{ kind: 'unstated' }] } });
  });

  const nobody = { party: 'XYZ', kind: 'government' } as const;
  it.each([
    ['/speakers/1/party', { speakers: [USA, nobody] }],
    ['/addressees/0/party', { addressees: [nobody] }],
    ['/allegation/subject/party', { allegation: { subject: nobody, conduct: 'ties to trafficking' } }],
  ])('refuses an unknown party at %s', (pointer, otherwise) => {
    aSource().when(makeStatement(otherwise)).thenRejected('party-unknown', { pointer, message: 'such as COL' });
  });

  it('names every speaker of an unknown party, not only the first', () => {
    aSource()
      .when(makeStatement({ speakers: [nobody, USA, nobody] }))
      .thenRejectedFor({ '/speakers/0/party': 'party-unknown', '/speakers/2/party': 'party-unknown' });
  });

  it('refuses a due date that cannot be read', () => {
    aSource()
      .when(makeStatement({ due: 'next week' }))
      .thenRejected('date-unreadable', { pointer: '/due', message: '2026-02-03' });
  });
});

describe('what a speech act waits for', () => {
  const open = ['request', 'demand', 'propose', 'offer', 'promise', 'threaten'];

  it.each(SPEECH_ACTS.map((act) => [act, open.includes(act) ? 'open' : 'said'] as const))('%s is %s', (speechAct, state) => {
    expect(life(statementMade({ speechAct }))).toEqual({ kind: 'statement', state });
  });
});

const rule = (state: string, outcome: Outcome): string => {
  if (state === 'settled' || state === 'withdrawn') return 'statement-already-settled';
  if (state === 'said') return outcome === 'withdrawn' ? 'settled' : 'statement-not-open';
  return outcome === 'partly' ? 'open' : 'settled';
};

describe('settling a statement', () => {
  const request = statementMade({ speechAct: 'request' });
  const states: Record<string, DomainEvent[]> = {
    said: [statementMade({ speechAct: 'praise' })],
    open: [request],
    'settled in part': [request, statementSettled('partly', '2026-01-15')],
    settled: [request, statementSettled('refused', '2026-01-15')],
    withdrawn: [statementMade({ speechAct: 'praise' }), statementSettled('withdrawn', '2026-01-15')],
  };
  const table = Object.keys(states).flatMap((state) => OUTCOMES.map((outcome) => [state, outcome, rule(state, outcome)] as const));

  it.each(table)('one that is %s, as %s: %s', (state, outcome, result) => {
    const asked = filed(...states[state]!).when(settleStatement({ outcome }));
    if (result === 'statement-not-open' || result === 'statement-already-settled') {
      asked.thenRejected(result, { pointer: '/outcome' });
      return;
    }
    asked.thenStored({ type: 'StatementSettled', data: { outcome, on: { latest: '2026-02-03' } } });
    expect(life(...states[state]!, asked.stored)).toEqual({ kind: 'statement', state: result, outcome });
  });

  it('says what can be settled, and how the other ones can', () => {
    filed(...states['said']!)
      .when(settleStatement())
      .thenRejected('statement-not-open', { message: 'only as "withdrawn"' });
  });

  it('keeps by whom it was settled', () => {
    filed(request)
      .when(settleStatement({ by: [USA] }))
      .thenStored({ type: 'StatementSettled', data: { by: [USA] } });
    filed(request)
      .when(settleStatement({ by: [{ party: 'XYZ', kind: 'government' }] }))
      .thenRejected('party-unknown', { pointer: '/by/0/party' });
  });

  it('lets nobody but its speaker withdraw it', () => {
    filed(request)
      .when(settleStatement({ outcome: 'withdrawn', by: [{ party: 'COL', kind: 'person', role: 'President' }] }))
      .thenStored({ type: 'StatementSettled' });
    filed(request)
      .when(settleStatement({ outcome: 'withdrawn', by: [USA] }))
      .thenRejected('statement-not-open', { pointer: '/by', message: 'leave "by" out' });
  });

  it('knows a speaker without a party by name', () => {
    const experts = { kind: 'group', name: 'Analysts' } as const;
    const said = filed(statementMade({ speechAct: 'assess', speakers: [experts] }));
    said.when(settleStatement({ outcome: 'withdrawn', by: [experts] })).thenStored({ type: 'StatementSettled' });
    said.when(settleStatement({ outcome: 'withdrawn', by: [{ kind: 'group', name: 'Others' }] })).thenRejected('statement-not-open');
  });

  it('needs a day and a source, both named at once', () => {
    filed(request)
      .when(settleStatement({ on: undefined, citations: undefined }))
      .thenRejectedFor({ '/citations': 'citation-missing', '/on': 'date-unreadable' });
  });

  it('is no error when asked twice', () => {
    filed(request, statementSettled('granted', '2026-02-03')).when(settleStatement()).thenNothing(2);
  });

  it('is another settlement on another day, which the rules of its life decide', () => {
    filed(request, statementSettled('granted', '2026-02-03'))
      .when(settleStatement({ on: '2026-02-04' }))
      .thenRejected('statement-already-settled');
  });

  it('knows again what was settled in part, also when another part was settled since', () => {
    filed(request, statementSettled('partly', '2026-01-15'), statementSettled('partly', '2026-01-20'))
      .when(settleStatement({ outcome: 'partly', on: '2026-01-15' }))
      .thenNothing(2);
  });

  it('is so from the day of its settlement on', () => {
    const settled = fold('statement-1', [request, statementSettled('granted', '2026-02-03')])!;
    expect(['2026-01-07', '2026-02-02', '2026-02-03'].map((asOf) => lifeName(settled, asOf))).toEqual(['open', 'open', 'settled']);
  });
});

const assessed = (verdict: (typeof VERDICTS)[number], reason = 'no evidence was presented'): DomainEvent => ({
  type: 'StatementAssessed',
  data: { verdict, by: [{ kind: 'outlet' }], reason },
});

describe('assessing a claim', () => {
  const claim = statementMade({ speechAct: 'allege' });
  it.each(VERDICTS)('keeps that it is %s, by whom and why', (verdict) => {
    filed(claim)
      .when(assessStatement({ verdict }))
      .thenStored({ type: 'StatementAssessed', data: { verdict, by: [{ kind: 'outlet' }], reason: 'no evidence was presented' } });
  });

  it.each([undefined, []])('is by the newsroom itself where nobody else is named (%j)', (by) => {
    filed(claim)
      .when(assessStatement({ by }))
      .thenStored({ type: 'StatementAssessed', data: { by: [{ kind: 'newsroom' }] } });
  });

  it('may cite who says so', () => {
    filed(claim)
      .when(assessStatement({ citations: CITED }))
      .thenStored({ type: 'StatementAssessed', data: { citations: CITED } });
    filed(claim)
      .when(assessStatement({ citations: [{ source: BLOG }] }))
      .thenRejected('source-unknown', { pointer: '/citations/0/source' });
  });

  it.each([undefined, '', '  '])('needs a reason (not %j), and names all that is wrong', (reason) => {
    filed(claim)
      .when(assessStatement({ reason, by: [{ party: 'XYZ', kind: 'government' }] }))
      .thenRejectedFor({ '/by/0/party': 'party-unknown', '/reason': 'reason-missing' });
  });

  it('changes nothing in the life of the statement', () => {
    expect(life(statementMade(), assessed('refuted'))).toEqual({ kind: 'statement', state: 'open' });
  });

  it('stores nothing when it says again what stands', () => {
    filed(claim, assessed('unsubstantiated')).when(assessStatement()).thenNothing(2);
  });

  it('lets a doubt stand beside a verdict: neither takes the place of the other', () => {
    const both = filed(claim, assessed('unsubstantiated'), assessed('questioned'));
    both.when(assessStatement()).thenNothing(2);
    both.when(assessStatement({ verdict: 'questioned' })).thenNothing(3);
  });

  it('takes up an earlier verdict again after another one', () => {
    filed(claim, assessed('unsubstantiated'), assessed('supported')).when(assessStatement()).thenStored({ type: 'StatementAssessed' });
  });

  it('is another assessment for another reason', () => {
    filed(claim, assessed('unsubstantiated', 'nobody was named')).when(assessStatement()).thenStored({ type: 'StatementAssessed' });
  });
});

describe('when a statement was made', () => {
  it('is, where no latest day is stated, the day on which the earliest of its sources was published', () => {
    aSource()
      .and(BLOG, [sourceRegistered({ publishedAt: '2026-01-20' })])
      .when(makeStatement({ occurred: 'unknown', citations: [{ source: BLOG }, { source: WIRE }] }))
      .thenStored({ type: 'StatementMade', data: { occurred: { earliest: null, latest: '2026-01-08', latestBasis: 'published' } } });
  });

  it('is as stated where a day is', () => {
    aSource()
      .when(makeStatement({ occurred: '2026-01-07' }))
      .thenStored({ type: 'StatementMade', data: { occurred: day('2026-01-07') } });
  });
});

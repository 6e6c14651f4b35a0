import { fold } from '../../src/domain/fold.js';
import { citationsOf, type DomainEvent } from '../../src/domain/record.js';
import type { AnswerQuery, CiteSource, LinkRecords, RaiseQuery } from '../../src/domain/record.decide.js';
import { RELS } from '../../src/domain/link.js';
import type { RejectionCode } from '../../src/domain/rejection.js';
import {
  actionTaken,
  aSource,
  BLOG,
  CITED,
  contactHeld,
  makeStatement,
  meetingHeld,
  meetingScheduled,
  sanctionImposed,
  sourceRegistered,
  sourceWithdrawn,
  statementMade,
  statementSettled,
  WIRE,
} from './samples.js';

function citeSource(otherwise: Partial<CiteSource> = {}): CiteSource {
  return { command: 'CiteSource', record: 'statement-1', source: BLOG, ...otherwise };
}

function linkRecords(otherwise: Partial<LinkRecords> = {}): LinkRecords {
  return { command: 'LinkRecords', record: 'statement-1', rel: 'denies', to: 'statement-2', ...otherwise };
}

function raiseQuery(otherwise: Partial<RaiseQuery> = {}): RaiseQuery {
  return { command: 'RaiseQuery', record: 'statement-1', question: 'who are "those two men"?', ...otherwise };
}

function answerQuery(otherwise: Partial<AnswerQuery> = {}): AnswerQuery {
  return { command: 'AnswerQuery', record: 'statement-1', n: 1, answer: 'nobody named before', ...otherwise };
}

const linked = (to: string, rel: (typeof RELS)[number] = 'denies'): DomainEvent => ({ type: 'RecordsLinked', data: { rel, to } });
const cited = (source: string, locator?: string): DomainEvent => ({ type: 'SourceCited', data: { source, locator } });
const raised = (question = 'who are "those two men"?'): DomainEvent => ({ type: 'QueryRaised', data: { question } });
const answered = (n: number, answer: string): DomainEvent => ({ type: 'QueryAnswered', data: { n, answer } });

/** Two statements and two sources on file; the first statement with these later events. */
const filed = (...events: DomainEvent[]) =>
  aSource()
    .and(BLOG, [sourceRegistered({ title: 'A blog' })])
    .and('statement-1', [statementMade(), ...events])
    .and('statement-2', [statementMade()]);

describe('citing one more source', () => {
  it('keeps where in it, to whom it attributes the fact, how it puts it and why it was cited', () => {
    const citation = {
      source: BLOG,
      locator: 'headline',
      attribution: 'according to the US Treasury',
      anonymity: 'unnamed-group',
      statedAs: 'other words for the same',
    } as const;
    filed()
      .when(citeSource({ ...citation, reason: 'a second wording' }))
      .thenStored({ type: 'SourceCited', data: { ...citation, reason: 'a second wording' } });
  });

  it('makes it a source of the record, beside those of its first event and of its steps', () => {
    const record = fold('meeting-1', [meetingScheduled(), meetingHeld('2026-02-03'), cited(BLOG, 'paragraph 1')])!;
    expect(citationsOf(record)).toEqual([...CITED, ...CITED, { source: BLOG, locator: 'paragraph 1' }]);
  });

  it.each<[string, DomainEvent]>([
    ['statement', statementMade()],
    ['sanction', sanctionImposed()],
    ['meeting', contactHeld()],
    ['action', actionTaken()],
  ])('can be done to a %s', (kind, first) => {
    filed()
      .and(`${kind}-1`, [first])
      .when(citeSource({ record: `${kind}-1` }))
      .thenStored({ type: 'SourceCited', data: { source: BLOG } });
  });

  it.each<[RejectionCode, string, string | RegExp, Partial<CiteSource>]>([
    ['source-unknown', '/source', 'POST /sources', { source: 'source-lost' }],
    ['source-unknown', '/source', 'POST /sources', { source: 'statement-2' }],
    ['citation-missing', '/source', '{"source": "source-…"}', { source: undefined }],
    ['field-invalid', '/record', 'cite it from a statement', { record: WIRE }],
  ])('is refused with %s at %s', (code, pointer, message, otherwise) => {
    filed().when(citeSource(otherwise)).thenRejected(code, { pointer, message });
  });

  it('is refused when the source was withdrawn', () => {
    filed()
      .and(BLOG, [sourceRegistered(), sourceWithdrawn()])
      .when(citeSource())
      .thenRejected('source-withdrawn', { pointer: '/source', message: 'cite a source that still stands' });
  });

  it.each<[string, number, DomainEvent[], Partial<CiteSource>]>([
    ['in a citation of its own', 3, [raised(), cited(BLOG), linked('statement-2')], {}],
    ['in its first event', 1, [raised()], { source: WIRE }],
    ['in a step', 2, [statementSettled('granted', '2026-02-03', [{ source: BLOG }]), raised()], {}],
    ['with another attribution', 2, [cited(BLOG)], { attribution: 'according to nobody' }],
  ])('stores nothing when the same place is cited %s already', (_, version, events, otherwise) => {
    filed(...events)
      .when(citeSource(otherwise))
      .thenNothing(version);
  });

  it('stores nothing when asked twice, even if the source was withdrawn since', () => {
    filed(cited(BLOG)).and(BLOG, [sourceRegistered(), sourceWithdrawn()]).when(citeSource()).thenNothing(2);
  });

  it('is news from another place in the same source', () => {
    filed(cited(BLOG))
      .when(citeSource({ locator: 'paragraph 3' }))
      .thenStored({ type: 'SourceCited', data: { locator: 'paragraph 3' } });
  });
});

describe('linking records', () => {
  it.each(RELS)('keeps that one %s the other', (rel) => {
    filed()
      .when(linkRecords({ rel }))
      .thenStored({ type: 'RecordsLinked', data: { rel, to: 'statement-2' } });
  });

  it('keeps how far, how surely, and a note; and why and by which sources the newsroom thinks so', () => {
    const link = {
      rel: 'answers',
      degree: 'partly',
      certainty: 'likely',
      note: 'an editor’s reading',
      reason: 'same topic',
      citations: CITED,
    } as const;
    filed()
      .when(linkRecords({ ...link, citations: CITED }))
      .thenStored({ type: 'RecordsLinked', data: { ...link, to: 'statement-2' } });
  });

  it('is refused where nothing is on file under that id', () => {
    filed()
      .when(linkRecords({ to: 'statement-3' }))
      .thenRejected('link-target-unknown', { pointer: '/to', message: 'such as statement-' });
  });

  it('is refused to itself', () => {
    filed()
      .when(linkRecords({ to: 'statement-1' }))
      .thenRejected('link-circular', { pointer: '/to', message: 'link it to another record' });
  });

  it('is refused straight back, whatever the two links say', () => {
    filed()
      .and('statement-2', [statementMade(), linked('statement-1', 'about')])
      .when(linkRecords({ rel: 'confirms' }))
      .thenRejected('link-circular', { pointer: '/to', message: 'keep the one link' });
    filed()
      .and('statement-2', [statementMade({ links: [{ rel: 'about', to: 'statement-1' }] })])
      .when(linkRecords())
      .thenRejected('link-circular');
  });

  it('may close a longer circle: links never recurse', () => {
    filed()
      .and('statement-2', [statementMade(), linked('statement-3')])
      .and('statement-3', [statementMade(), linked('statement-1')])
      .when(linkRecords())
      .thenStored({ type: 'RecordsLinked' });
  });

  it('names a bad target and a bad source at once', () => {
    filed()
      .when(linkRecords({ to: 'statement-3', citations: [{ source: 'source-lost' }] }))
      .thenRejectedFor({ '/to': 'link-target-unknown', '/citations/0/source': 'source-unknown' });
  });

  it('stores nothing when the same link is on file, later or from the first event, whatever its degree', () => {
    filed(raised(), linked('statement-2'))
      .when(linkRecords({ degree: 'partly' }))
      .thenNothing(3);
    filed()
      .and('statement-1', [statementMade({ links: [{ rel: 'denies', to: 'statement-2' }] }), raised()])
      .when(linkRecords())
      .thenNothing(1);
  });

  it('may join the same two by another relation', () => {
    filed(linked('statement-2'))
      .when(linkRecords({ rel: 'respondsTo' }))
      .thenStored({ type: 'RecordsLinked', data: { rel: 'respondsTo' } });
  });
});

describe('links filed with a record', () => {
  it('are refused by the same rules, each at its place', () => {
    filed()
      .when(
        makeStatement({
          id: 'statement-mine',
          links: [
            { rel: 'about', to: 'statement-2' },
            { rel: 'about', to: 'statement-lost' },
            { rel: 'about', to: 'statement-mine' },
          ],
        }),
      )
      .thenRejectedFor({ '/links/1/to': 'link-target-unknown', '/links/2/to': 'link-circular' });
  });

  it('may name a record of the same article that is defined only later', () => {
    filed()
      .whileFiling('meeting-later')
      .when(makeStatement({ links: [{ rel: 'about', to: 'meeting-later' }] }))
      .thenStored({ type: 'StatementMade', data: { links: [{ rel: 'about', to: 'meeting-later' }] } });
  });
});

describe('raising a query', () => {
  it('keeps the question, why it is asked and what it goes by', () => {
    filed()
      .when(raiseQuery({ reason: 'nobody was named before', citations: CITED }))
      .thenStored({
        type: 'QueryRaised',
        data: { question: 'who are "those two men"?', reason: 'nobody was named before', citations: CITED },
      });
  });

  it('can be done to anything on file, a source included', () => {
    filed()
      .when(raiseQuery({ record: WIRE }))
      .thenStored({ type: 'QueryRaised' });
  });

  it('stores nothing while the same question is open', () => {
    filed(raised('whose legality?'), raised()).when(raiseQuery()).thenNothing(3);
  });

  it('may be asked again after an answer', () => {
    filed(raised(), answered(1, 'nobody named before')).when(raiseQuery()).thenStored({ type: 'QueryRaised' });
  });

  it('is refused with a source that is not on file', () => {
    filed()
      .when(raiseQuery({ citations: [{ source: 'source-lost' }] }))
      .thenRejected('source-unknown', { pointer: '/citations/0/source' });
  });
});

describe('answering a query', () => {
  it('keeps which one, and the answer', () => {
    filed(raised('whose legality?'), raised())
      .when(answerQuery({ n: 2, citations: CITED }))
      .thenStored({ type: 'QueryAnswered', data: { n: 2, answer: 'nobody named before', citations: CITED } });
  });

  it('is refused where there is no such query', () => {
    filed(raised())
      .when(answerQuery({ n: 2 }))
      .thenRejected('step-unknown', { pointer: '/n', message: /has no query 2; .*for example .records.statement-1.queries.1.answer/ });
  });

  it('stores nothing when the same answer stands, and takes a better one', () => {
    const asked = filed(raised(), raised('whose legality?'), answered(1, 'nobody named before'));
    asked.when(answerQuery()).thenNothing(4);
    asked.when(answerQuery({ answer: 'two fishermen' })).thenStored({ type: 'QueryAnswered', data: { n: 1, answer: 'two fishermen' } });
  });

  it('takes up an earlier answer again after another one', () => {
    filed(raised(), answered(1, 'nobody named before'), answered(1, 'two fishermen'))
      .when(answerQuery())
      .thenStored({ type: 'QueryAnswered' });
  });
});

import { fold } from '../../src/domain/fold.js';
import { lifeAt, lifeName } from '../../src/domain/life.js';
import type { DomainEvent } from '../../src/domain/record.js';
import type { GradeSource, RegisterSource, WithdrawSource } from '../../src/domain/source/source.decide.js';
import { isLeadOnly } from '../../src/domain/source/source.events.js';
import { given } from '../support/given.js';
import { aSource, BLOG, CITED, makeStatement, settleStatement, sourceRegistered, sourceWithdrawn, statementMade, WIRE } from './samples.js';

function registerSource(otherwise: Partial<RegisterSource> = {}): RegisterSource {
  return { command: 'RegisterSource', publisher: 'Example Wire', title: 'A call', publishedAt: '2026-01-08', ...otherwise };
}

function gradeSource(otherwise: Partial<GradeSource> = {}): GradeSource {
  return { command: 'GradeSource', record: BLOG, reliability: 'B', credibility: 2, reason: 'a long record', ...otherwise };
}

function withdrawSource(otherwise: Partial<WithdrawSource> = {}): WithdrawSource {
  return { command: 'WithdrawSource', record: BLOG, reason: 'it was made up', ...otherwise };
}

const filed = (...events: DomainEvent[]) => aSource().and(BLOG, [sourceRegistered({ title: 'A blog' }), ...events]);
const graded = (reliability: 'B' | 'F', credibility: 2 | 6, reason = 'a long record'): DomainEvent => ({
  type: 'SourceGraded',
  data: { reliability, credibility, reason },
});

describe('registering a source', () => {
  it('keeps its own fields, and nothing that was not given', () => {
    const fields = {
      publisher: 'Example Wire',
      title: 'A call',
      url: 'https://wire.example/1',
      publishedAt: '2026-01-08T21:30:00-05:00',
      retrievedAt: '2026-01-09',
      language: 'en',
      independenceGroup: 'wire',
      topics: ['drug-trafficking'],
      note: 'no byline',
    };
    const { data } = given.nothing().when({ command: 'RegisterSource', id: 'source-mine', ...fields }).stored;
    expect(data).toEqual(fields);
    expect(given.nothing().when(registerSource({ topics: [] })).stored.data).toEqual({
      publisher: 'Example Wire',
      title: 'A call',
      publishedAt: '2026-01-08',
    });
  });

  it.each([{ publisher: 'Example Wire' }, { title: 'A call' }, { url: 'https://wire.example/1' }])('is known by any of %j', (known) => {
    given
      .nothing()
      .when({ command: 'RegisterSource', ...known })
      .thenStored({ type: 'SourceRegistered', data: known });
  });

  it('is refused where nobody could tell which it is', () => {
    given
      .nothing()
      .when({ command: 'RegisterSource', publishedAt: '2026-01-08' })
      .thenRejected('field-invalid', { pointer: '/title', message: '{"title": "…", "publishedAt": "2026-01-08"}' });
  });

  it.each(['2026-01-08', '2026-01-08T09:00:00Z', '2026-01-08T09:00:00.5+01:00'])('takes a day or an instant: %s', (publishedAt) => {
    given.nothing().when(registerSource({ publishedAt })).thenStored({ type: 'SourceRegistered', data: { publishedAt } });
  });

  it.each(['2026-13-40', 'next week', '2026-01', '2026-01-08T25:00:00Z', '2026-01-08T09:00', '2026-02-30T09:00:00Z', ''])(
    'refuses %j, which is neither, wherever it stands',
    (moment) => {
      given
        .nothing()
        .when(registerSource({ publishedAt: moment, retrievedAt: moment }))
        .thenRejectedFor({ '/publishedAt': 'date-unreadable', '/retrievedAt': 'date-unreadable' });
    },
  );

  it('shows how to write a day or an instant', () => {
    given
      .nothing()
      .when(registerSource({ publishedAt: 'yesterday' }))
      .thenRejected('date-unreadable', { message: '2026-02-03T09:00:00Z' });
  });

  it('counts as published on the day that is printed, wherever it is read', () => {
    given(WIRE, [sourceRegistered({ publishedAt: '2026-01-08T21:30:00-05:00' })])
      .when(makeStatement({ occurred: 'unknown' }))
      .thenStored({ type: 'StatementMade', data: { occurred: { latest: '2026-01-08', latestBasis: 'published' } } });
  });
});

describe('grading a source', () => {
  it('keeps reliability, credibility and why', () => {
    filed()
      .when(gradeSource())
      .thenStored({ type: 'SourceGraded', data: { reliability: 'B', credibility: 2, reason: 'a long record' } });
  });

  it.each([undefined, '', ' \t'])('needs a reason (not %j)', (reason) => {
    filed().when(gradeSource({ reason })).thenRejected('reason-missing', { pointer: '/reason', message: '"no evidence was presented"' });
  });

  it('may cite who says so', () => {
    filed()
      .when(gradeSource({ citations: CITED }))
      .thenStored({ type: 'SourceGraded', data: { citations: CITED } });
  });

  it('stores nothing when it says again what stands, and takes up an earlier grade after another one', () => {
    filed(graded('B', 2)).when(gradeSource()).thenNothing(2);
    filed(graded('B', 2), graded('F', 6)).when(gradeSource()).thenStored({ type: 'SourceGraded' });
  });

  it('may be graded again for another reason', () => {
    filed(graded('B', 2, 'hearsay'))
      .when(gradeSource())
      .thenStored({ type: 'SourceGraded' });
  });

  it.each([
    ['F', 6, true],
    ['F', 5, false],
    ['E', 6, false],
  ] as const)('%s/%d is an imported lead: %s', (reliability, credibility, lead) => {
    expect(isLeadOnly({ reliability, credibility })).toBe(lead);
  });
});

describe('withdrawing a source', () => {
  it('keeps why', () => {
    filed()
      .when(withdrawSource())
      .thenStored({ type: 'SourceWithdrawn', data: { reason: 'it was made up' } });
  });

  it('needs a reason, also the second time', () => {
    for (const source of [filed(), filed(sourceWithdrawn())])
      source.when(withdrawSource({ reason: undefined })).thenRejected('reason-missing', { pointer: '/reason' });
  });

  it('stores nothing the second time, whatever the reason', () => {
    filed(sourceWithdrawn(), graded('F', 6))
      .when(withdrawSource({ reason: 'another one' }))
      .thenNothing(2);
  });

  it('ends its use: it can no longer be cited', () => {
    filed(sourceWithdrawn('it was made up'))
      .when(makeStatement({ citations: [...CITED, { source: BLOG }] }))
      .thenRejected('source-withdrawn', { pointer: '/citations/1/source', message: 'it was made up; cite a source that still stands' });
  });

  it('leaves what cited it before on file: its story goes on with other sources', () => {
    filed(sourceWithdrawn())
      .and('statement-1', [statementMade({ citations: [{ source: BLOG }] })])
      .when(settleStatement({ citations: CITED }))
      .thenStored({ type: 'StatementSettled' });
  });
});

describe('the life of a source', () => {
  it('is registered until it is withdrawn, and has no story in the world', () => {
    const registered = fold(BLOG, [sourceRegistered(), graded('F', 6)])!;
    const withdrawn = fold(BLOG, [sourceRegistered(), sourceWithdrawn()])!;
    expect([registered, withdrawn].map((source) => lifeName(source, '2020-01-01'))).toEqual(['registered', 'withdrawn']);
    expect(lifeAt(withdrawn)).toEqual({ kind: 'source' });
  });
});

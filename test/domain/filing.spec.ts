import type { FiledInput, WorldStepInput } from '../../src/domain/filing.js';
import type { DomainEvent, FiledFields } from '../../src/domain/record.js';
import type { RejectionCode } from '../../src/domain/rejection.js';
import type { OccurredInput } from '../../src/domain/time.js';
import { given } from '../support/given.js';
import {
  actionTaken,
  amendSanction,
  aSource,
  BLOG,
  cancelMeeting,
  CITED,
  contactHeld,
  day,
  endAction,
  fileHeldMeeting,
  holdMeeting,
  imposeSanction,
  liftSanction,
  makeStatement,
  meetingHeld,
  meetingScheduled,
  rescheduleMeeting,
  sanctionImposed,
  scheduleMeeting,
  settleStatement,
  sourceRegistered,
  sourceWithdrawn,
  statementMade,
  statementSettled,
  takeAction,
  WIRE,
} from './samples.js';

const filings = [
  ['a statement', makeStatement],
  ['a sanction', imposeSanction],
  ['a scheduled meeting', scheduleMeeting],
  ['a contact that nobody announced', fileHeldMeeting],
  ['an action', takeAction],
] as const;

/** The date of a statement as stored. */
function filedOn(occurred: OccurredInput, desk = aSource()): FiledFields['occurred'] {
  const filed = desk.when(makeStatement({ occurred })).stored;
  if (filed.type !== 'StatementMade') throw new TypeError(`not a statement but ${filed.type}`);
  return filed.data.occurred;
}

describe.each(filings)('what %s holds', (_, file) => {
  it('is every common field as given', () => {
    const common: Omit<FiledFields, 'occurred' | 'relationships'> = {
      summary: 'In our own words',
      place: { statedAs: 'the White House', party: 'USA' },
      channel: 'social:truthsocial',
      quotes: [{ text: 'terrific', language: 'en', translated: false, indirect: true, variantOf: 'very good' }],
      topics: ['drug-trafficking'],
      citations: [{ source: WIRE, locator: 'paragraph 4', attribution: 'according to', anonymity: 'named', statedAs: 'other words' }],
      quantities: [
        { measure: 'killed', min: 83, wording: 'at least 83', scope: { text: 'unclear', ambiguous: true }, countedBy: 'not stated' },
      ],
      mentions: [{ text: 'Gaza' }, { text: 'Caracas', party: 'VEN' }],
      links: [{ rel: 'context', to: 'statement-1', degree: 'partly', certainty: 'likely', note: 'as the editor sees it' }],
      note: 'said twice in the article',
    };
    const { data } = aSource().and('statement-1', [statementMade()]).when(file(common)).stored;
    expect(data).toMatchObject(common);
  });

  it('is nothing that was not given, an empty optional list being the same as none', () => {
    const { data } = aSource().when(
      file({ id: 'mine', quotes: [], topics: [], quantities: [], mentions: [], links: [], relationships: [] }),
    ).stored;
    for (const name of ['id', 'command', 'place', 'channel', 'quotes', 'topics', 'quantities', 'mentions', 'links', 'note'])
      expect(data).not.toHaveProperty(name);
    expect(Object.values(data)).not.toContain(undefined);
  });

  it.each<[RejectionCode, string, string, FiledInput]>([
    ['summary-missing', '/summary', '"The two presidents spoke by phone"', { summary: undefined }],
    ['summary-missing', '/summary', 'in one sentence', { summary: ' ' }],
    ['date-unreadable', '/occurred', '"2026-02-03"', { occurred: undefined }],
    ['date-unreadable', '/occurred', '2025-10', { occurred: '2026-13-40' }],
    ['date-unreadable', '/occurred', '2025-10', { occurred: 'next week' }],
    ['window-reversed', '/occurred', '2026-01/2026-03', { occurred: '2026-03/2026-01' }],
    ['window-reversed', '/occurred/latest', '"latest": "2026-02-03"', { occurred: { earliest: '2026-02-03', latest: '2026-01-08' } }],
    ['citation-missing', '/citations', '{"source": "source-…", "locator": "paragraph 2"}', { citations: undefined }],
    ['citation-missing', '/citations', '"source-…"', { citations: [] }],
    ['citation-missing', '/citations/0/source', '{"source": "source-…"}', { citations: [{ locator: 'paragraph 4' }] }],
    ['source-unknown', '/citations/1/source', 'POST /sources', { citations: [...CITED, { source: 'source-lost' }] }],
    ['source-unknown', '/citations/0/source', 'POST /sources', { citations: [{ source: 'statement-1' }] }],
    ['source-withdrawn', '/citations/0/source', 'still stands', { citations: [{ source: BLOG }] }],
    ['party-unknown', '/place/party', 'such as COL', { place: { statedAs: 'nowhere', party: 'XYZ' } }],
    ['party-unknown', '/mentions/1/party', 'such as COL', { mentions: [{ text: 'Gaza' }, { text: 'nowhere', party: 'XYZ' }] }],
    ['field-invalid', '/quantities/0/min', '{"min": 83}', { quantities: [{ measure: 'killed', min: 83, max: 2, wording: 'two to 83' }] }],
    ['link-target-unknown', '/links/0/to', 'such as statement-', { links: [{ rel: 'about', to: 'statement-lost' }] }],
    ['link-circular', '/links/0/to', 'another record', { id: 'mine', links: [{ rel: 'about', to: 'mine' }] }],
    [
      'field-invalid',
      '/links/1',
      'each link once',
      {
        links: [
          { rel: 'about', to: 'statement-1' },
          { rel: 'about', to: 'statement-1', note: 'again' },
        ],
      },
    ],
    ['party-unknown', '/relationships/0/key', 'such as COL', { relationships: [{ key: 'USA-XYZ', role: 'primary' }] }],
    ['field-invalid', '/relationships/0/key', 'COL-USA', { relationships: [{ key: 'USA', role: 'primary' }] }],
  ])('is refused with %s at %s', (code, pointer, message, otherwise) => {
    aSource()
      .and(BLOG, [sourceRegistered(), sourceWithdrawn()])
      .and('statement-1', [statementMade()])
      .when(file(otherwise))
      .thenRejected(code, { pointer, message });
  });
});

describe('what is filed', () => {
  it('is refused with everything that is wrong named at once, but not what only follows from it', () => {
    const nobody = { party: 'XYZ', kind: 'government' } as const;
    given
      .nothing()
      .when({
        command: 'MakeStatement',
        speechAct: 'accuse',
        speakers: [nobody],
        due: 'soon',
        allegation: { subject: nobody, conduct: 'ties to trafficking' },
        occurred: '2026-13-40',
        citations: [{ source: 'source-lost' }, {}],
        place: { statedAs: 'nowhere', party: 'XYZ' },
        quantities: [{ measure: 'killed', min: 2, max: 1, wording: 'one or two' }],
        links: [
          { rel: 'about', to: 'statement-lost' },
          { rel: 'denies', to: 'statement-new' },
        ],
      })
      .thenRejectedFor({
        '/speakers/0/party': 'party-unknown',
        '/due': 'date-unreadable',
        '/allegation/subject/party': 'party-unknown',
        '/summary': 'summary-missing',
        '/citations/0/source': 'source-unknown',
        '/citations/1/source': 'citation-missing',
        '/occurred': 'date-unreadable',
        '/quantities/0/min': 'field-invalid',
        '/place/party': 'party-unknown',
        '/links/0/to': 'link-target-unknown',
        '/links/1/to': 'link-circular',
      });
  });

  it('may say that its day is unknown', () => {
    expect(filedOn('unknown')).toMatchObject({ earliest: null, precision: 'unknown' });
  });

  it('may be exact or open in its quantities', () => {
    for (const counted of [{ min: 83 }, { max: 3 }, { min: 2, max: 2 }, {}])
      aSource()
        .when(makeStatement({ quantities: [{ measure: 'killed', wording: 'so many', ...counted }] }))
        .thenStored({ type: 'StatementMade' });
  });
});

describe('the latest day of a fact', () => {
  it.each<[OccurredInput, string | null, string]>([
    ['2026-02-03', '2026-02-03', '2026-02-03'],
    ['2025-10', '2025-10-01', '2025-10-31'],
    ['2026-01-01/2026-01-05', '2026-01-01', '2026-01-05'],
    ['[2026-01-01..2026-01-05]', '2026-01-01', '2026-01-05'],
    ['../2025-12-01', null, '2025-12-01'],
    [{ statedAs: 'on Wednesday', latest: '2026-01-07', basis: 'editor-inferred' }, null, '2026-01-07'],
  ])('of %j is the stated one', (occurred, earliest, latest) => {
    expect(filedOn(occurred)).toMatchObject({ earliest, latest, latestBasis: 'stated' });
  });

  it.each<[OccurredInput]>([['unknown'], ['2025-12-01/..'], [{ statedAs: 'recently' }], ['XXXX-10']])(
    'of %j is the day on which the earliest-published source came out',
    (occurred) => {
      const desk = aSource().and(BLOG, [sourceRegistered({ publishedAt: '2026-01-20' })]);
      const citations = [{ source: BLOG }, { source: WIRE }];
      desk.when(makeStatement({ occurred, citations })).thenStored({
        type: 'StatementMade',
        data: { occurred: { latest: '2026-01-08', latestBasis: 'published' } },
      });
    },
  );

  it('is the day of filing where no source says when it came out', () => {
    const desk = given(WIRE, [sourceRegistered({ publishedAt: undefined })]).onDay('2026-02-10');
    expect(filedOn('unknown', desk)).toMatchObject({ latest: '2026-02-10', latestBasis: 'recorded' });
  });

  it('is never before its earliest', () => {
    expect(filedOn('2026-01-20/..')).toMatchObject({ earliest: '2026-01-20', latest: '2026-01-20', latestBasis: 'published' });
  });

  it('is filled in for a step too, from the sources of the step', () => {
    given(WIRE, [sourceRegistered({ publishedAt: '2026-02-04' })])
      .and('meeting-1', [meetingScheduled()])
      .when(holdMeeting({ on: 'unknown' }))
      .thenStored({ type: 'MeetingHeld', data: { on: { earliest: null, latest: '2026-02-04', latestBasis: 'published' } } });
  });
});

const leaning = (relativeTo: { record?: string; step?: number; minDays?: number; maxDays?: number }): OccurredInput => ({
  relativeTo: { record: 'statement-1', ...relativeTo },
});

describe('a date that leans on another record', () => {
  const desk = aSource().and('statement-1', [statementMade({ occurred: day('2026-01-05') }), statementSettled('granted', '2026-02-03')]);
  it.each<[string, Parameters<typeof leaning>[0], object]>([
    ['a day earlier', { minDays: -1, maxDays: -1 }, { earliest: '2026-01-04', latest: '2026-01-04', latestBasis: 'stated' }],
    ['within a week', { minDays: 0, maxDays: 7 }, { earliest: '2026-01-05', latest: '2026-01-12', latestBasis: 'stated' }],
    ['after', { minDays: 0 }, { earliest: '2026-01-05', latest: '2026-01-08', latestBasis: 'published' }],
    ['before', { maxDays: 0 }, { earliest: null, latest: '2026-01-05', latestBasis: 'stated' }],
    ['a day after its second event', { step: 2, minDays: 1, maxDays: 1 }, { earliest: '2026-02-04', latest: '2026-02-04' }],
    ['with its first event', { step: 1, minDays: 0, maxDays: 0 }, { earliest: '2026-01-05', latest: '2026-01-05' }],
  ])('lies between its bounds: %s', (_, relativeTo, bounds) => {
    expect(filedOn(leaning(relativeTo), desk)).toMatchObject(bounds);
  });

  it.each<[RejectionCode, string, OccurredInput]>([
    ['link-target-unknown', '/occurred/relativeTo/record', leaning({ record: 'statement-lost', minDays: 0 })],
    ['link-target-unknown', '/occurred/relativeTo/record', leaning({ record: WIRE, minDays: 0 })],
    ['step-unknown', '/occurred/relativeTo/step', leaning({ step: 3, minDays: 0 })],
    ['date-circular', '/occurred/relativeTo/record', leaning({ record: 'statement-new', minDays: 0 })],
    ['window-reversed', '/occurred', { latest: '2026-01-01', relativeTo: { record: 'statement-1', minDays: 0 } }],
  ])('is refused with %s at %s', (code, pointer, occurred) => {
    desk.when(makeStatement({ occurred })).thenRejected(code, { pointer });
  });

  it('may follow 50 links from one record to the next, and no more', () => {
    const day1 = day('2026-01-01');
    const next = (n: number): DomainEvent => {
      const own = { earliest: null, latest: null };
      return statementMade({
        occurred: { ...day1, edtf: undefined, relativeTo: { record: `statement-${n - 1}`, minDays: 0, maxDays: 0 }, own },
      });
    };
    let chain = aSource().and('statement-0', [statementMade({ occurred: day1 })]);
    for (let n = 1; n <= 50; n += 1) chain = chain.and(`statement-${n}`, [next(n)]);
    const onTo = (n: number) => chain.when(makeStatement({ occurred: leaning({ record: `statement-${n}`, minDays: 0, maxDays: 0 }) }));
    expect(onTo(49).isStored).toBe(true);
    onTo(50).thenRejected('field-invalid', {
      pointer: '/occurred/relativeTo/record',
      message: /statement-0 over 51 links; .*at most 50.*for example "2026-02-03"/,
    });
    chain
      .when(makeStatement({ due: leaning({ record: 'statement-50', minDays: 0 }) }))
      .thenRejected('field-invalid', { pointer: '/due/relativeTo/record' });
  });

  it('is no step where the newsroom only asked something', () => {
    desk
      .and('statement-1', [statementMade(), { type: 'QueryRaised', data: { question: 'when?' } }])
      .when(makeStatement({ occurred: leaning({ step: 2, minDays: 0 }) }))
      .thenRejected('step-unknown', { message: 'no step 2 in the world' });
  });

  it('is refused in a circle of entries of one article', () => {
    desk
      .whileFiling('meeting-later')
      .when(makeStatement({ occurred: leaning({ record: 'meeting-later', minDays: 0 }) }))
      .thenRejected('date-circular', { pointer: '/occurred/relativeTo/record', message: 'a day of its own' });
  });

  it('is read at each field that holds a date', () => {
    const lost = leaning({ record: 'statement-lost', minDays: 0 });
    desk.when(makeStatement({ due: lost })).thenRejected('link-target-unknown', { pointer: '/due/relativeTo/record' });
    desk.when(scheduleMeeting({ window: lost })).thenRejected('link-target-unknown', { pointer: '/window/relativeTo/record' });
    desk
      .when(imposeSanction({ effectiveOn: lost, expiresOn: lost }))
      .thenRejectedFor({ '/effectiveOn/relativeTo/record': 'link-target-unknown', '/expiresOn/relativeTo/record': 'link-target-unknown' });
    desk.when(settleStatement({ on: lost })).thenRejected('link-target-unknown', { pointer: '/on/relativeTo/record' });
  });
});

describe('asking twice for a step', () => {
  const steps: [string, DomainEvent, (otherwise?: WorldStepInput) => Parameters<ReturnType<typeof given>['when']>[0]][] = [
    ['statement-1', statementMade(), settleStatement],
    ['sanction-1', sanctionImposed(), liftSanction],
    ['sanction-1', sanctionImposed(), (otherwise) => amendSanction({ addMeasures: ['travel-ban'], ...otherwise })],
    ['meeting-1', meetingScheduled(), rescheduleMeeting],
    ['meeting-1', meetingScheduled(), cancelMeeting],
    ['meeting-1', meetingScheduled(), holdMeeting],
    ['action-1', actionTaken(), endAction],
  ];

  it.each(steps)('of %s stores nothing and answers with its version', (id, first, command) => {
    const desk = aSource().and(id, [first]);
    const step = desk.when(command()).stored;
    desk.and(id, [first, step]).when(command()).thenNothing(2);
    desk
      .and(id, [first, step, { type: 'QueryRaised', data: { question: 'who says so?' } }])
      .when(command())
      .thenNothing(2);
  });

  it.each(steps)('of %s on another day does not depend on what was filled in on the first', (id, first, command) => {
    const undated = given(WIRE, [sourceRegistered({ publishedAt: undefined })]);
    const step = undated
      .onDay('2027-02-05')
      .and(id, [first])
      .when(command({ on: 'unknown' })).stored;
    undated
      .onDay('2027-03-05')
      .and(id, [first, step])
      .when(command({ on: 'unknown' }))
      .thenNothing(2);
  });

  it.each(steps)('of %s with another summary, reason, day or source is not the same', (id, first, command) => {
    const desk = aSource().and(BLOG, [sourceRegistered()]);
    const step = desk.and(id, [first]).when(command()).stored;
    const others: WorldStepInput[] = [{ summary: 'otherwise' }, { reason: 'why' }, { on: '2026-06-01' }, { citations: [{ source: BLOG }] }];
    for (const other of others) desk.and(id, [first, step]).when(command(other)).thenDecided();
  });

  it('knows a date that leans on another record again, also when that one has been re-dated', () => {
    const command = holdMeeting({ on: { relativeTo: { record: 'meeting-call', minDays: 27, maxDays: 27 } } });
    const desk = aSource().and('meeting-1', [meetingScheduled()]);
    const step = desk.and('meeting-call', [contactHeld({ occurred: day('2026-01-07') })]).when(command).stored;
    desk
      .and('meeting-1', [meetingScheduled(), step])
      .and('meeting-call', [contactHeld({ occurred: day('2026-01-08') })])
      .when(command)
      .thenNothing(2);
  });

  it('is not confused by a holding that began the record', () => {
    aSource()
      .and('meeting-1', [contactHeld()])
      .when(holdMeeting({ on: '2026-01-07' }))
      .thenRejected('meeting-already-held');
    aSource()
      .and('meeting-1', [meetingScheduled(), meetingHeld('2026-02-03')])
      .when(holdMeeting())
      .thenNothing(2);
  });
});

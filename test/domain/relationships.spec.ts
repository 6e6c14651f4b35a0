import { ACTOR_KINDS, partiesSpoken, type Actor } from '../../src/domain/actor.js';
import { belongingsOf, primaryParties, type Belonging, type RelationshipRole } from '../../src/domain/record.js';
import { fold } from '../../src/domain/fold.js';
import type { BelongingInput } from '../../src/domain/relationships.js';
import {
  aSource,
  COL,
  contactHeld,
  day,
  fileHeldMeeting,
  imposeSanction,
  makeStatement,
  QAT,
  scheduleMeeting,
  sourceRegistered,
  statementMade,
  takeAction,
  USA,
  VEN,
  WIRE,
} from './samples.js';

type Filing = Parameters<ReturnType<typeof aSource>['when']>[0];

const NOBODY: Actor = { kind: 'unstated' };
const derived = (key: string, role: RelationshipRole = 'primary'): Belonging => ({ key, role, derived: true });
const linkTo = (...ids: string[]) => ids.map((to) => ({ rel: 'about' as const, to }));

/** On file: a call between COL and USA that affects QAT-USA, and a statement between USA and VEN. */
const newsroom = aSource()
  .and('meeting-call', [contactHeld({ relationships: [derived('COL-USA'), derived('QAT-USA', 'affected')] })])
  .and('statement-threat', [
    statementMade({
      relationships: [
        { key: 'USA-VEN', role: 'primary' },
        { key: 'COL-VEN', role: 'topic' },
      ],
    }),
  ]);

function belongings(command: Filing): readonly Belonging[] {
  return belongingsOf(fold('record-1', [newsroom.when(command).stored])!);
}

describe('the relationships of a new record, where none is given', () => {
  it.each<[string, Filing, string[]]>([
    [
      'speakers × addressees',
      makeStatement({ speakers: [COL, VEN], addressees: [USA, QAT] }),
      ['COL-USA', 'COL-QAT', 'USA-VEN', 'QAT-VEN'],
    ],
    [
      'speakers × the subject of the allegation',
      makeStatement({ speakers: [USA], addressees: [], allegation: { subject: VEN, conduct: 'ties to trafficking' } }),
      ['USA-VEN'],
    ],
    [
      'speakers × addressees and the subject, each pair once',
      makeStatement({ speakers: [USA], addressees: [COL, COL], allegation: { subject: VEN, conduct: 'ties to trafficking' } }),
      ['COL-USA', 'USA-VEN'],
    ],
    [
      'several speakers without another side: with each other',
      makeStatement({ speakers: [USA, COL, USA], addressees: undefined }),
      ['COL-USA'],
    ],
    ['nobody with themselves', makeStatement({ speakers: [COL, USA], addressees: [USA] }), ['COL-USA']],
    [
      'authority × targets',
      imposeSanction({
        targets: [
          { party: 'COL', descriptor: 'his wife', kind: 'person' },
          { party: 'VEN', descriptor: 'a cartel', kind: 'group' },
          { descriptor: 'a vessel', kind: 'vessel' },
        ],
      }),
      ['COL-USA', 'USA-VEN'],
    ],
    ['the two parties of a scheduled meeting', scheduleMeeting({ participants: [USA, USA, COL] }), ['COL-USA']],
    ['the two parties of a held one', fileHeldMeeting({ participants: [VEN, USA] }), ['USA-VEN']],
    ['actors × targets', takeAction({ actors: [USA, COL], targets: [VEN] }), ['USA-VEN', 'COL-VEN']],
    [
      'several actors without another side: with each other',
      takeAction({ actors: [USA, COL, VEN], targets: [] }),
      ['COL-USA', 'USA-VEN', 'COL-VEN'],
    ],
    [
      'the primary ones of what it is linked to',
      makeStatement({ speakers: [NOBODY], addressees: [], links: linkTo('meeting-call') }),
      ['COL-USA'],
    ],
    [
      'of all that it is linked to, each once',
      takeAction({
        actors: [USA],
        targets: [],
        links: [...linkTo('meeting-call', 'statement-threat'), { rel: 'context', to: 'meeting-call' }],
      }),
      ['COL-USA', 'USA-VEN'],
    ],
    ['its own sides before those of what it is linked to', makeStatement({ links: linkTo('statement-threat') }), ['COL-USA']],
    [
      'of a meeting with one party, what it is linked to',
      fileHeldMeeting({ participants: [USA], links: linkTo('statement-threat') }),
      ['USA-VEN'],
    ],
  ])('are %s', (_, command, keys) => {
    expect(belongings(command)).toEqual(keys.map((key) => derived(key)));
  });

  it('are the same whoever speaks for a party, for a relationship is between parties, not voices', () => {
    for (const kind of ACTOR_KINDS) expect(belongings(makeStatement({ speakers: [{ party: 'COL', kind }] }))).toEqual([derived('COL-USA')]);
  });

  it.each<[string, Filing]>([
    ['one side only', makeStatement({ addressees: [] })],
    ['nobody of a party', makeStatement({ speakers: [NOBODY], addressees: [{ kind: 'group', name: 'supporters' }] })],
    ['a party and itself', makeStatement({ addressees: [COL] })],
    ['an authority and targets of no party', imposeSanction({ targets: [{ descriptor: 'a vessel', kind: 'vessel' }] })],
    ['one party at a meeting', scheduleMeeting({ participants: [USA, { kind: 'unnamed' }] })],
    ['a link to something without relationships', makeStatement({ addressees: [], links: linkTo(WIRE) })],
    [
      'a mention',
      makeStatement({ addressees: [], mentions: [{ text: 'Washington', party: 'USA' }], place: { statedAs: 'Doha', party: 'QAT' } }),
    ],
  ])('are unclear from %s', (_, command) => {
    newsroom
      .when(command)
      .thenRejected('relationship-unclear', { pointer: '/relationships', message: '[{"key": "COL-USA", "role": "primary"}]' });
  });

  it('are unclear from a record of the same article that is itself being decided', () => {
    newsroom
      .whileFiling('meeting-later')
      .when(makeStatement({ addressees: [], links: linkTo('meeting-later') }))
      .thenRejected('relationship-unclear');
  });
});

const primary = (key: string): BelongingInput => ({ key, role: 'primary' });

describe('the relationships that an editor gives', () => {
  it('are taken as they are, in one spelling, and nothing is derived beside a primary one', () => {
    expect(belongings(makeStatement({ relationships: [primary('VEN-USA'), { key: 'COL-VEN', role: 'topic' }] }))).toEqual([
      { key: 'USA-VEN', role: 'primary' },
      { key: 'COL-VEN', role: 'topic' },
    ]);
  });

  it('are joined by derived primary ones where they are topic or affected only', () => {
    expect(belongings(makeStatement({ relationships: [{ key: 'USA-VEN', role: 'topic' }] }))).toEqual([
      { key: 'USA-VEN', role: 'topic' },
      derived('COL-USA'),
    ]);
  });

  it.each(['affected', 'topic'] as const)('are never derived as primary once given as %s', (role) => {
    expect(belongings(makeStatement({ relationships: [{ key: 'USA-COL', role }] }))).toEqual([{ key: 'COL-USA', role }]);
    expect(
      belongings(
        makeStatement({ speakers: [NOBODY], addressees: [], links: linkTo('meeting-call'), relationships: [{ key: 'COL-USA', role }] }),
      ),
    ).toEqual([{ key: 'COL-USA', role }]);
  });

  it.each(['affected', 'topic'] as const)('are enough as %s where none can be derived', (role) => {
    expect(belongings(makeStatement({ addressees: [], relationships: [{ key: 'COL-USA', role }] }))).toEqual([{ key: 'COL-USA', role }]);
  });

  it.each(['primary', 'topic'] as const)('name each relationship once, not again as %s', (role) => {
    newsroom
      .when(makeStatement({ relationships: [primary('COL-USA'), { key: 'USA-COL', role }] }))
      .thenRejected('field-invalid', { pointer: '/relationships/1/key', message: 'COL-USA is named twice' });
  });

  it('are refused one by one where they cannot be read', () => {
    newsroom.when(makeStatement({ relationships: [primary('COL-XYZ'), primary('COL-COL'), primary('COL')] })).thenRejectedFor({
      '/relationships/0/key': 'party-unknown',
      '/relationships/1/key': 'field-invalid',
      '/relationships/2/key': 'field-invalid',
    });
  });
});

describe('the relationships of a meeting of many', () => {
  const three = [USA, COL, VEN];

  it.each([undefined, []])('must be named where more than two parties meet (%j)', (relationships) => {
    newsroom
      .when(scheduleMeeting({ participants: three, relationships }))
      .thenRejected('relationship-unclear', { message: '3 parties meet (USA, COL, VEN)' });
    newsroom.when(fileHeldMeeting({ participants: three, relationships })).thenRejected('relationship-unclear');
  });

  it('are those that are named', () => {
    const named: BelongingInput[] = [
      { key: 'COL-USA', role: 'primary' },
      { key: 'USA-VEN', role: 'affected' },
    ];
    expect(belongings(scheduleMeeting({ participants: three, relationships: named }))).toEqual(named);
  });

  it.each(['mediator', 'observer'] as const)('do not count a %s as a side, but affect what it has with each side', (part) => {
    expect(belongings(fileHeldMeeting({ participants: [USA, { ...COL, part: 'side' }, { ...QAT, part }] }))).toEqual([
      derived('COL-USA'),
      derived('QAT-USA', 'affected'),
      derived('COL-QAT', 'affected'),
    ]);
  });

  it('do not make a party a mediator that is a side as well', () => {
    expect(belongings(fileHeldMeeting({ participants: [USA, COL, { party: 'COL', kind: 'person', part: 'observer' }] }))).toEqual([
      derived('COL-USA'),
    ]);
  });

  it('keep the mediator beside relationships that were given, unless given otherwise', () => {
    const participants = [USA, COL, { ...QAT, part: 'mediator' as const }];
    expect(belongings(fileHeldMeeting({ participants, relationships: [{ key: 'COL-USA', role: 'primary' }] }))).toEqual([
      { key: 'COL-USA', role: 'primary' },
      derived('QAT-USA', 'affected'),
      derived('COL-QAT', 'affected'),
    ]);
    expect(belongings(fileHeldMeeting({ participants, relationships: [{ key: 'QAT-USA', role: 'topic' }] }))).toEqual([
      { key: 'QAT-USA', role: 'topic' },
      derived('COL-USA'),
      derived('COL-QAT', 'affected'),
    ]);
  });

  it('may be affected ones alone, where the other side is not named', () => {
    expect(belongings(fileHeldMeeting({ participants: [USA, { ...QAT, part: 'mediator' }] }))).toEqual([derived('QAT-USA', 'affected')]);
  });

  it('are never both primary and affected', () => {
    const desk = newsroom.and('meeting-doha', [contactHeld({ relationships: [derived('QAT-USA')] })]);
    desk
      .when(fileHeldMeeting({ participants: [USA, { ...QAT, part: 'mediator' }], links: linkTo('meeting-doha') }))
      .thenStored({ type: 'MeetingHeld', data: { relationships: [derived('QAT-USA')] } });
  });
});

describe('who speaks for a party', () => {
  const speaks = ['person', 'government', 'institution', 'military'];

  it.each(ACTOR_KINDS.map((kind) => [kind, speaks.includes(kind)] as const))('%s: %s, unless said otherwise', (kind, does) => {
    expect(partiesSpoken([{ party: 'COL', kind }])).toEqual(does ? ['COL'] : []);
    expect(partiesSpoken([{ party: 'COL', kind, speaksFor: !does }])).toEqual(does ? [] : ['COL']);
  });

  it('is nobody without a party', () => {
    expect(partiesSpoken([{ kind: 'government', speaksFor: true }])).toEqual([]);
  });
});

describe('what a record belongs to', () => {
  it('is nothing for a source', () => {
    expect(belongingsOf(fold(WIRE, [sourceRegistered()])!)).toEqual([]);
  });

  it('names the parties of its primary relationships, each once', () => {
    const record = fold('statement-1', [
      statementMade({
        occurred: day('2026-01-07'),
        relationships: [derived('COL-USA'), derived('USA-VEN'), derived('QAT-USA', 'affected')],
      }),
    ])!;
    expect(primaryParties(record)).toEqual(['COL', 'USA', 'VEN']);
  });
});

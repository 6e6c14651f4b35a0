import { ACTOR_KINDS, type Actor } from '../../../src/domain/actor.js';
import type { Command, FilingCommand } from '../../../src/domain/decider.js';
import type { Rel } from '../../../src/domain/link.js';
import type { Belonging } from '../../../src/domain/record.js';
import { hasScores } from '../../../src/domain/relationship/moves.js';
import { ENTENTE_1 } from '../../../src/domain/relationship/score-profile.js';
import type { RegisterSource } from '../../../src/domain/source/source.decide.js';
import type { Day } from '../../../src/domain/time.js';
import {
  amendSanction,
  assessStatement,
  BLOG,
  cancelMeeting,
  COL,
  endAction,
  fileHeldMeeting,
  holdMeeting,
  imposeSanction,
  liftSanction,
  makeStatement,
  QAT,
  rescheduleMeeting,
  scheduleMeeting,
  settleStatement,
  takeAction,
  USA,
  VEN,
  WIRE,
} from '../samples.js';
import { inWords, Newsroom } from './newsroom.js';

const primary = (...keys: string[]): Belonging[] => keys.map((key) => ({ key, role: 'primary' }));
const NOBODY_SPEAKS = 'nobody acts who speaks for one of the two parties';
const NOT_BOTH = 'not both sides are represented';

/** The moves that these commands make, by a day or of all time, in words; relationship by relationship where there are several. */
function movesOf(commands: Command[], asOf?: Day): string[] {
  const desk = new Newsroom();
  const id = commands.map((command) => desk.file(command))[0]!;
  return desk.moves(id, asOf).map(inWords);
}

const moveOf = (command: Command): string[] => movesOf([command]);

describe('what is said', () => {
  it('moves from the party of the speaker to the other one, whichever comes first in the alphabet', () => {
    expect(moveOf(makeStatement({ speechAct: 'accuse' }))).toEqual(['2026-01-07 statement-made -3.5 COL→USA']);
    expect(moveOf(makeStatement({ speechAct: 'praise', speakers: [USA], addressees: [COL] }))).toEqual([
      '2026-01-07 statement-made 5 USA→COL',
    ]);
  });

  it('moves on the latest day on which it can have been said', () => {
    expect(moveOf(makeStatement({ speechAct: 'warn', occurred: '[2026-01-03..2026-01-06]' }))).toEqual([
      '2026-01-06 statement-made -3.5 COL→USA',
    ]);
    expect(moveOf(makeStatement({ speechAct: 'warn', occurred: 'unknown' }))).toEqual(['2026-01-08 statement-made -3.5 COL→USA']);
  });

  it('moves once in each primary relationship, each with its own direction', () => {
    const desk = new Newsroom();
    const id = desk.file(makeStatement({ speechAct: 'accuse', speakers: [USA], addressees: [COL, VEN] }));
    expect(desk.moves(id).map((move) => `${move.relationship}: ${inWords(move)}`)).toEqual([
      'COL-USA: 2026-01-07 statement-made -3.5 USA→COL',
      'USA-VEN: 2026-01-07 statement-made -3.5 USA→VEN',
    ]);
  });

  it('has no direction where both parties say it together', () => {
    const joint = makeStatement({ speechAct: 'condemn', speakers: [USA, COL], addressees: [VEN], relationships: primary('COL-USA') });
    expect(moveOf(joint)).toEqual(['2026-01-07 statement-made -2 ↔']);
  });

  it('moves nothing where the table scores it 0', () => {
    for (const speechAct of ['request', 'joke', 'assess'] as const) expect(moveOf(makeStatement({ speechAct }))).toEqual([]);
  });

  it('is a threat even where it is a hypothetical one', () => {
    expect(moveOf(makeStatement({ speechAct: 'threaten', modality: 'hypothetical' }))).toEqual(['2026-01-07 statement-made -3.5 COL→USA']);
  });

  it('was said all the same, whatever is thought of it and however it ends', () => {
    const accusation = makeStatement({ id: 'statement-1', speechAct: 'accuse' });
    const threat = makeStatement({ id: 'statement-1', speechAct: 'threaten' });
    for (const verdict of ['unsubstantiated', 'refuted', 'questioned', 'supported'] as const)
      expect(movesOf([accusation, assessStatement({ verdict })])).toEqual(moveOf(accusation));
    expect(movesOf([threat, settleStatement({ outcome: 'carried-out' })])).toEqual(moveOf(threat));
    expect(movesOf([threat, settleStatement({ outcome: 'withdrawn' })])).toEqual(moveOf(threat));
  });
});

const said = (speaker: Actor) => makeStatement({ speechAct: 'accuse', speakers: [speaker], relationships: primary('COL-USA') });

describe('who counts', () => {
  const counted = ['2026-01-07 statement-made -3.5 COL→USA'];
  const silent = [`2026-01-07 statement-made -3.5 ↔ counts 0: ${NOBODY_SPEAKS}`];
  const SPEAKING = ['person', 'government', 'institution', 'military'];

  it.each(ACTOR_KINDS)('a %s, as its kind has it', (kind) => {
    expect(moveOf(said({ party: 'COL', kind }))).toEqual(SPEAKING.includes(kind) ? counted : silent);
  });

  it.each(ACTOR_KINDS)('a %s, as the editor has it', (kind) => {
    expect(moveOf(said({ party: 'COL', kind, speaksFor: true }))).toEqual(counted);
    expect(moveOf(said({ party: 'COL', kind, speaksFor: false }))).toEqual(silent);
  });

  it('somebody of neither party moves nothing between them', () => {
    expect(moveOf(said(QAT))).toEqual(silent);
    expect(moveOf(takeAction({ act: 'strike', actors: [QAT], relationships: primary('USA-VEN') }))).toEqual([
      `2025-12-01 action-taken -9.5 ↔ counts 0: ${NOBODY_SPEAKS}`,
    ]);
    expect(moveOf(imposeSanction({ authority: QAT, relationships: primary('COL-USA') }))).toEqual([
      `2025-10-31 sanction-imposed -6 ↔ standing counts 0: ${NOBODY_SPEAKS}`,
    ]);
  });

  it('somebody without a party, whatever the kind, speaks for nobody', () => {
    expect(moveOf(said({ kind: 'government', speaksFor: true }))).toEqual(silent);
  });

  it('one who speaks for a party is enough among several who do not', () => {
    const speakers: Actor[] = [{ party: 'COL', kind: 'opposition' }, { kind: 'unnamed' }, COL];
    expect(moveOf(makeStatement({ speechAct: 'accuse', speakers }))).toEqual(counted);
  });
});

describe('where it counts', () => {
  it('neither an affected relationship nor a topic is ever scored', () => {
    const strike = takeAction({
      act: 'strike',
      relationships: [...primary('USA-VEN'), { key: 'COL-USA', role: 'affected' }, { key: 'COL-VEN', role: 'topic' }],
    });
    const desk = new Newsroom();
    expect(desk.moves(desk.file(strike)).map(({ relationship }) => relationship)).toEqual(['USA-VEN']);
    expect(desk.tension('USA-VEN', '2025-12-01').value).not.toBeNull();
    for (const key of ['COL-USA', 'COL-VEN']) expect(desk.tension(key, '2025-12-01').value).toBeNull();
  });
});

const people = [
  { id: 'wife', party: 'COL', descriptor: 'his wife', kind: 'person' },
  { id: 'son', party: 'COL', descriptor: 'his son', kind: 'person' },
] as const;
const company = { id: 'firm', party: 'VEN', name: 'an oil firm', kind: 'company' } as const;
const imposed = (otherwise: Partial<Parameters<typeof imposeSanction>[0]> = {}) =>
  imposeSanction({ id: 'sanction-1', occurred: '2025-10-24', targets: [...people], measures: ['asset-freeze'], ...otherwise });
const amended = (on: Day, otherwise: Partial<Parameters<typeof amendSanction>[0]>) => amendSanction({ on, ...otherwise });
const lifted = (on: Day, ...targets: string[]) => liftSanction({ on, ...(targets.length > 0 && { targets }) });

describe('a sanction', () => {
  it('stands from the day on which it was imposed', () => {
    expect(moveOf(imposed())).toEqual(['2025-10-24 sanction-imposed -6 USA→COL standing']);
  });

  it('counts from the day on which it takes effect, where that is stated', () => {
    const later = imposed({ effectiveOn: '2025-11-01' });
    expect(movesOf([later], '2025-10-31')).toEqual([]);
    expect(movesOf([later], '2025-11-01')).toEqual(['2025-11-01 sanction-imposed -6 USA→COL standing']);
  });

  it('counts no earlier than it can have taken effect, where the latest day of that is not stated', () => {
    expect(moveOf(imposed({ effectiveOn: '2025-11-01/..' }))).toEqual(['2025-11-01 sanction-imposed -6 USA→COL standing']);
    expect(moveOf(imposed({ effectiveOn: '../2025-12-01' }))).toEqual(['2025-12-01 sanction-imposed -6 USA→COL standing']);
    expect(moveOf(imposed({ effectiveOn: 'unknown' }))).toEqual(['2025-10-24 sanction-imposed -6 USA→COL standing']);
  });

  it.each([
    [['embargo', 'asset-freeze', 'tariff'], -8],
    [['tariff', 'asset-freeze'], -6],
    [['tariff', 'visa-restriction', 'travel-ban'], -4],
    [['terrorist-designation'], -6],
    [[], -6],
  ] as const)('is scored by its heaviest measure: %j is %d', (measures, score) => {
    expect(moveOf(imposed({ measures: [...measures] }))).toEqual([`2025-10-24 sanction-imposed ${score} USA→COL standing`]);
  });

  it('weighs by the measures that it has on the day asked, for amending is no move of its own', () => {
    const commands = [imposed({ measures: ['tariff'] }), amended('2025-12-01', { addMeasures: ['embargo'] })];
    expect(movesOf(commands, '2025-11-30')).toEqual(['2025-10-24 sanction-imposed -4 USA→COL standing']);
    expect(movesOf(commands, '2025-12-01')).toEqual(['2025-10-24 sanction-imposed -8 USA→COL standing']);
  });

  it.each(['announced', 'unclear'] as const)('that is %s makes no move until it is amended to in force, from that day', (stage) => {
    const commands = [imposed({ stage }), amended('2025-11-20', { stage: 'in-force' })];
    expect(moveOf(imposed({ stage }))).toEqual([]);
    expect(movesOf(commands, '2025-11-19')).toEqual([]);
    expect(movesOf(commands)).toEqual(['2025-11-20 sanction-imposed -6 USA→COL standing']);
  });

  it('no longer stands from the day on which it was first put back to announced', () => {
    const suspended = [imposed(), amended('2025-12-01', { stage: 'announced' }), amended('2025-12-10', { stage: 'unclear' })];
    expect(movesOf(suspended)).toEqual(['2025-10-24 sanction-imposed -6 USA→COL until 2025-12-01']);
    expect(movesOf([...suspended, amended('2026-01-01', { stage: 'in-force' })])).toEqual([
      '2025-10-24 sanction-imposed -6 USA→COL standing',
    ]);
  });

  it('is one move in each primary relationship, and looks only at the targets of its party', () => {
    const desk = new Newsroom();
    const id = desk.file(imposed({ targets: [...people, company] }));
    desk.file(lifted('2026-01-10', 'wife', 'firm'));
    desk.file(lifted('2026-02-01', 'son'));
    const told = desk.moves(id).map((move) => `${move.relationship}: ${inWords(move)}`);
    expect(told).toEqual([
      'COL-USA: 2025-10-24 sanction-imposed -6 USA→COL until 2026-02-01',
      'COL-USA: 2026-01-10 sanction-lifted 2 USA→COL',
      'COL-USA: 2026-02-01 sanction-lifted 4.5 USA→COL',
      'USA-VEN: 2025-10-24 sanction-imposed -6 USA→VEN until 2026-01-10',
      'USA-VEN: 2026-01-10 sanction-lifted 4.5 USA→VEN',
    ]);
  });

  it('counts, where no party of a target is stated, in the relationships that the editor gave', () => {
    const cartel = imposed({ targets: [{ descriptor: 'a cartel', kind: 'group' }], relationships: primary('USA-VEN') });
    expect(moveOf(cartel)).toEqual(['2025-10-24 sanction-imposed -6 USA→VEN standing']);
  });

  it('moves nothing between two parties where it restricts nobody of the other one', () => {
    const home = { id: 'bank', party: 'USA', name: 'a bank', kind: 'company' } as const;
    expect(moveOf(imposed({ targets: [company, home], relationships: primary('COL-USA') }))).toEqual([]);
  });

  it('stands while any target does; lifting some is half a concession, lifting the last a whole one', () => {
    const commands = [imposed(), lifted('2026-01-10', 'wife'), lifted('2026-02-01')];
    expect(movesOf(commands, '2026-01-31')).toEqual([
      '2025-10-24 sanction-imposed -6 USA→COL standing',
      '2026-01-10 sanction-lifted 2 USA→COL',
    ]);
    expect(movesOf(commands, '2026-02-01')).toEqual([
      '2025-10-24 sanction-imposed -6 USA→COL until 2026-02-01',
      '2026-01-10 sanction-lifted 2 USA→COL',
      '2026-02-01 sanction-lifted 4.5 USA→COL',
    ]);
  });

  it('keeps its one move where lifts were filed late, in the order of the world', () => {
    expect(movesOf([imposed(), lifted('2026-02-01', 'son'), lifted('2026-01-10', 'wife')])).toEqual([
      '2025-10-24 sanction-imposed -6 USA→COL until 2026-02-01',
      '2026-01-10 sanction-lifted 2 USA→COL',
      '2026-02-01 sanction-lifted 4.5 USA→COL',
    ]);
  });

  it('expires without a move, and stands again where its expiry was put off', () => {
    const ending = [imposed({ expiresOn: '2026-01-01' })];
    expect(movesOf(ending, '2025-12-31')).toEqual(['2025-10-24 sanction-imposed -6 USA→COL standing']);
    expect(movesOf(ending, '2026-01-01')).toEqual(['2025-10-24 sanction-imposed -6 USA→COL until 2026-01-01']);
    expect(movesOf([...ending, amended('2026-01-05', { expiresOn: '2026-06-01' })], '2026-01-05')).toEqual([
      '2025-10-24 sanction-imposed -6 USA→COL standing',
    ]);
  });

  it('ends with the last lift, even where an expiry was to follow', () => {
    expect(movesOf([imposed({ expiresOn: '2026-06-01' }), lifted('2026-02-01')], '2026-07-01')).toContain(
      '2025-10-24 sanction-imposed -6 USA→COL until 2026-02-01',
    );
  });

  it('is not imposed on a target that was taken out before it was in force', () => {
    const commands = [
      imposed({ stage: 'announced', targets: [people[0], company] }),
      amended('2025-11-01', { removeTargets: ['wife'] }),
      amended('2025-11-20', { stage: 'in-force' }),
    ];
    expect(movesOf(commands)).toEqual(['2025-11-20 sanction-imposed -6 USA→VEN standing']);
  });

  it('moves in a relationship from the day on which it first restricted somebody of that party', () => {
    const commands = [
      imposed({ targets: [company], relationships: primary('COL-USA', 'USA-VEN') }),
      amended('2025-12-01', { addTargets: [people[0]] }),
    ];
    expect(movesOf(commands)).toEqual([
      '2025-12-01 sanction-imposed -6 USA→COL standing',
      '2025-10-24 sanction-imposed -6 USA→VEN standing',
    ]);
  });

  it('has made no move on a day by which it need not have been imposed', () => {
    const someDay = [imposed({ occurred: '2025-10' }), lifted('2025-10-20', 'wife')];
    expect(movesOf(someDay, '2025-10-30')).toEqual([]);
    expect(movesOf(someDay, '2025-10-31')).toHaveLength(2);
  });
});

const planned = (otherwise: Partial<Parameters<typeof scheduleMeeting>[0]> = {}) => scheduleMeeting({ id: 'meeting-1', ...otherwise });

describe('a meeting', () => {
  it('moves on the day on which it was agreed, not on the day it is for', () => {
    expect(moveOf(planned({ occurred: '2026-01-07', window: '2026-02-03' }))).toEqual(['2026-01-07 meeting-scheduled 2.5 ↔']);
  });

  it.each([
    ['in-person', 4],
    ['phone', 1.5],
    ['video', 1.5],
    ['letter', 1],
    ['envoy', 1],
  ] as const)('held %s is worth %d, without a direction', (format, score) => {
    expect(moveOf(fileHeldMeeting({ format }))).toEqual([`2026-01-07 meeting-held ${score} ↔`]);
  });

  it('is held as it was planned, or as it then took place', () => {
    expect(movesOf([planned(), holdMeeting()])).toEqual(['2026-01-07 meeting-scheduled 2.5 ↔', '2026-02-03 meeting-held 4 ↔']);
    expect(movesOf([planned(), holdMeeting({ format: 'video' })])[1]).toBe('2026-02-03 meeting-held 1.5 ↔');
  });

  it('refused, put off and held after all is scheduled, cancelled and held; putting it off is no move', () => {
    const commands = [
      planned(),
      cancelMeeting({ on: '2026-01-15' }),
      rescheduleMeeting({ on: '2026-01-20' }),
      rescheduleMeeting({ on: '2026-01-22', window: '2026-02' }),
      holdMeeting(),
    ];
    expect(movesOf(commands)).toEqual([
      '2026-01-07 meeting-scheduled 2.5 ↔',
      '2026-01-15 meeting-cancelled -2 ↔',
      '2026-02-03 meeting-held 4 ↔',
    ]);
    expect(movesOf(commands, '2026-01-31')).toHaveLength(2);
  });

  it('counts only where somebody speaks for each of the two parties', () => {
    const participants: Actor[] = [USA, { party: 'COL', kind: 'opposition' }];
    expect(moveOf(fileHeldMeeting({ participants }))).toEqual([`2026-01-07 meeting-held 1.5 ↔ counts 0: ${NOT_BOTH}`]);
    expect(movesOf([planned(), holdMeeting({ participants })])).toEqual([
      '2026-01-07 meeting-scheduled 2.5 ↔',
      `2026-02-03 meeting-held 4 ↔ counts 0: ${NOT_BOTH}`,
    ]);
  });

  it('moves nothing between a mediator and those who meet', () => {
    const desk = new Newsroom();
    const id = desk.file(fileHeldMeeting({ participants: [USA, VEN, { ...QAT, part: 'mediator' }] }));
    expect(desk.moves(id).map(({ relationship }) => relationship)).toEqual(['USA-VEN']);
    expect(desk.timeline('QAT-USA', '2026-02-05')).toHaveLength(1);
  });
});

const taken = (otherwise: Partial<Parameters<typeof takeAction>[0]> = {}) => takeAction({ id: 'action-1', ...otherwise });

describe('what is done', () => {
  it('fades from its day, or stands where the act does or the editor says so', () => {
    expect(moveOf(taken({ act: 'strike' }))).toEqual(['2025-12-01 action-taken -9.5 USA→VEN']);
    expect(moveOf(taken())).toEqual(['2025-12-01 action-taken -6.5 USA→VEN standing']);
    expect(moveOf(taken({ standing: false }))).toEqual(['2025-12-01 action-taken -6.5 USA→VEN']);
    expect(moveOf(taken({ act: 'aid', standing: true }))).toEqual(['2025-12-01 action-taken 10 USA→VEN standing']);
  });

  it('fades from the day on which it ended, without a second move', () => {
    const commands = [taken(), endAction({ outcome: 'completed' })];
    expect(movesOf(commands, '2026-01-31')).toEqual(['2025-12-01 action-taken -6.5 USA→VEN standing']);
    expect(movesOf(commands)).toEqual(['2025-12-01 action-taken -6.5 USA→VEN until 2026-02-01']);
  });

  it.each(['deployment', 'exercise', 'overflight', 'operation'] as const)('with consent is cooperation: %s', (act) => {
    for (const consent of ['invited', 'joint'] as const)
      expect(moveOf(taken({ act, consent, standing: false }))).toEqual(['2025-12-01 action-taken 9.5 USA→VEN']);
  });

  it('is no cooperation for all the consent in the world where it is a strike', () => {
    expect(moveOf(taken({ act: 'strike', consent: 'joint' }))).toEqual(['2025-12-01 action-taken -9.5 USA→VEN']);
  });

  it('has no direction where both do it together', () => {
    expect(moveOf(taken({ act: 'exercise', consent: 'joint', actors: [USA, COL], targets: [] }))).toEqual([
      '2025-12-01 action-taken 9.5 ↔',
    ]);
  });

  it('costs something where it was cooperation that stood, and was broken', () => {
    const broken = endAction({ outcome: 'broken' });
    expect(movesOf([taken({ act: 'ceasefire' }), broken])).toEqual([
      '2025-12-01 action-taken 7.5 USA→VEN until 2026-02-01',
      '2026-02-01 action-ended -5 USA→VEN',
    ]);
    expect(movesOf([taken({ consent: 'invited' }), broken])).toContain('2026-02-01 action-ended -5 USA→VEN');
    expect(movesOf([taken({ act: 'ceasefire' }), broken], '2026-01-31')).toEqual(['2025-12-01 action-taken 7.5 USA→VEN standing']);
  });

  it('costs nothing where it ran its course, or where it was no cooperation', () => {
    for (const outcome of ['completed', 'released', 'lapsed'] as const)
      expect(movesOf([taken({ act: 'ceasefire' }), endAction({ outcome })])).toHaveLength(1);
    expect(movesOf([taken({ act: 'blockade' }), endAction({ outcome: 'broken' })])).toHaveLength(1);
  });

  it('moves nothing as a gesture, a ruling or anything of no known kind', () => {
    for (const act of ['gesture', 'ruling', 'other'] as const) expect(moveOf(taken({ act }))).toEqual([]);
  });
});

describe('one event makes at most one move in a relationship', () => {
  it('whatever it holds', () => {
    const desk = new Newsroom();
    const ids = [
      desk.file(makeStatement({ speechAct: 'warn', speakers: [USA, USA], addressees: [COL, COL, VEN] })),
      desk.file(fileHeldMeeting({ participants: [USA, COL, USA, COL] })),
      desk.file(
        imposeSanction({ targets: [1, 2, 3].map((n) => ({ party: 'COL', descriptor: `official ${n}`, kind: 'person' as const })) }),
      ),
      desk.file(takeAction({ actors: [USA, USA], targets: [VEN, VEN] })),
    ];
    for (const id of ids) {
      const places = desk.moves(id).map(({ version, relationship }) => `${version} ${relationship}`);
      expect(places).toEqual([...new Set(places)]);
    }
  });
});

/** A whole, and a record that is linked to it, with why the moves of each count for nothing. */
function linked(rel: Rel, whole: FilingCommand, part: Exclude<FilingCommand, RegisterSource> = makeStatement({ speechAct: 'praise' })) {
  const desk = new Newsroom();
  const to = desk.file(whole);
  const id = desk.file({ ...part, links: [{ rel, to }] });
  return { to, part: desk.moves(id).map(({ why }) => why), whole: desk.moves(to).map(({ why }) => why), desk, id };
}

describe('what links and sources do to a move', () => {
  it.each(['repeats', 'summarises'] as const)('a record that %s another counts 0, and the other is not touched', (rel) => {
    const { part, whole, to } = linked(rel, makeStatement({ speechAct: 'praise' }));
    expect(part).toEqual([`${rel} ${to}`]);
    expect(whole).toEqual([null]);
  });

  it('counts 0 even where it repeats what is not scored itself', () => {
    const { part, to } = linked('repeats', makeStatement({ speechAct: 'assess' }));
    expect(part).toEqual([`repeats ${to}`]);
  });

  it('a part counts 0 where the whole is scored by the table', () => {
    const { part, whole, to } = linked('partOf', takeAction(), takeAction({ act: 'overflight' }));
    expect(part).toEqual([`partOf ${to}`]);
    expect(whole).toEqual([null]);
  });

  it('a part counts where the whole scores nothing by the table', () => {
    expect(linked('partOf', takeAction({ act: 'other' }), takeAction({ act: 'overflight' })).part).toEqual([null]);
    expect(linked('partOf', imposeSanction({ stage: 'unclear' })).part).toEqual([null]);
  });

  it('a part of a part counts 0, for links are not followed further', () => {
    const { desk, id } = linked('partOf', takeAction(), takeAction({ act: 'overflight' }));
    const inner = desk.file(makeStatement({ speechAct: 'warn', links: [{ rel: 'partOf', to: id }] }));
    expect(desk.moves(inner)[0]!.why).toBe(`partOf ${id}`);
    expect(hasScores(desk.onFile(id)!, ENTENTE_1)).toBe(true);
  });

  it.each(['about', 'respondsTo', 'denies', 'confirms', 'contradicts', 'followUpOf', 'fulfils', 'answers', 'context'] as const)(
    'a record that %s another counts all the same',
    (rel) => expect(linked(rel, takeAction()).part).toEqual([null]),
  );

  it('a link that was filed later silences as well, and every move of the record', () => {
    const desk = new Newsroom();
    const [first, second] = ['meeting-1', 'meeting-2'].map((id) => desk.file(scheduleMeeting({ id })));
    desk.file(holdMeeting({ record: 'meeting-2' }));
    desk.file({ command: 'LinkRecords', record: second!, rel: 'repeats', to: first! });
    expect(desk.moves(second!).map(({ why }) => why)).toEqual(['repeats meeting-1', 'repeats meeting-1']);
  });

  it('a record that no source supports counts 0 until one does', () => {
    const desk = new Newsroom();
    const id = desk.file(makeStatement({ speechAct: 'accuse' }));
    const counts = () => desk.moves(id)[0]!.why;
    desk.file({ command: 'WithdrawSource', record: WIRE, reason: 'it was made up' });
    expect(counts()).toBe('no source supports it');
    desk.file({ command: 'CiteSource', record: id, source: BLOG });
    expect(counts()).toBeNull();
    desk.file({ command: 'GradeSource', record: BLOG, reliability: 'F', credibility: 6, reason: 'an imported lead' });
    expect(counts()).toBe('no source supports it');
  });
});

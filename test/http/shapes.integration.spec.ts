import type { Filing, Step } from '../../src/domain/record.js';
import { BodyShapes } from '../../src/http/shapes.js';
import { anEnd, aHolding, aMeeting, anAction, aSanction, aSource, aStatement } from './bodies.js';

const shapes = new BodyShapes();
const { window: _, ...aHeldMeeting } = aMeeting('source-1');
const FILED: Record<Filing['type'], object> = {
  SourceRegistered: aSource,
  StatementMade: aStatement('source-1'),
  SanctionImposed: aSanction('source-1'),
  MeetingScheduled: aMeeting('source-1'),
  MeetingHeld: aHeldMeeting,
  ActionTaken: anAction('source-1'),
};
const TAKEN: Record<Step['type'], object> = {
  StatementSettled: { outcome: 'granted', ...anEnd('source-1') },
  SanctionAmended: { addMeasures: ['travel-ban'], ...anEnd('source-1') },
  SanctionLifted: { targets: ['wife'], ...anEnd('source-1') },
  MeetingRescheduled: { window: '2026-03', ...anEnd('source-1') },
  MeetingCancelled: anEnd('source-1'),
  MeetingHeld: aHolding('source-1'),
  ActionEnded: { outcome: 'broken', ...anEnd('source-1') },
};
const EVENTS: [name: string, type: Filing['type'] | Step['type'], isFirst: boolean, body: object][] = [
  ...Object.entries(FILED).map(([type, body]): (typeof EVENTS)[number] => [`${type}, filed`, type as Filing['type'], true, body]),
  ...Object.entries(TAKEN).map(([type, body]): (typeof EVENTS)[number] => [`${type}, a step`, type as Step['type'], false, body]),
];

describe('the shape of what was filed, after a correction', () => {
  it.each(EVENTS)('is that of the body it could have been filed with: %s', (_name, type, isFirst, body) => {
    expect(shapes.problems(type, isFirst, body)).toEqual([]);
    expect(pointersOf(shapes.problems(type, isFirst, { ...body, colour: 'red' }))).toEqual(['/colour']);
  });

  it.each(EVENTS)('has no id and no links, which are not corrected: %s', (_name, type, isFirst, body) => {
    const problems = shapes.problems(type, isFirst, { ...body, id: 'statement-1', links: [] });
    expect(problems.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/id', 'field-unknown'],
      ['/links', 'field-unknown'],
    ]);
    expect(problems[0]!.message).toContain('"id"');
    expect(problems[0]!.message).not.toMatch(/there are .*\b(?:id|links)\b/);
  });

  it('tells a meeting that nobody announced from the holding of a scheduled one', () => {
    expect(pointersOf(shapes.problems('MeetingHeld', true, { ...aHeldMeeting, on: '2026-02-03' }))).toEqual(['/on']);
    expect(pointersOf(shapes.problems('MeetingHeld', false, { ...aHolding('source-1'), occurred: '2026-02-03' }))).toEqual(['/occurred']);
  });

  it('names what is wrong deep within', () => {
    const speakers = [{ kind: 'king' }];
    expect(pointersOf(shapes.problems('StatementMade', true, { ...FILED.StatementMade, speakers }))).toEqual(['/speakers/0/kind']);
  });
});

function pointersOf(problems: readonly { pointer: string }[]): string[] {
  return problems.map(({ pointer }) => pointer);
}

import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fold } from '../../src/domain/fold.js';
import type { EventType } from '../../src/domain/record.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { isReadable, lift, SCHEMA_OF } from '../../src/event-store/upcast.js';
import { storedToday, type Sample } from './story.js';

/** What stands before an event of each type in its record. */
const ONTO: Record<EventType, EventType[]> = {
  SourceRegistered: [],
  SourceGraded: ['SourceRegistered'],
  SourceWithdrawn: ['SourceRegistered'],
  StatementMade: [],
  StatementAssessed: ['StatementMade'],
  StatementSettled: ['StatementMade'],
  SanctionImposed: [],
  SanctionAmended: ['SanctionImposed'],
  SanctionLifted: ['SanctionImposed', 'SanctionAmended'],
  MeetingScheduled: [],
  MeetingRescheduled: ['MeetingScheduled', 'MeetingCancelled'],
  MeetingHeld: [],
  MeetingCancelled: ['MeetingScheduled'],
  ActionTaken: [],
  ActionEnded: ['ActionTaken'],
  SourceCited: ['ActionTaken'],
  RecordsLinked: ['ActionTaken'],
  RecordsUnlinked: ['StatementMade'],
  QueryRaised: ['StatementMade'],
  QueryAnswered: ['StatementMade', 'QueryRaised'],
  RecordCorrected: ['SanctionImposed'],
  RecordRetracted: ['MeetingScheduled', 'MeetingCancelled'],
  RecordReinstated: ['MeetingScheduled', 'MeetingCancelled', 'RecordRetracted'],
};

const FILES = globSync('test/samples/*.json').toSorted();
const SAMPLES = FILES.map((path): [name: string, sample: Sample] => [basename(path, '.json'), JSON.parse(readFileSync(path, 'utf8'))]);
const nameOf = (type: string, schema: number): string => `${type}.v${schema}`;
const sampleOf = (type: EventType, schema = SCHEMA_OF[type]): Sample => SAMPLES.find(([name]) => name === nameOf(type, schema))![1];

/** A sample as it lies in the log, at a version of its record. */
function asStored(sample: Sample, version: number): StoredEvent {
  return { ...sample, id: '', stream: 'record-1', version, position: BigInt(version), recordedAt: new Date(0), hash: '' } as StoredEvent;
}

describe('the samples of stored events, kept for ever', () => {
  it('are one for every version of every type, named after them', () => {
    const versions = Object.entries(SCHEMA_OF).flatMap(([type, newest]) => Array.from({ length: newest }, (_, i) => nameOf(type, i + 1)));
    expect(SAMPLES.map(([name]) => name).toSorted()).toEqual(versions.toSorted());
    expect(SAMPLES.map(([, { type, schema }]) => nameOf(type, schema))).toEqual(SAMPLES.map(([name]) => name));
  });

  it.each(SAMPLES)('%s is lifted, and folds into its record', (_, sample) => {
    const stream = [...ONTO[sample.type].map((type) => sampleOf(type)), sample].map((one, i) => asStored(one, i + 1));
    expect(stream.every(isReadable)).toBe(true);
    const record = fold('record-1', stream.map(lift));
    expect(record).toMatchObject({ id: 'record-1', version: stream.length });
    const before = fold('record-1', stream.slice(0, -1).map(lift));
    expect({ ...record, version: 0 }).not.toEqual({ ...before, version: 0 });
  });

  it('are what is stored today, in their newest version', async () => {
    const today = await storedToday();
    expect([...today.keys()].toSorted()).toEqual(Object.keys(SCHEMA_OF).toSorted());
    for (const [type, event] of today) expect(event).toEqual(sampleOf(type as EventType));
  });
});

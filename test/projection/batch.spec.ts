import type { Inbound } from '../../src/domain/relationship/belief.js';
import { Batch } from '../../src/projection/batch.js';
import { fileHeldMeeting, makeStatement } from '../domain/samples.js';
import { Newsroom } from '../domain/relationship/newsroom.js';

describe('a batch', () => {
  it('sees a record once more whose own change moved the date of one that is linked to it', () => {
    const newsroom = new Newsroom();
    const meeting = newsroom.file(fileHeldMeeting({ id: 'meeting-1', occurred: '2026-01-07' }));
    const dayAfter = { relativeTo: { record: meeting, minDays: 1, maxDays: 1 } };
    newsroom.file(makeStatement({ id: 'statement-1', occurred: dayAfter, links: [{ rel: 'confirms', to: meeting }] }));
    const confirmedOn = (batch: Batch): Inbound['on'][] =>
      batch.newBeliefs.findLast(({ belief }) => belief.record.id === meeting)!.belief.linkedFrom.map(({ on }) => on);

    const batch = new Batch(new Map(), []);
    for (const event of newsroom.log) batch.apply(event);
    expect(confirmedOn(batch)).toEqual(['2026-01-08']);

    const before = newsroom.log.length;
    newsroom.file({
      command: 'CorrectRecord',
      record: meeting,
      kind: 'correction',
      reason: 'the call was later',
      patch: { occurred: '2026-01-20' },
    });
    for (const event of newsroom.log.slice(before)) batch.apply(event);
    expect(confirmedOn(batch)).toEqual(['2026-01-21']);
  });
});

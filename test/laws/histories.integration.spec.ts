import fc from 'fast-check';
import { SCHEMA_OF } from '../../src/event-store/upcast.js';
import { after, aHistory } from './histories.js';
import { HISTORIES, IN_ALL, SEED } from './law.js';

describe(`The histories over which the laws hold, ${IN_ALL}`, () => {
  const desks = fc.sample(aHistory, { seed: SEED, numRuns: HISTORIES }).map((history) => after(history));
  const log = desks.flatMap((desk) => desk.log);
  const ofStep = (type: string): number => log.filter((event) => event.type === type && 'step' in event.data).length;

  it('have something of everything that can happen', () => {
    const seen = Map.groupBy(log, ({ type }) => type);
    expect(Object.keys(SCHEMA_OF).filter((type) => (seen.get(type)?.length ?? 0) < 5)).toEqual([]);
    for (const type of ['RecordCorrected', 'RecordRetracted', 'RecordReinstated']) expect([type, ofStep(type) > 20]).toEqual([type, true]);
  });

  it('date many records by others, and date them again when those are', () => {
    const records = desks.flatMap((desk) => [...desk.records.values()].map((record) => [record, desk.onFile(record.id)!] as const));
    expect(records.filter(([record]) => JSON.stringify(record.filed).includes('relativeTo')).length).toBeGreaterThan(300);
    expect(records.filter(([record, dated]) => dated !== record).length).toBeGreaterThan(50);
  });

  it('have many a record that counts for nothing, is confirmed or disputed, and many that count', () => {
    const beliefs = desks.flatMap((desk) => [...desk.records.keys()].map((id) => desk.belief(id)));
    for (const muted of [/^no source/, /^repeats/, /^partOf/])
      expect(beliefs.filter((belief) => muted.test(belief.muted ?? '')).length).toBeGreaterThan(50);
    expect(beliefs.filter(({ status }) => status.support === 'confirmed').length).toBeGreaterThan(20);
    expect(beliefs.filter(({ status }) => status.disputed).length).toBeGreaterThan(100);
    expect(desks.filter((desk) => desk.tension('COL-USA', '2025-09-01').value !== null).length).toBeGreaterThan(HISTORIES / 2);
  });
});

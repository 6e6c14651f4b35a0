import { RecordCache } from '../../src/commands/record-cache.js';
import type { RegisterSource } from '../../src/domain/source/source.decide.js';
import { rescheduleMeeting, scheduleMeeting, WIRE } from '../domain/samples.js';
import { BusyStore, Newsroom } from './newsroom.js';

const wire: RegisterSource = { command: 'RegisterSource', id: WIRE, publisher: 'Example Wire', publishedAt: '2026-01-08' };
const MEETING = 'meeting-1';

describe('the records as last read', () => {
  let store: BusyStore;
  let others: Newsroom;
  let cache: RecordCache;
  beforeEach(async () => {
    store = new BusyStore();
    others = new Newsroom(store);
    await others.file(wire);
    await others.file(scheduleMeeting({ id: MEETING }));
    cache = new RecordCache(store);
    store.read.length = 0;
  });
  const version = async (): Promise<number | undefined> => (await cache.load([MEETING])).get(MEETING)?.record.version;
  const window = (month: string): Promise<unknown> => others.file(rescheduleMeeting({ window: month }));

  it('are read once, and only what is on file is kept', async () => {
    await cache.load([MEETING, 'meeting-2']);
    expect([...(await cache.load([MEETING, 'meeting-2'])).keys()]).toEqual([MEETING]);
    expect(store.read).toEqual([MEETING, 'meeting-2', 'meeting-2']);
  });

  it('follow what is stored, by whomever, without being read again', async () => {
    await cache.load([MEETING]);
    await window('2026-03');
    await window('2026-04');
    const events = await store.everything();
    cache.learn(events);
    cache.learn(events);
    expect(await version()).toBe(3);
    expect(store.read.filter((id) => id === MEETING)).toHaveLength(2);
  });

  it('are read again where an event in between was not heard of', async () => {
    await cache.load([MEETING]);
    await window('2026-03');
    await window('2026-04');
    cache.learn((await store.everything()).slice(-1));
    expect(await version()).toBe(3);
    cache.learn(await store.everything());
    expect(await version()).toBe(3);
  });

  it('are not kept where an event overtook the read', async () => {
    store.whileReading.push(async () => {
      await window('2026-03');
      cache.learn((await store.everything()).slice(-1));
    });
    expect(await version()).toBe(1);
    expect(await version()).toBe(2);
  });

  it('are not kept where an event overtook one of two reads at once', async () => {
    const gate = Promise.withResolvers<void>();
    store.whileReading.push(
      () => gate.promise,
      () => Promise.resolve(),
    );
    const slow = version();
    await version();
    await window('2026-03');
    cache.learn((await store.everything()).slice(-1));
    gate.resolve();
    expect(await slow).toBe(1);
    expect(await version()).toBe(2);
  });

  it('are let go where they are told to be out of date, and kept where they are not', async () => {
    await cache.load([MEETING, WIRE]);
    await window('2026-03');
    cache.outdate([
      [MEETING, 2],
      [WIRE, 1],
      ['meeting-2', 1],
    ]);
    store.read.length = 0;
    expect(await version()).toBe(2);
    await cache.load([MEETING, WIRE]);
    expect(store.read).toEqual([MEETING]);
  });

  it('are not kept where it was heard during the read that they are out of date', async () => {
    store.whileReading.push(async () => {
      await window('2026-03');
      cache.outdate([[MEETING, 2]]);
    });
    expect([await version(), await version()]).toEqual([1, 2]);
  });

  it('are read again once they are to be forgotten', async () => {
    await cache.load([MEETING]);
    await window('2026-03');
    cache.forget([MEETING]);
    expect(await version()).toBe(2);
  });

  it('are let go where something happens to them that this version does not know', async () => {
    await cache.load([MEETING]);
    const event = (await store.everything()).at(-1)!;
    for (const unheard of [{ type: 'MeetingDreamtOf' }, { type: 'MeetingHeld', schema: 99 }])
      expect(() => cache.learn([{ ...event, ...unheard, version: 2 }])).not.toThrow();
    store.read.length = 0;
    await version();
    expect(store.read).toEqual([MEETING]);
  });
});

import { hashOf } from '../../src/event-store/event-hash.js';
import type { Actor } from '../../src/domain/actor.js';
import type { Command } from '../../src/domain/decider.js';
import { RELS } from '../../src/domain/link.js';
import { Rejection } from '../../src/domain/rejection.js';
import { MEASURES } from '../../src/domain/sanction/sanction.events.js';
import { SPEECH_ACTS } from '../../src/domain/statement/statement.events.js';
import { addDays, type OccurredInput } from '../../src/domain/time.js';
import type { StoredEvent } from '../../src/event-store/event-store.js';
import { Newsroom } from '../commands/newsroom.js';

const PARTIES = ['COL', 'USA', 'VEN'];
const KINDS = ['source', 'statement', 'statement', 'sanction', 'meeting', 'action'];

/** A history of a newsroom as nobody would plan it: so many things asked for, of which the rules let pass what they do. */
export async function randomHistory(random: () => number, length: number): Promise<StoredEvent[]> {
  const newsroom = new Newsroom();
  const asked = new Asked(random);
  await newsroom.file(asked.source());
  for (let n = 0; n < length; n += 1)
    try {
      if (random() < 0.1) {
        await newsroom.fileArticle(asked.article());
      } else {
        const command = asked.anything();
        asked.filed(await newsroom.file(command));
      }
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
    }
  return newsroom.store.everything();
}

/** What might be asked for next. Ids are chosen, so that one seed always makes the same history. */
class Asked {
  private readonly ids: Record<string, string[]> = {};
  private count = 0;

  constructor(private readonly random: () => number) {}

  filed({ id, kind, created }: { id: string; kind: string; created: boolean }): void {
    if (created) (this.ids[kind] ??= []).push(id);
  }

  source(): Command {
    const id = this.newId('source');
    this.filed({ id, kind: 'source', created: true });
    const group = this.pick([undefined, undefined, 'wire-a', 'wire-b']);
    return {
      command: 'RegisterSource',
      id,
      publisher: `Outlet ${id}`,
      publishedAt: this.day(),
      ...(group && { independenceGroup: group }),
    };
  }

  anything(): Command {
    const asks: (() => Command)[] = [
      () => this.source(),
      ...Array.from({ length: 4 }, () => () => this.filing()),
      ...Array.from({ length: 5 }, () => () => this.step()),
    ];
    return this.pick(asks)();
  }

  /** Entries that link to each other before and after they are defined, and take a step. */
  article(): { source: string; entries: { ref?: string; command: Command }[] } {
    const link = (to: string): Pick<Command & { command: 'MakeStatement' }, 'links'> => ({ links: [{ rel: this.pick(RELS), to }] });
    const entries = [
      { ref: '$a', command: { ...this.statement(), ...link('$b') } },
      { ref: '$b', command: { ...this.statement(), ...link('$c'), occurred: { relativeTo: { record: '$c', minDays: -2, maxDays: 0 } } } },
      { ref: '$c', command: this.filing() },
      { command: { command: 'RaiseQuery' as const, record: '$c', question: 'Who says so?' } },
    ];
    return { source: this.any('source'), entries };
  }

  private filing(): Command {
    const { common, actor } = { common: this.common(), actor: this.actor() };
    return this.pick<() => Command>([
      () => this.statement(),
      () => this.statement(),
      () => ({
        ...common,
        command: 'ImposeSanction',
        id: this.newId('sanction'),
        authority: actor,
        targets: [this.target('a'), this.target('b')],
        measures: this.some(MEASURES),
      }),
      () => ({
        ...common,
        command: 'ScheduleMeeting',
        id: this.newId('meeting'),
        format: 'phone',
        participants: this.sides(),
        window: this.day(),
      }),
      () => ({ ...common, command: 'HoldMeeting', id: this.newId('meeting'), format: 'in-person', participants: this.sides() }),
      () => ({
        ...common,
        command: 'TakeAction',
        id: this.newId('action'),
        act: this.pick(['deployment', 'strike', 'aid', 'gesture', 'ceasefire']),
        actors: [actor],
        targets: [this.actor()],
      }),
    ])();
  }

  private statement(): Command & { command: 'MakeStatement' } {
    return {
      ...this.common(),
      command: 'MakeStatement',
      id: this.newId('statement'),
      speakers: [this.actor()],
      addressees: [this.actor()],
      speechAct: this.pick(SPEECH_ACTS),
      ...(this.random() < 0.3 && { aspect: 'account' }),
    };
  }

  private step(): Command {
    const world = (kind: string) => ({ record: this.any(kind), on: this.day(), citations: this.citations() });
    const news = (kind = this.pick(['statement', 'sanction', 'meeting', 'action'])) => ({
      record: this.any(kind),
      reason: 'we looked into it',
    });
    return this.pick<() => Command>([
      () => ({ ...world('meeting'), command: 'RescheduleMeeting', window: this.day() }),
      () => ({ ...world('meeting'), command: 'HoldMeeting' }),
      () => ({ ...world('meeting'), command: 'CancelMeeting' }),
      () => ({ ...world('sanction'), command: 'LiftSanction', targets: this.some(['a', 'b']) }),
      () => ({ ...world('sanction'), command: 'AmendSanction', addMeasures: this.some(MEASURES) }),
      () => ({ ...world('action'), command: 'EndAction', outcome: this.pick(['broken', 'completed']) }),
      () => ({ ...world('statement'), command: 'SettleStatement', outcome: this.pick(['granted', 'withdrawn', 'partly']) }),
      () => ({ ...world('statement'), command: 'SettleStatement', outcome: 'withdrawn' }),
      () => ({ ...news('statement'), command: 'AssessStatement', verdict: this.pick(['unsubstantiated', 'supported', 'questioned']) }),
      () => ({
        ...news('source'),
        command: 'GradeSource',
        ...this.pick([
          { reliability: 'F', credibility: 6 },
          { reliability: 'B', credibility: 2 },
        ] as const),
      }),
      () => ({ ...news('source'), command: 'GradeSource', reliability: 'F', credibility: 6 }),
      () =>
        this.random() < 0.3
          ? { ...news('source'), command: 'WithdrawSource' }
          : { ...news('source'), command: 'RaiseQuery', question: 'Who wrote it?' },
      () => ({ ...news(), command: 'CiteSource', source: this.any('source') }),
      () => ({ ...news(), command: 'LinkRecords', rel: this.pick(RELS), to: this.anyRecord() }),
      () => ({ ...news(), command: 'LinkRecords', rel: this.pick(['denies', 'repeats', 'confirms', 'partOf']), to: this.anyRecord() }),
      () => ({ ...news('statement'), command: 'LinkRecords', rel: this.pick(['denies', 'contradicts']), to: this.any('statement') }),
      () => ({ ...news(), command: 'RaiseQuery', question: 'Where?' }),
      () => ({ ...news(), command: 'AnswerQuery', n: 1, answer: 'Here' }),
      () => this.correction(),
      () => this.correction(),
      () => ({ ...news(this.pick(KINDS)), command: 'RetractRecord', ...this.ofStep() }),
      () => ({ ...news(this.pick(KINDS)), command: 'ReinstateRecord', ...this.ofStep() }),
      () => ({ command: 'UnlinkRecords', record: this.anyRecord(), n: 1 }),
    ])();
  }

  private correction(): Command {
    const record = this.anyRecord();
    const about = { command: 'CorrectRecord' as const, record, kind: 'correction' as const, reason: 'we had it wrong' };
    const patches = [
      { occurred: this.date() },
      { summary: 'Something else happened' },
      { speakers: [this.actor()] },
      { relationships: [{ key: 'COL-USA', role: this.pick(['primary', 'affected', 'topic']) }] },
      { citations: this.citations() },
    ];
    return this.random() < 0.3 ? { ...about, step: 2, patch: { on: this.day() } } : { ...about, patch: this.pick(patches) };
  }

  private ofStep(): { step?: number } {
    return this.random() < 0.5 ? { step: 2 } : {};
  }

  /** A day, or one that leans on another record's. */
  private date(): OccurredInput {
    return this.random() < 0.7 ? this.day() : { relativeTo: { record: this.anyRecord(), minDays: -3, maxDays: 3 } };
  }

  private common() {
    const relationships =
      this.random() < 0.3 ? [{ key: this.pick(['COL-USA', 'USA-VEN']), role: this.pick(['primary', 'affected', 'topic'] as const) }] : [];
    const links = this.random() < 0.5 ? [{ rel: this.pick(RELS), to: this.anyRecord() }] : [];
    return { summary: 'Something happened', occurred: this.date(), citations: this.citations(), relationships, links };
  }

  private citations(): { source: string }[] {
    return [...new Set([this.any('source'), ...(this.random() < 0.3 ? [this.any('source')] : [])])].map((source) => ({ source }));
  }

  private actor(): Actor {
    return { party: this.pick(PARTIES), kind: this.pick(['government', 'person', 'opposition']) };
  }

  private sides(): Actor[] {
    return [
      { party: 'USA', kind: 'government' },
      { party: this.pick(['COL', 'VEN']), kind: 'government' },
    ];
  }

  private target(id: string) {
    return { id, party: this.pick(PARTIES), descriptor: 'somebody', kind: 'person' as const };
  }

  private anyRecord(): string {
    return this.any(this.pick(['statement', 'statement', 'sanction', 'meeting', 'action']));
  }

  private any(kind: string): string {
    return this.pick(this.ids[kind] ?? [`${kind}-0`]);
  }

  private day(): string {
    return addDays('2025-10-01', Math.floor(this.random() * 120));
  }

  private some<T>(values: readonly T[]): T[] {
    return values.filter(() => this.random() < 0.4);
  }

  private pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)]!;
  }

  private newId(kind: string): string {
    return `${kind}-${(this.count += 1)}`;
  }
}

/** As a newer version of the service would have filed it. */
export function newer(event: StoredEvent): StoredEvent {
  const changed = { ...event, schema: 99 };
  return { ...changed, hash: hashOf(changed) };
}

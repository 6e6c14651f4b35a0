import { corrected } from './correction.js';
import type { DomainEvent, Filing, Kind, News, NewsStep, RecordOnFile, Step } from './record.js';

const KIND_OF_FILING: Record<Filing['type'], Kind> = {
  SourceRegistered: 'source',
  StatementMade: 'statement',
  SanctionImposed: 'sanction',
  MeetingScheduled: 'meeting',
  MeetingHeld: 'meeting',
  ActionTaken: 'action',
};

/** The record that a stream of events makes; undefined for an empty one. `MeetingHeld` begins a record or ends a scheduled meeting's wait. */
export function fold(id: string, events: readonly DomainEvent[]): RecordOnFile | undefined {
  return events.reduce<RecordOnFile | undefined>((record, event) => evolve(id, record, event), undefined);
}

export function evolve(id: string, record: RecordOnFile | undefined, event: DomainEvent): RecordOnFile {
  if (record === undefined) return begin(id, event as Filing);
  const version = record.version + 1;
  return { ...record, ...change(record, event as Step | News, version), version };
}

function begin(id: string, filed: Filing): RecordOnFile {
  const links = filed.type === 'SourceRegistered' ? [] : (filed.data.links ?? []);
  return {
    id,
    kind: KIND_OF_FILING[filed.type],
    version: 1,
    filed,
    steps: [],
    withheld: [],
    cited: [],
    links: links.map((link, i) => ({ ...link, n: i + 1, version: 1 })),
    queries: [],
    assessed: [],
    graded: [],
    corrections: [],
    reinstated: [],
  };
}

function change(record: RecordOnFile, event: Step | News, version: number): Partial<RecordOnFile> {
  switch (event.type) {
    case 'StatementSettled':
    case 'SanctionAmended':
    case 'SanctionLifted':
    case 'MeetingRescheduled':
    case 'MeetingHeld':
    case 'MeetingCancelled':
    case 'ActionEnded':
      return { steps: [...record.steps, { ...event, version }] };
    case 'SourceCited':
      return { cited: [...record.cited, { version, citation: withoutWhy(event.data) }] };
    case 'RecordsLinked':
      return { links: [...record.links, { ...withoutWhy(event.data), n: record.links.length + 1, version }] };
    case 'QueryRaised':
      return { queries: [...record.queries, { n: record.queries.length + 1, version, question: event.data.question }] };
    case 'QueryAnswered':
      return {
        queries: record.queries.map((query) =>
          query.n === event.data.n ? { ...query, answer: { version, text: event.data.answer } } : query,
        ),
      };
    case 'StatementAssessed':
      return { assessed: [...record.assessed, { ...event, version }] };
    case 'SourceGraded':
      return { graded: [...record.graded, { ...event, version }] };
    case 'SourceWithdrawn':
      return { withdrawn: { ...event, version } };
    case 'RecordCorrected':
      return { ...corrected(record, event.data), corrections: [...record.corrections, { ...event, version }] };
    case 'RecordRetracted':
      return event.data.step === undefined ? { retracted: { ...event, version } } : withhold(record, event.data.step, version);
    case 'RecordReinstated':
      return { ...putBack(record, event.data.step), reinstated: [...record.reinstated, { ...event, version }] };
    case 'RecordsUnlinked':
      return { links: record.links.map((link) => (link.n === event.data.n ? { ...link, removed: version } : link)) };
  }
}

/** What the newsroom did, without why it did so and by which sources: that stays in the record's history. */
function withoutWhy<T extends NewsStep>({ reason: _, citations: __, ...rest }: T): Omit<T, keyof NewsStep> {
  return rest;
}

function withhold({ steps, withheld }: RecordOnFile, step: number, retracted: number): Partial<RecordOnFile> {
  const taken = steps.filter(({ version }) => version === step).map((one) => ({ ...one, retracted }));
  return { steps: steps.filter(({ version }) => version !== step), withheld: [...withheld, ...taken] };
}

function putBack({ steps, withheld }: RecordOnFile, step: number | undefined): Partial<RecordOnFile> {
  if (step === undefined) return { retracted: undefined };
  const back = withheld.filter(({ version }) => version === step).map(({ retracted: _, ...one }) => one);
  return {
    steps: [...steps, ...back].toSorted((a, b) => a.version - b.version),
    withheld: withheld.filter(({ version }) => version !== step),
  };
}

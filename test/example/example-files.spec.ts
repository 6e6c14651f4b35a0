import { ACTS } from '../../src/domain/action/action.events.js';
import { ACTOR_KINDS } from '../../src/domain/actor.js';
import { ANONYMITIES } from '../../src/domain/citation.js';
import { CERTAINTIES, DEGREES, RELS } from '../../src/domain/link.js';
import { DISCLOSURES, FIRMNESSES, FORMATS, LEVELS } from '../../src/domain/meeting/meeting.events.js';
import { belongingsOf, ROLES, type RecordOnFile } from '../../src/domain/record.js';
import { MEASURES, STAGES, TARGET_KINDS } from '../../src/domain/sanction/sanction.events.js';
import { ASPECTS, DIRECTIONS, MODALITIES, SPEECH_ACTS, VERDICTS } from '../../src/domain/statement/statement.events.js';
import { BASES, PRECISIONS } from '../../src/domain/time.js';
import { kindOf } from '../../src/domain/decider.js';
import { articles, everyEntry, fileAll, files, strings } from './articles.js';

function recordNamed(records: Map<string, RecordOnFile>, ref: string): RecordOnFile {
  const entry = everyEntry.find((one) => one.ref === ref);
  const record = records.get(entry?.id ?? '');
  if (record === undefined) throw new Error(`no entry ${ref} files a record`);
  return record;
}

function latestDay({ filed }: RecordOnFile): string | null {
  return filed.type === 'SourceRegistered' ? null : filed.data.occurred.latest;
}

describe('the article files of the example', () => {
  it('are named so that sorting files them in the order of publication', () => {
    expect(files).toHaveLength(3);
    for (const [name, { source }] of articles) expect(name.startsWith(`${source.publishedAt}-`)).toBe(true);
  });

  it('hold a source and at most 200 entries, each with a ref of its own', () => {
    for (const article of articles.values()) {
      expect(Object.keys(article)).toEqual(['source', 'entries']);
      expect(article.entries.length).toBeLessThanOrEqual(200);
    }
    const refs = everyEntry.map(({ ref }) => ref);
    expect(refs.filter((ref) => !/^\$[ABC]\d\d[a-z]*$/.test(ref))).toEqual([]);
    expect(new Set(refs).size).toBe(refs.length);
  });

  it('give every new record and source an id of its kind, so that filing twice is harmless', () => {
    const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
    const given = [...articles.values()].flatMap(({ source, entries }) => [
      { kind: 'source', id: source.id },
      ...entries.filter(({ record }) => record === undefined).map(({ command, id }) => ({ kind: kindOf(command), id })),
    ]);
    expect(given.filter(({ kind, id }) => !new RegExp(`^${kind}-${uuid}$`).test(id ?? ''))).toEqual([]);
    expect(new Set(given.map(({ id }) => id)).size).toBe(given.length);
  });

  it('name only refs that the same article defines', () => {
    for (const { entries } of articles.values()) {
      const defined = new Set(entries.map(({ ref }) => ref));
      const named = entries.flatMap((entry) => [...strings(entry)].map(({ text }) => text).filter((text) => text.startsWith('$')));
      expect(named.filter((ref) => !defined.has(ref))).toEqual([]);
    }
  });

  it('use only the words that the domain knows', () => {
    const words: Record<string, readonly string[]> = {
      kind: ACTOR_KINDS,
      'targets.kind': [...ACTOR_KINDS, ...TARGET_KINDS],
      'relationships.role': ROLES,
      '.level': LEVELS,
      speechAct: SPEECH_ACTS,
      modality: MODALITIES,
      aspect: ASPECTS,
      direction: DIRECTIONS,
      verdict: VERDICTS,
      act: ACTS,
      format: FORMATS,
      contentDisclosed: DISCLOSURES,
      firmness: FIRMNESSES,
      measures: MEASURES,
      stage: STAGES,
      rel: RELS,
      degree: DEGREES,
      certainty: CERTAINTIES,
      anonymity: ANONYMITIES,
      precision: PRECISIONS,
      basis: BASES,
    };
    const known = (path: string[], text: string): boolean => {
      const [parent, name] = ['', ...path].slice(-2);
      return (words[`${parent}.${name}`] ?? words[name ?? ''])?.includes(text) ?? true;
    };
    const wrong = everyEntry.flatMap((entry) =>
      [...strings(entry)].filter(({ path, text }) => !known(path, text)).map(({ path, text }) => `${entry.ref} ${path.join('.')}: ${text}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('filing the example', () => {
  const records = new Map<string, RecordOnFile>();
  const first = fileAll(records);

  it('breaks no rule of the newsroom, and every entry stores something', () => {
    expect(first).toHaveLength(everyEntry.length + files.length);
  });

  it('a second time stores nothing', () => {
    expect(fileAll(new Map(records))).toEqual([]);
  });

  // The latest days that the golden series rests on.
  it.each([
    ['$A13', '2025-10-31'],
    ['$A08', '2026-01-04'],
    ...['$A06', '$A07', '$A09', '$A10', '$A11', '$A12'].map((ref) => [ref, '2026-01-05']),
    ...['$A01', '$A02', '$A16', '$A17', '$A18', '$A19', '$A20'].map((ref) => [ref, '2026-01-07']),
    ...['$B06', '$B15', '$B21', '$B29', '$B30'].map((ref) => [ref, '2026-02-03']),
    ['$B05', '2026-01-20'],
    ['$C17', '2025-09-30'],
    ...['$C01', '$C04', '$C06', '$C07', '$C09', '$C16', '$C24', '$C27'].map((ref) => [ref, '2025-12-01']),
  ])('dates %s on %s at the latest', (ref, day) => {
    expect(latestDay(recordNamed(records, ref))).toBe(day);
  });

  it('leaves no date to the day of filing', () => {
    const settled = [...records.values()].filter(
      ({ filed }) => filed.type !== 'SourceRegistered' && filed.data.occurred.latestBasis === 'recorded',
    );
    expect(settled).toEqual([]);
  });

  it('holds the meeting as a step of the one that was planned in the call', () => {
    const meeting = recordNamed(records, '$A02');
    expect(meeting.steps.map(({ type, data }) => [type, data.on.latest])).toEqual([['MeetingHeld', '2026-02-03']]);
  });

  it.each([
    ['$A01', ['USA-VEN topic', 'COL-USA primary']],
    ['$B05', ['USA-VEN primary', 'COL-USA affected']],
    ['$C20', ['USA-VEN affected']],
    ['$C21', ['USA-VEN affected']],
  ])('puts %s where it belongs', (ref, belongings) => {
    expect(belongingsOf(recordNamed(records, ref)).map(({ key, role }) => `${key} ${role}`)).toEqual(belongings);
  });
});

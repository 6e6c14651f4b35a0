import { ACTS } from '../../src/domain/action/action.events.js';
import { ACTOR_KINDS } from '../../src/domain/actor.js';
import { ANONYMITIES } from '../../src/domain/citation.js';
import { CERTAINTIES, DEGREES, RELS } from '../../src/domain/link.js';
import { DISCLOSURES, FIRMNESSES, FORMATS, LEVELS } from '../../src/domain/meeting/meeting.events.js';
import { belongingsOf, ROLES, type RecordOnFile } from '../../src/domain/record.js';
import { believe, supported, type Belief } from '../../src/domain/relationship/belief.js';
import { movesOf } from '../../src/domain/relationship/moves.js';
import { ENTENTE_1 } from '../../src/domain/relationship/score-profile.js';
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

type GoldenMove = [ref: string, on: string, score: number, standing?: boolean];

/** Every move that counts: its day (the latest on which it can have happened) and its score. */
const GOLDEN: Record<string, GoldenMove[]> = {
  'COL-USA': [
    ['$A13', '2025-10-31', -6, true],
    ['$A08', '2026-01-04', -3.5],
    ['$A06', '2026-01-05', -3.5],
    ['$A07', '2026-01-05', -3.5],
    ['$A09', '2026-01-05', -2],
    ['$A10', '2026-01-05', -3.5],
    ['$A11', '2026-01-05', -3.5],
    ['$A12', '2026-01-05', -2],
    ['$A01', '2026-01-07', 1.5],
    ['$A02', '2026-01-07', 2.5],
    ['$A16', '2026-01-07', 5],
    ['$A19', '2026-01-07', -3.5],
    ['$A20', '2026-01-07', 5],
    ['$B01', '2026-02-03', 4],
    ['$B06', '2026-02-03', -2],
    ['$B15', '2026-02-03', 5],
    ['$B21', '2026-02-03', 5],
    ['$B30', '2026-02-03', 2.5],
  ],
  'USA-VEN': [
    ['$C17', '2025-09-30', -9.5],
    ['$C01', '2025-12-01', 1.5],
    ['$C04', '2025-12-01', -6.5, true],
    ['$C06', '2025-12-01', -3.5],
    ['$C07', '2025-12-01', -2],
    ['$C09', '2025-12-01', -3.5],
    ['$C16', '2025-12-01', -9.5],
    ['$C24', '2025-12-01', -1],
    ['$C27', '2025-12-01', -5.5],
    ['$B05', '2026-01-20', -9],
  ],
};

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
  const surroundings = { onFile: (id: string) => records.get(id), linking: [...records.values()] };
  const belief = (record: RecordOnFile): Belief => supported(believe(record, surroundings, [], ENTENTE_1), (id) => records.get(id));

  it('breaks no rule of the newsroom, and every entry stores something', () => {
    expect(first).toHaveLength(everyEntry.length + files.length);
  });

  it('a second time stores nothing', () => {
    expect(fileAll(new Map(records))).toEqual([]);
  });

  it.each(Object.entries(GOLDEN))('makes exactly the moves of the golden series of %s', (relationship, golden) => {
    const named = new Map(everyEntry.map(({ ref, id }) => [id, ref]));
    const moves = [...records.values()].flatMap((record) => {
      const { muted } = belief(record);
      const counting = movesOf(record, undefined, muted, ENTENTE_1).filter(
        (move) => move.why === null && move.relationship === relationship,
      );
      // The holding of the planned meeting is an entry of its own.
      return counting.map(({ version, on, score, standing }) => [version > 1 ? '$B01' : named.get(record.id), on, score, standing]);
    });
    const expected = golden.map(([ref, on, score, standing = false]) => [ref, on, score, standing]);
    expect(moves).toHaveLength(expected.length);
    expect(new Set(moves)).toEqual(new Set(expected));
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
    ['$A01', { support: 'confirmed', disputed: false, questioned: false, retracted: false }],
    ['$A07', { support: 'onRecord', disputed: true, questioned: false, retracted: false }],
    ['$C08', { support: 'onRecord', disputed: true, questioned: false, retracted: false }],
    ['$C12', { support: 'onRecord', disputed: false, questioned: true, verdict: 'unsubstantiated', retracted: false }],
    ['$C16', { support: 'confirmed', disputed: false, questioned: false, retracted: false }],
  ])('weighs %s as its links and assessments say', (ref, status) => {
    expect(belief(recordNamed(records, ref)).status).toEqual(status);
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

import { partiesSpoken, type Actor } from '../actor.js';
import { later, type Day } from '../day.js';
import { chaptersAt, type Chapter } from '../life.js';
import { belongingsOf, type Filing, type RecordOnFile } from '../record.js';
import { targetsInForce, type SanctionLife } from '../sanction/sanction.events.js';
import { actRow, sanctionScore, type Profile } from './score-profile.js';

export type MoveName =
  | 'statement-made'
  | 'sanction-imposed'
  | 'sanction-lifted'
  | 'meeting-scheduled'
  | 'meeting-held'
  | 'meeting-cancelled'
  | 'action-taken'
  | 'action-ended';

/** A scored contribution of a record to one of its primary relationships. */
export interface Move {
  move: MoveName;
  relationship: string;
  /** Version of the event that makes it. */
  version: number;
  /** The day from which it counts. */
  on: Day;
  /** Who moved towards whom; null where both sides act, and for meetings. */
  from: string | null;
  to: string | null;
  score: number;
  /** Whether it still stands at asOf, with full weight. */
  standing: boolean;
  /** The day on which it stopped standing; it fades from then on. */
  until: Day | null;
  /** Why it counts for nothing; null where it counts. */
  why: string | null;
}

type Scored = Omit<Move, 'relationship' | 'from' | 'to' | 'why'> & { by: readonly Actor[]; both?: true; towards?: readonly string[] };

/**
 * The moves of a record by `asOf` (of all time, without one), in every primary relationship; none before the record itself had happened.
 * `muted` (derived from its links and sources) silences them all.
 */
export function movesOf(record: RecordOnFile, asOf: Day | undefined, muted: string | null, profile: Profile): Move[] {
  if (asOf !== undefined && !hadHappened(record.filed, asOf)) return [];
  const chapters = chaptersAt(record, asOf);
  return belongingsOf(record)
    .filter(({ role }) => role === 'primary')
    .flatMap(({ key }) => scoredIn(record.filed, chapters, key.split('-'), asOf, profile).map((scored) => directed(scored, key, muted)));
}

function hadHappened(filed: Filing, asOf: Day): boolean {
  const latest = filed.type === 'SourceRegistered' ? null : filed.data.occurred.latest;
  return latest !== null && latest <= asOf;
}

/** Whether the record, by the table and before any link, has a score other than 0. */
export function hasScores(record: RecordOnFile, profile: Profile): boolean {
  return movesOf(record, undefined, null, profile).some(({ score }) => score !== 0);
}

function directed({ by, both, towards: _, ...scored }: Scored, relationship: string, muted: string | null): Move {
  const [a, b] = relationship.split('-') as [string, string];
  const acting = partiesSpoken(by).filter((party) => party === a || party === b);
  const silent = both ? acting.length < 2 : acting.length === 0;
  const [from, to] = both || acting.length !== 1 ? [null, null] : acting[0] === a ? [a, b] : [b, a];
  const why = muted ?? (silent ? (both ? 'not both sides are represented' : 'nobody acts who speaks for one of the two parties') : null);
  return { ...scored, relationship, from, to, why };
}

function scoredIn(
  filed: Filing,
  chapters: readonly Chapter[],
  parties: readonly string[],
  asOf: Day | undefined,
  profile: Profile,
): Scored[] {
  const moves = scoredAll(filed, chapters, parties, asOf, profile);
  return moves.filter(({ score, on }) => score !== 0 && (asOf === undefined || on <= asOf));
}

function scoredAll(
  filed: Filing,
  chapters: readonly Chapter[],
  parties: readonly string[],
  asOf: Day | undefined,
  profile: Profile,
): Scored[] {
  switch (filed.type) {
    case 'SourceRegistered':
      return [];
    case 'StatementMade': {
      const { speechAct, speakers, occurred } = filed.data;
      return [fading('statement-made', 1, occurred.latest, profile.speech[speechAct].score, speakers)];
    }
    case 'SanctionImposed':
      return sanctionMoves(filed.data.authority, chapters, parties, asOf, profile);
    case 'MeetingScheduled':
    case 'MeetingHeld':
      return meetingMoves(filed, chapters, profile);
    case 'ActionTaken':
      return actionMoves(filed, chapters, profile);
  }
}

function fading(move: MoveName, version: number, on: Day | null, score: number, by: readonly Actor[]): Scored {
  return { move, version, on: on ?? '', score, by, standing: false, until: null };
}

function meetingMoves(
  filed: Extract<Filing, { type: 'MeetingScheduled' | 'MeetingHeld' }>,
  chapters: readonly Chapter[],
  profile: Profile,
): Scored[] {
  let { format, participants } = filed.data;
  const { latest } = filed.data.occurred;
  const first =
    filed.type === 'MeetingScheduled'
      ? fading('meeting-scheduled', 1, latest, profile.scheduled.score, participants)
      : fading('meeting-held', 1, latest, profile.held[format].score, participants);
  const moves = [first];
  for (const { step } of chapters) {
    if (step?.type === 'MeetingCancelled')
      moves.push(fading('meeting-cancelled', step.version, step.data.on.latest, profile.cancelled.score, participants));
    if (step?.type === 'MeetingHeld') {
      format = step.data.format ?? format;
      participants = step.data.participants ?? participants;
      moves.push(fading('meeting-held', step.version, step.data.on.latest, profile.held[format].score, participants));
    }
  }
  return moves.map((move) => ({ ...move, both: true as const }));
}

function actionMoves(filed: Extract<Filing, { type: 'ActionTaken' }>, chapters: readonly Chapter[], profile: Profile): Scored[] {
  const { act, actors, standing, consent, occurred } = filed.data;
  const { score } = actRow(profile, act, consent !== undefined);
  const end = chapters.find(({ step }) => step?.type === 'ActionEnded')?.step;
  const ended = end?.data.on.latest ?? null;
  const taken: Scored = {
    ...fading('action-taken', 1, occurred.latest, score, actors),
    standing: standing && ended === null,
    until: ended,
  };
  const broken = end?.type === 'ActionEnded' && end.data.outcome === 'broken' && score > 0;
  return broken ? [taken, fading('action-ended', end.version, ended, profile.broken.score, actors)] : [taken];
}

/**
 * In each relationship a sanction looks only at that party's targets (and at those of no stated party). It stands while any of them is
 * in force; it fades from the day of their last lift, of its expiry, or of the amendment that took it out of force.
 */
function sanctionMoves(
  authority: Actor,
  chapters: readonly Chapter[],
  parties: readonly string[],
  asOf: Day | undefined,
  profile: Profile,
): Scored[] {
  const concerns = (party: string | undefined): boolean =>
    party === undefined || (parties.includes(party) && (party !== authority.party || parties.every((p) => p === authority.party)));
  const lives = chapters.flatMap(({ life, step }) => (life.kind === 'sanction' ? [{ life, step }] : []));
  const last = lives.at(-1)!.life;
  const began = lives.find(
    ({ life }) => life.since !== null && life.targets.some((t) => t.until === undefined && concerns(t.target.party)),
  );
  if (began === undefined) return [];
  const own = last.targets.filter(({ target }) => concerns(target.party));
  const until = stopped(last, own, lives, asOf);
  const version = began.step?.version ?? 1;
  // Where an amendment brought the first target of this party, it began then.
  const on = later(began.life.since, began.step?.data.on.latest ?? null);
  const imposed = fading('sanction-imposed', version, on, sanctionScore(profile, last.measures), [authority]);
  return [{ ...imposed, standing: until === null, until }, ...liftMoves(lives, concerns, authority, profile)];
}

type SanctionChapter = { life: SanctionLife; step?: Chapter['step'] };

/** The day on which the last of these targets stopped being in force; null while one is. */
function stopped(last: SanctionLife, own: SanctionLife['targets'], lives: readonly SanctionChapter[], asOf: Day | undefined): Day | null {
  const ends = own.flatMap(({ until }) => until ?? []);
  const allEnded = ends.length === own.length ? ends.reduce((a, b) => (a > b ? a : b)) : null;
  const expired = last.expires !== null && (asOf === undefined || asOf >= last.expires) ? last.expires : null;
  const suspension = lives[lives.findLastIndex(({ life }) => life.stage === 'in-force') + 1];
  const suspended = suspension?.step?.data.on.latest ?? null;
  return [allEnded, expired, suspended].filter((day) => day !== null).toSorted()[0] ?? null;
}

function liftMoves(
  lives: readonly SanctionChapter[],
  concerns: (party: string | undefined) => boolean,
  authority: Actor,
  profile: Profile,
): Scored[] {
  return lives.flatMap(({ life, step }, i) => {
    const before = lives[i - 1]?.life;
    if (step?.type !== 'SanctionLifted' || before === undefined) return [];
    const day = step.data.on.latest ?? '';
    const count = (l: SanctionLife): number =>
      targetsInForce({ ...l, since: l.since && '' }, day).filter(({ party }) => concerns(party)).length;
    const [had, left] = [count(before), count(life)];
    if (had === left) return [];
    const { score } = left === 0 ? profile.liftedAll : profile.liftedSome;
    return [fading('sanction-lifted', step.version, day, score, [authority])];
  });
}

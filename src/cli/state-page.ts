import type { RelationshipState } from '../domain/relationship/state.js';
import { gap, heading, row, text, title, type Piece } from './terminal-page.js';
import { counted, dateOf, inWords, namesOf, rounded, signed, sourcesOf, statedDate } from './wording.js';

/** The answer of `GET /relationships/{key}`. */
export type StateAnswer = RelationshipState & { asOf: string; knownAt: string; position: string };

const STALE = 'nothing was filed on it for 180 days: look whether it still stands';

type Item<L extends keyof RelationshipState> = RelationshipState[L] extends readonly (infer I)[] ? I : never;

/** How things stand between two parties, as a reporter wants to read it: each line with its record and its source. */
export function statePage(state: StateAnswer): Piece[] {
  const { key, parties, asOf, knownAt, position, counts } = state;
  const section = <T>(list: keyof typeof counts, name: string, items: readonly T[], show: (item: T) => Piece): Piece[] =>
    items.length === 0 ? [] : [heading(`${name} (${counts[list] ?? items.length})`), ...items.map(show)];
  return [
    title(`${parties.map(({ name }) => name).join(' – ')}  (${key})`),
    text(`How things stood on ${asOf}, as known at ${knownAt}, position ${position} of the log`),
    ...tension(state),
    ...sanctions(state),
    ...section('standingActions', 'Standing actions', state.standingActions, standingAction),
    ...section('upcomingMeetings', 'Upcoming meetings', state.upcomingMeetings, announcedMeeting),
    ...section('overdueMeetings', 'Overdue meetings', state.overdueMeetings, announcedMeeting),
    ...lastContact(state),
    ...section('openDisputes', 'Open disputes, with every position', state.openDisputes.flatMap(positions), (piece) => piece),
    ...section('openStatements', 'Open: asked, offered, promised or threatened, and not settled', state.openStatements, openStatement),
    ...section('assessments', 'How others see it (never part of the tension)', state.assessments, assessment),
    ...section('quantities', 'Numbers', state.quantities, quantity),
    ...section('openQueries', 'Questions that the newsroom has yet to answer', state.openQueries, openQuery),
    ...nothingOnFile(state),
  ];
}

function tension({ phase, tension: t, coverage }: StateAnswer): Piece[] {
  const rest = t.partsRest.count === 0 ? [] : [row('', othersOf(t.partsRest))];
  return [
    row('Phase', phase.name === 'none' ? 'none: nothing on file that counts' : `${phase.name}, ${phase.direction}`),
    row('Tension', t.value === null ? 'no figure: no move that counts' : `${rounded(t.value)} of 100`),
    row('  conflict', `${rounded(t.conflict)} points: ${rounded(t.conflictStanding)} that stand, ${rounded(t.conflictRecent)} that fade`),
    row('  cooperation', `${rounded(t.cooperation)} points`),
    ...(t.rank === null ? [] : [row('  rank', `higher than at ${Math.round(100 * t.rank)} % of its last month-ends`)]),
    row('Coverage', covered(coverage)),
    ...(t.parts.length === 0 ? [] : [heading(`What makes the tension: ${largest(t.parts.length, t.partsRest.count)}`)]),
    ...t.parts.map(part),
    ...rest,
  ];
}

function covered({ records, sources, daysSinceLastRecord: days, topSourceShare: top }: StateAnswer['coverage']): string {
  const last = days === null ? '' : `, the last of ${days === 0 ? 'the same day' : `${counted(days, 'day')} before`}`;
  const share = top === null ? '' : `; ${Math.round(100 * top)} % of them cite one and the same`;
  return `${counted(records, 'record')} from ${counted(sources, 'source')} in 90 days${last}${share}`;
}

function largest(shown: number, others: number): string {
  return others === 0 ? counted(shown, 'move') : `the ${shown} largest of ${shown + others} moves`;
}

function othersOf({ count, conflict, cooperation }: StateAnswer['tension']['partsRest']): string {
  return `and ${counted(count, 'smaller one')}: conflict ${rounded(conflict)}, cooperation ${rounded(cooperation)} points`;
}

function part({ record, move, on, from, to, score, weight, share, summary }: StateAnswer['tension']['parts'][number]): Piece {
  const who = from === null || to === null ? 'both sides' : `${from} → ${to}`;
  const counts = weight === 1 ? 'in full' : `weighs ${weight.toFixed(2)} by now`;
  return row(`${score < 0 ? '−' : '+'}${rounded(share)}`, summary, [`${who}, ${inWords(move)} ${on}, ${signed(score)}, ${counts}`, record]);
}

/** One row for each round of sanctions, with the targets in force. Its grounds are only ever given as what the authority alleges. */
function sanctions({ sanctionsInForce, counts }: StateAnswer): Piece[] {
  const rounds = [...Map.groupBy(sanctionsInForce, ({ record }) => record).values()];
  if (rounds.length === 0) return [];
  return [heading(`Sanctions in force (${counted(counts['sanctionsInForce'] ?? 0, 'target')})`), ...rounds.flatMap(sanctionRound)];
}

function sanctionRound(targets: Item<'sanctionsInForce'>[]): Piece[] {
  const names = targets.map(({ target }) => [target.name, target.descriptor].filter((name) => name !== undefined).join(', '));
  return targets
    .slice(0, 1)
    .map(({ record, since, safeWording, measures, stale, citations }) =>
      row(dateOf(since), names.join('; '), [
        `${safeWording}; ${measures.length === 0 ? 'the measures are not stated' : measures.join(', ')}`,
        ...(stale ? [STALE] : []),
        ...statedDate(since),
        ...provenance(record, citations),
      ]),
    );
}

function standingAction({ record, summary, act, actors, since, stale, citations }: Item<'standingActions'>): Piece {
  return row(dateOf(since), summary, [
    [act, namesOf(actors), ...statedDate(since)].join(' · '),
    ...(stale ? [STALE] : []),
    ...provenance(record, citations),
  ]);
}

function announcedMeeting({ record, summary, format, participants, window, place, citations }: Item<'upcomingMeetings'>): Piece {
  const where = place === null ? [] : [place.statedAs];
  const when = window === undefined ? [] : statedDate(window);
  return row(window === undefined ? 'no date' : dateOf(window), summary, [
    [format, ...where, namesOf(participants), ...when].join(' · '),
    ...provenance(record, citations),
  ]);
}

function lastContact({ lastContact: contact }: StateAnswer): Piece[] {
  if (contact === null) return [];
  const { record, summary, format, on, place, confirmedBy, citations } = contact;
  const confirmed = confirmedBy.length === 0 ? 'confirmed by neither side' : `confirmed by ${confirmedBy.join(' and ')}`;
  const where = place === null ? [] : [place.statedAs];
  return [
    heading('Last contact'),
    row(dateOf(on), summary, [[format, ...where, confirmed, ...statedDate(on)].join(' · '), ...provenance(record, citations)]),
  ];
}

/** The positions of one dispute; the first is labelled with the date since when it is open. */
function positions({ since, positions: taken }: Item<'openDisputes'>): Piece[] {
  return taken.map(({ record, by, summary, citations }, i) =>
    row(i === 0 ? dateOf(since) : 'against that', summary, [namesOf(by), ...provenance(record, citations)]),
  );
}

function openStatement({ record, speechAct, modality, by, to, on, due, summary, citations }: Item<'openStatements'>): Piece {
  const act = modality === 'actual' ? speechAct : `${speechAct} (${modality})`;
  const whom = to.length === 0 ? namesOf(by) : `${namesOf(by)} to ${namesOf(to)}`;
  const until = due === null ? [] : [`due ${dateOf(due)}`];
  return row(dateOf(on), summary, [[act, whom, ...until, ...statedDate(on)].join(' · '), ...provenance(record, citations)]);
}

function assessment({ record, by, direction, level, duration, on, summary, citations }: Item<'assessments'>): Piece {
  const said = [direction, level, duration && `for ${duration}`].filter((words) => words !== null && words !== undefined);
  return row(dateOf(on), summary, [[namesOf(by), ...said].join(' · '), ...provenance(record, citations)]);
}

function quantity({ record, measure, wording, scope, countedBy, summary, citations }: Item<'quantities'>): Piece {
  const what = scope === null ? [] : [`${scope.ambiguous ? 'scope in doubt' : 'scope'}: ${scope.text}`];
  return row(inWords(measure), `“${wording}”: ${summary}`, [
    [`counted by: ${countedBy}`, ...what].join(' · '),
    ...provenance(record, citations),
  ]);
}

function openQuery({ record, n, question, since }: Item<'openQueries'>): Piece {
  return row(`asked ${since.slice(0, 10)}`, question, [`query ${n} on ${record}`]);
}

function provenance(record: string, citations: Parameters<typeof sourcesOf>[0]): string[] {
  return [...sourcesOf(citations), record];
}

const LISTS: Record<keyof StateAnswer['counts'], string> = {
  sanctionsInForce: 'sanctions in force',
  standingActions: 'standing actions',
  upcomingMeetings: 'upcoming meetings',
  overdueMeetings: 'overdue meetings',
  openDisputes: 'open disputes',
  openStatements: 'open statements',
  assessments: 'assessments',
  quantities: 'numbers',
  openQueries: 'open questions',
};

/** What was looked for and not found is said too: it must not look forgotten. */
function nothingOnFile({ counts, lastContact: contact }: StateAnswer): Piece[] {
  const empty = (Object.keys(LISTS) as (keyof typeof counts)[]).filter((list) => counts[list] === 0).map((list) => LISTS[list]);
  if (contact === null) empty.push('contacts');
  return empty.length === 0 ? [] : [gap, row('Nothing on file', empty.join(', '))];
}

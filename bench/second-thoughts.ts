import type { CitationInput } from '../src/domain/citation.js';
import type { Command } from '../src/domain/decider.js';
import { saysTheSame } from '../src/domain/filing.js';
import { RELS } from '../src/domain/link.js';
import { CORRECTIONS, linksOf, type Change, type Filing, type News, type RecordOnFile } from '../src/domain/record.js';
import { SPEECH_ACTS, VERDICTS } from '../src/domain/statement/statement.events.js';
import { addDays, readOccurred, settle, type Day, type Occurred } from '../src/domain/time.js';
import type { Dice } from './dice.js';

/** What the newsroom has at hand when it comes back to a record. */
export interface Moment {
  dice: Dice;
  today: Day;
  /** The source to cite for what happened next. */
  citation: () => CitationInput;
  /** Another source, that says the same. */
  article: () => CitationInput;
  /** Another record that lies near this one. */
  neighbour: () => string | undefined;
}

/** A command, or an event where there is nothing to decide; undefined where there is nothing to do after all. */
export type Asked = Command | News | undefined;

/** What will come of a record, and how many days after it was filed. */
export interface Later {
  days: number;
  ask: (record: RecordOnFile, moment: Moment) => Asked;
}

type Ask = Later['ask'];

const REASON = 'the first report was wrong';

/** What the newsroom does to a record after it was filed: in the shares of a desk that works with care. */
export function inTheNewsroom(record: RecordOnFile, dice: Dice): Later[] {
  const later: Later[] = [];
  const perhaps = (share: number, latest: number, ask: Ask, then?: Later): void => {
    if (!dice.chance(share)) return;
    const days = dice.whole(0, latest);
    later.push({ days, ask });
    if (then !== undefined) later.push({ ...then, days: days + then.days });
  };
  perhaps(0.02, 5, ({ id }, { article }) => ({ command: 'CiteSource', record: id, ...article() }));
  perhaps(0.02, 60, linking);
  perhaps(0.013, 120, correcting);
  perhaps(0.0035, 120, retracting, dice.chance(0.15) ? { days: 9, ask: reinstating } : undefined);
  perhaps(0.01, 10, asking, dice.chance(0.6) ? { days: dice.whole(1, 40), ask: answering } : undefined);
  if (record.links.length > 0) perhaps(0.02, 60, unlinking);
  if (record.kind === 'statement') perhaps(0.03, 30, assessing);
  return later;
}

function linking({ id }: RecordOnFile, { dice, neighbour }: Moment): Asked {
  const to = neighbour();
  return to === undefined ? undefined : { command: 'LinkRecords', record: id, rel: dice.pick(RELS), to };
}

function unlinking(record: RecordOnFile): Asked {
  const [link] = linksOf(record);
  return link && { type: 'RecordsUnlinked', data: { n: link.n, rel: link.rel, to: link.to, reason: REASON } };
}

function assessing({ id }: RecordOnFile, { dice }: Moment): Asked {
  return { command: 'AssessStatement', record: id, verdict: dice.pick(VERDICTS), reason: 'no evidence was presented' };
}

function asking({ id }: RecordOnFile): Asked {
  return { command: 'RaiseQuery', record: id, question: 'Who counted, and who says so?' };
}

function answering({ id, queries }: RecordOnFile): Asked {
  const open = queries.find(({ answer }) => answer === undefined);
  return open && { command: 'AnswerQuery', record: id, n: open.n, answer: 'The ministry of health, by telephone.' };
}

/** Now and then only the last step of a record is taken back. */
function retracting({ retracted, steps }: RecordOnFile, { dice }: Moment): Asked {
  if (retracted !== undefined) return undefined;
  const step = dice.chance(0.3) ? steps.at(-1)?.version : undefined;
  return { type: 'RecordRetracted', data: { ...(step !== undefined && { step }), reason: REASON } };
}

function reinstating({ retracted }: RecordOnFile): Asked {
  return retracted && { type: 'RecordReinstated', data: { reason: 'a second source confirms it' } };
}

function correcting({ filed, retracted }: RecordOnFile, { dice }: Moment): Asked {
  if (filed.type === 'SourceRegistered' || retracted !== undefined) return undefined;
  const change = changeOf(filed, dice);
  if (saysTheSame(change.before, change.after)) return undefined;
  const data = { kind: dice.pick(CORRECTIONS), reason: REASON, changes: [change] };
  return { type: 'RecordCorrected', data: dice.chance(0.2) ? { ...data, approvedBy: 'the desk editor' } : data };
}

/** Half of the corrections only touch words, a third a date, the rest what was said or how they met. */
function changeOf(filed: Exclude<Filing, { type: 'SourceRegistered' }>, dice: Dice): Change {
  const { summary, occurred } = filed.data;
  if (dice.chance(0.35) && occurred.relativeTo === undefined && occurred.edtf !== undefined)
    return { pointer: '/occurred', before: occurred, after: movedBy(dice.pick([-9, -4, -1, 1]), occurred) };
  if (filed.type === 'StatementMade' && dice.chance(0.3))
    return { pointer: '/speechAct', before: filed.data.speechAct, after: dice.pick(SPEECH_ACTS) };
  return { pointer: '/summary', before: summary, after: `${summary}, as the transcript has it` };
}

function movedBy(days: number, { latest }: Occurred): Occurred {
  const day = addDays(latest ?? '2016-01-01', days);
  return settle(readOccurred(day, '/occurred'), null, day);
}

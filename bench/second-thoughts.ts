import type { CitationInput } from '../src/domain/citation.js';
import type { Command } from '../src/domain/decider.js';
import { RELS } from '../src/domain/link.js';
import { CORRECTIONS, linksOf, type Filing, type RecordOnFile } from '../src/domain/record.js';
import { SPEECH_ACTS, VERDICTS } from '../src/domain/statement/statement.events.js';
import { addDays, type Day } from '../src/domain/time.js';
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

/** Undefined where there is nothing to do after all. */
export type Asked = Command | undefined;

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
  return link && { command: 'UnlinkRecords', record: record.id, n: link.n, reason: REASON };
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
function retracting({ id, steps }: RecordOnFile, { dice }: Moment): Asked {
  const step = dice.chance(0.3) ? steps.at(-1)?.version : undefined;
  return { command: 'RetractRecord', record: id, step, reason: REASON };
}

function reinstating({ id, retracted }: RecordOnFile): Asked {
  return retracted && { command: 'ReinstateRecord', record: id, reason: 'a second source confirms it' };
}

function correcting({ id, filed, retracted }: RecordOnFile, { dice }: Moment): Asked {
  if (filed.type === 'SourceRegistered' || retracted !== undefined) return undefined;
  const approvedBy = dice.chance(0.2) ? 'the desk editor' : undefined;
  return { command: 'CorrectRecord', record: id, kind: dice.pick(CORRECTIONS), reason: REASON, approvedBy, patch: patchOf(filed, dice) };
}

/** Half of the corrections only touch words, a third a date, the rest what was said. */
function patchOf(filed: Exclude<Filing, { type: 'SourceRegistered' }>, dice: Dice): Record<string, unknown> {
  const { summary, occurred } = filed.data;
  if (dice.chance(0.35) && occurred.edtf !== undefined && occurred.latest !== null)
    return { occurred: addDays(occurred.latest, dice.pick([-9, -4, -1, 1])) };
  if (filed.type === 'StatementMade' && dice.chance(0.3)) return { speechAct: dice.pick(SPEECH_ACTS) };
  return { summary: `${summary}, as the transcript has it` };
}

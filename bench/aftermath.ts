import type { CitationInput } from '../src/domain/citation.js';
import type { RecordOnFile } from '../src/domain/record.js';
import { OPEN_ACTS } from '../src/domain/statement/statement.events.js';
import { addDays, type OccurredInput } from '../src/domain/time.js';
import { windowAfter } from './chronicle.js';
import type { Dice } from './dice.js';
import { inTheNewsroom, type Later, type Moment } from './second-thoughts.js';

/** What happens to a new record later: in the world, and in the newsroom. */
export function aftermathOf(record: RecordOnFile, dice: Dice): Later[] {
  return record.kind === 'source' ? weighing(dice) : [...inTheWorld(record, dice), ...inTheNewsroom(record, dice)];
}

function weighing(dice: Dice): Later[] {
  if (dice.chance(0.003))
    return [
      { days: dice.whole(40, 400), ask: ({ id }) => ({ command: 'WithdrawSource', record: id, reason: 'the publisher took it back' }) },
    ];
  if (!dice.chance(0.06)) return [];
  const lead = dice.chance(0.1);
  return [
    {
      days: dice.whole(40, 200),
      ask: ({ id }) => ({
        command: 'GradeSource',
        record: id,
        reliability: lead ? 'F' : dice.pick(['A', 'B', 'C']),
        credibility: lead ? 6 : dice.pick([1, 2, 3]),
        reason: 'weighed against other reports',
      }),
    },
  ];
}

function inTheWorld({ filed }: RecordOnFile, dice: Dice): Later[] {
  switch (filed.type) {
    case 'SourceRegistered':
    case 'MeetingHeld':
      return [];
    case 'StatementMade':
      return OPEN_ACTS.includes(filed.data.speechAct) && dice.chance(0.55) ? [settling(dice)] : [];
    case 'SanctionImposed':
      return [...(dice.chance(0.2) ? [amending(dice)] : []), ...(dice.chance(0.5) ? [lifting(dice)] : [])];
    case 'MeetingScheduled':
      return [...(dice.chance(0.12) ? [rescheduling(dice)] : []), ...(dice.chance(0.9) ? [holdingOrCancelling(dice)] : [])];
    case 'ActionTaken':
      return filed.data.standing && dice.chance(0.9) ? [ending(dice)] : [];
  }
}

/** Most of what happened is filed within two days, some of it late. */
function happened({ dice, today, citation }: Moment): { on: OccurredInput; citations: CitationInput[] } {
  return { on: addDays(today, dice.chance(0.03) ? -dice.whole(3, 60) : -dice.whole(0, 2)), citations: [citation()] };
}

function settling(dice: Dice): Later {
  const outcome = dice.pick(['granted', 'refused', 'kept', 'broken', 'carried-out', 'lapsed', 'partly'] as const);
  return { days: dice.whole(2, 150), ask: ({ id }, at) => ({ command: 'SettleStatement', record: id, outcome, ...happened(at) }) };
}

function amending(dice: Dice): Later {
  return {
    days: dice.whole(10, 100),
    ask: ({ id }, at) => ({
      command: 'AmendSanction',
      record: id,
      addTargets: [{ descriptor: 'another designated person', kind: 'person' }],
      stage: 'in-force',
      ...happened(at),
    }),
  };
}

function lifting(dice: Dice): Later {
  const targets = dice.chance(0.3) ? ['t1'] : undefined;
  return { days: dice.whole(60, 900), ask: ({ id }, at) => ({ command: 'LiftSanction', record: id, targets, ...happened(at) }) };
}

function rescheduling(dice: Dice): Later {
  return {
    days: dice.whole(2, 20),
    ask: ({ id }, at) => ({ command: 'RescheduleMeeting', record: id, window: windowAfter(at.today, dice), ...happened(at) }),
  };
}

function holdingOrCancelling(dice: Dice): Later {
  const held = dice.chance(0.87);
  return {
    days: dice.whole(5, 60),
    ask: ({ id }, at) =>
      held
        ? { command: 'HoldMeeting', record: id, durationMinutes: dice.whole(2, 18) * 10, ...happened(at) }
        : { command: 'CancelMeeting', record: id, ...happened(at) },
  };
}

function ending(dice: Dice): Later {
  const outcome = dice.pick(['completed', 'broken', 'released', 'lapsed'] as const);
  return { days: dice.whole(10, 400), ask: ({ id }, at) => ({ command: 'EndAction', record: id, outcome, ...happened(at) }) };
}

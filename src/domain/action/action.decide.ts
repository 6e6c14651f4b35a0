import { partiesNamed, readActors, readSomebody } from '../actor.js';
import { takeStep, type Decision } from '../step.js';
import type { Desk } from '../desk.js';
import { compact, fileCommon, fileStep, Reading, type FiledInput, type WorldStepInput } from '../filing.js';
import type { RecordOnFile } from '../record.js';
import { STANDING_ACTS, type ActionFiling, type ActionOwn, type ActionStep, type Ending } from './action.events.js';

export interface TakeAction extends FiledInput, Omit<ActionOwn, 'standing'> {
  command: 'TakeAction';
  /** Default from the act. */
  standing?: boolean;
}

export interface EndAction extends WorldStepInput {
  command: 'EndAction';
  record: string;
  /** Default completed. */
  outcome?: Ending;
}

export function takeAction(command: TakeAction, id: string, desk: Desk, reading = new Reading()): ActionFiling {
  const { act, actors, targets, standing, consent, means } = command;
  const own = {
    act,
    actors: reading.field(() => readSomebody(actors, '/actors', 'did it')),
    targets: targets && reading.field(() => readActors(targets, '/targets')),
    standing: standing ?? STANDING_ACTS.includes(act),
    consent,
    means,
  };
  const common = fileCommon(reading, command, id, desk, () => ({ from: partiesNamed(own.actors), to: partiesNamed(own.targets ?? []) }));
  reading.done();
  return { type: 'ActionTaken', data: compact({ ...common, ...own }) };
}

export function endAction(command: EndAction, action: RecordOnFile, desk: Desk): Decision {
  return takeStep(action, readEnd(command, desk));
}

export function readEnd(command: EndAction, desk: Desk, reading = new Reading()): ActionStep {
  const step = fileStep(reading, command, desk);
  reading.done();
  return { type: 'ActionEnded', data: compact({ ...step, outcome: command.outcome ?? 'completed' }) };
}

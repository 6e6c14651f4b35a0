import type { Filing, Step } from '../domain/record.js';
import type { Problem } from '../domain/rejection.js';
import { EndActionBody, TakeActionBody } from './action.controller.js';
import { problemsIn } from './body.js';
import { fieldsOf, type BodyClass, type Field } from './fields.js';
import { CancelMeetingBody, HoldMeetingBody, MeetingHeldBody, RescheduleMeetingBody, ScheduleMeetingBody } from './meeting.body.js';
import { AmendSanctionBody, ImposeSanctionBody, LiftSanctionBody } from './sanction.controller.js';
import { RegisterSourceBody } from './source.controller.js';
import { MakeStatementBody, SettleStatementBody } from './statement.controller.js';

/** The body that each kind of record is filed with. */
const FILED: Record<Filing['type'], BodyClass> = {
  SourceRegistered: RegisterSourceBody,
  StatementMade: MakeStatementBody,
  SanctionImposed: ImposeSanctionBody,
  MeetingScheduled: ScheduleMeetingBody,
  MeetingHeld: MeetingHeldBody,
  ActionTaken: TakeActionBody,
};

/** The body that each later step in the world is filed with. */
const TAKEN: Record<Step['type'], BodyClass> = {
  StatementSettled: SettleStatementBody,
  SanctionAmended: AmendSanctionBody,
  SanctionLifted: LiftSanctionBody,
  MeetingRescheduled: RescheduleMeetingBody,
  MeetingCancelled: CancelMeetingBody,
  MeetingHeld: HoldMeetingBody,
  ActionEnded: EndActionBody,
};

/** What stays as it was filed: the id for good, and links are made and taken back by calls of their own. */
const NEVER_CORRECTED: ReadonlySet<string> = new Set(['id', 'links']);

/** Says whether what was filed still has its shape after a correction: that of the body it could have been filed with. */
export class BodyShapes {
  private readonly fields = new Map<BodyClass, ReadonlyMap<string, Field>>();

  /** Everything that is wrong with the body of an event, the first of its record or a later one. */
  problems(type: Filing['type'] | Step['type'], isFirst: boolean, body: object): readonly Problem[] {
    const shape = isFirst ? FILED[type as Filing['type']] : TAKEN[type as Step['type']];
    return problemsIn(shape, body, '', this.correctable(shape));
  }

  private correctable(shape: BodyClass): ReadonlyMap<string, Field> {
    const known = this.fields.get(shape);
    if (known !== undefined) return known;
    const fields = new Map([...fieldsOf(shape)].filter(([name]) => !NEVER_CORRECTED.has(name)));
    this.fields.set(shape, fields);
    return fields;
  }
}

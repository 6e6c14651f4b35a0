import type { CorrectRecord } from '../../src/domain/correct.decide.js';
import { evolve, fold } from '../../src/domain/fold.js';
import type { Change, DomainEvent } from '../../src/domain/record.js';
import type { RejectionCode } from '../../src/domain/rejection.js';
import { BodyShapes } from '../../src/http/shapes.js';
import { given, type Given } from '../support/given.js';
import {
  actionEnded,
  actionTaken,
  aSource,
  BLOG,
  CITED,
  COL,
  contactHeld,
  day,
  meetingCancelled,
  meetingHeld,
  meetingRescheduled,
  meetingScheduled,
  QAT,
  sanctionAmended,
  sanctionImposed,
  sanctionLifted,
  sourceRegistered,
  sourceWithdrawn,
  statementMade,
  statementSettled,
  USA,
  VEN,
  WIRE,
} from './samples.js';

const shapes = new BodyShapes();

/** Two sources on file, and these records. */
function filed(records: Record<string, DomainEvent[]> = { 'statement-1': [statementMade()] }): Given {
  const sources = aSource().and(BLOG, [sourceRegistered({ title: 'A blog', publishedAt: '2026-01-09' })]);
  return Object.entries(records)
    .reduce((desk, [id, events]) => desk.and(id, events), sources)
    .heldTo(shapes);
}

function correct(patch: Record<string, unknown>, otherwise: Partial<CorrectRecord> = {}): CorrectRecord {
  return { command: 'CorrectRecord', record: 'statement-1', patch, kind: 'correction', reason: 'the second edition says so', ...otherwise };
}

const corrected = (changes: Change[], otherwise: object = {}): DomainEvent => ({
  type: 'RecordCorrected',
  data: { kind: 'correction', reason: 'the second edition says so', changes, ...otherwise },
});

/** What the correction changes, field by field. */
function changesOf(desk: Given, command: CorrectRecord): Change[] {
  const event = desk.when(command).stored;
  if (event.type !== 'RecordCorrected') throw new Error(`not a correction: ${event.type}`);
  return event.data.changes;
}

describe('a correction', () => {
  it('keeps of each field what it said and what it says, with kind, reason, approver and sources', () => {
    filed()
      .when(
        correct(
          { summary: 'Colombia asks for talks', note: 'as in the second edition' },
          { approvedBy: 'the editor on duty', citations: CITED },
        ),
      )
      .thenStored({
        type: 'RecordCorrected',
        data: {
          kind: 'correction',
          reason: 'the second edition says so',
          approvedBy: 'the editor on duty',
          citations: CITED,
          changes: [
            { pointer: '/note', after: 'as in the second edition' },
            { pointer: '/summary', before: 'Colombia asks for direct talks again', after: 'Colombia asks for talks' },
          ],
        },
      });
  });

  it('names the deepest field that differs; a list and a date are one value', () => {
    const desk = filed({
      'sanction-1': [sanctionImposed({ measures: ['asset-freeze'] })],
      'meeting-1': [contactHeld({ place: { statedAs: 'the White House', party: 'USA' }, outcomes: { agreed: ['to talk'] } })],
    });
    const measures = ['asset-freeze', 'travel-ban'];
    expect(changesOf(desk, correct({ authority: { name: 'OFAC' }, measures, occurred: '2025-10-25' }, { record: 'sanction-1' }))).toEqual([
      { pointer: '/authority/name', before: 'US Treasury', after: 'OFAC' },
      { pointer: '/measures', before: ['asset-freeze'], after: measures },
      { pointer: '/occurred', before: day('2025-10-24'), after: day('2025-10-25') },
    ]);
    const patch = { place: { party: null }, outcomes: { unresolved: ['the sanctions'] } };
    expect(changesOf(desk, correct(patch, { record: 'meeting-1' }))).toEqual([
      { pointer: '/outcomes/unresolved', after: ['the sanctions'] },
      { pointer: '/place/party', before: 'USA' },
    ]);
  });

  it('takes a field away where the patch says null', () => {
    const desk = filed({ 'statement-1': [statementMade({ channel: 'press', addressees: [USA] })] });
    expect(changesOf(desk, correct({ channel: null }))).toEqual([{ pointer: '/channel', before: 'press' }]);
  });

  it('folds into the record, which reads as if it had been filed so', () => {
    const changes = changesOf(filed(), correct({ summary: 'Colombia asks for talks', place: { statedAs: 'Bogotá', party: 'COL' } }));
    const record = fold('statement-1', [statementMade(), corrected(changes)])!;
    expect(record.filed.data).toEqual(
      statementMade({ summary: 'Colombia asks for talks', place: { statedAs: 'Bogotá', party: 'COL' } }).data,
    );
  });

  it('can be made of a source', () => {
    expect(changesOf(filed(), correct({ publishedAt: '2026-01-07' }, { record: WIRE }))).toEqual([
      { pointer: '/publishedAt', before: '2026-01-08', after: '2026-01-07' },
    ]);
    const nameless = correct({ publisher: null, title: null }, { record: WIRE });
    filed().when(nameless).thenRejected('field-invalid', { pointer: '/patch/title', message: 'known by' });
    filed()
      .when(correct({ publishedAt: 'soon' }, { record: WIRE }))
      .thenRejected('date-unreadable', { pointer: '/patch/publishedAt' });
  });

  it('can be made of a later step, by its version', () => {
    const desk = filed({ 'meeting-1': [meetingScheduled(), meetingHeld('2026-02-03')] });
    desk.when(correct({ on: '2026-02-04', durationMinutes: 120 }, { record: 'meeting-1', step: 2, kind: 'typo' })).thenStored({
      type: 'RecordCorrected',
      data: {
        step: 2,
        kind: 'typo',
        changes: [
          { pointer: '/durationMinutes', after: 120 },
          { pointer: '/on', before: day('2026-02-03'), after: day('2026-02-04') },
        ],
      },
    });
  });

  it('is one of the record itself at step 1', () => {
    const event = filed().when(correct({ channel: 'press' }, { step: 1 })).stored;
    expect(event.data).not.toHaveProperty('step');
  });

  it.each<[RejectionCode, string, string, DomainEvent[], number]>([
    ['step-unknown', '/step', 'it has 2 (StatementSettled)', [statementSettled('granted', '2026-02-03')], 5],
    ['step-unknown', '/step', 'it has none', [{ type: 'QueryRaised', data: { question: 'who?' } }], 2],
    [
      'record-retracted',
      '/step',
      'reinstate it',
      [statementSettled('granted', '2026-02-03'), { type: 'RecordRetracted', data: { step: 2, reason: 'a mix-up' } }],
      2,
    ],
  ])('is refused with %s at %s where there is no such step (%s)', (code, pointer, message, later, step) => {
    filed({ 'statement-1': [statementMade(), ...later] })
      .when(correct({ outcome: 'refused' }, { step }))
      .thenRejected(code, { pointer, message });
  });
});

describe('what is no correction', () => {
  it.each<[string, Record<string, unknown>]>([
    ['an empty patch', {}],
    ['what is on file already', { summary: 'Colombia asks for direct talks again', occurred: '2026-01-07', modality: 'actual' }],
    ['taking away what is not there', { channel: null, place: null }],
    ['the same actors in another order of their fields', { speakers: [{ kind: 'government', party: 'COL' }] }],
  ])('changes nothing: %s', (_, patch) => {
    filed().when(correct(patch)).thenRejected('correction-changes-nothing', { pointer: '/patch', message: 'for example {"occurred"' });
  });

  it('stores nothing where this very correction was made', () => {
    const changes = [{ pointer: '/channel', after: 'press' }];
    const desk = filed({ 'statement-1': [statementMade(), corrected(changes, { approvedBy: 'the editor on duty' })] });
    desk.when(correct({ channel: 'press' }, { approvedBy: 'the editor on duty' })).thenNothing(2);
    desk.when(correct({ channel: 'press' }, { approvedBy: 'another editor' })).thenRejected('correction-changes-nothing');
    desk.when(correct({ channel: 'press' }, { kind: 'typo' })).thenRejected('correction-changes-nothing');
  });

  it('is not this very correction where the patch is of something else, though it gives the same reason', () => {
    const [press, topics] = [
      { pointer: '/channel', after: 'press' },
      { pointer: '/topics', after: ['diplomacy'] },
    ];
    const desk = filed({ 'statement-1': [statementMade(), corrected([press]), corrected([topics])] });
    desk.when(correct({ channel: 'press' })).thenNothing(2);
    desk.when(correct({ topics: ['diplomacy'] })).thenNothing(3);
    for (const patch of [{}, { place: null }]) desk.when(correct(patch)).thenRejected('correction-changes-nothing');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a field that there is not', { colour: 'red' }, '/patch/colour'],
    ['taking away a field that there is not', { colour: null }, '/patch/colour'],
    ['one deep within', { speakers: [{ ...COL, colour: 'red' }] }, '/patch/speakers/0/colour'],
    ['a field of a date that only the service fills in', { occurred: { latestBasis: 'recorded' } }, '/patch/occurred/latestBasis'],
    ['one of them taken away', { occurred: { own: null } }, '/patch/occurred/own'],
    [
      'whether a relationship was derived',
      { relationships: [{ key: 'COL-USA', role: 'primary', derived: true }] },
      '/patch/relationships/0/derived',
    ],
    ['the id', { id: 'statement-2' }, '/patch/id'],
    ['the kind', { kind: 'sanction' }, '/patch/kind'],
    ['the command', { command: 'ImposeSanction' }, '/patch/command'],
    ['a field of a step in the record itself', { on: '2026-01-07' }, '/patch/on'],
  ])('touches what cannot be corrected: %s', (_, patch, pointer) => {
    filed().when(correct(patch)).thenRejected('correction-of-unknown-field', { pointer });
  });

  it('says where links are changed', () => {
    filed()
      .when(correct({ links: [] }))
      .thenRejected('correction-of-unknown-field', { pointer: '/patch/links', message: 'POST /records/{id}/links' });
  });

  it.each<[RejectionCode, string, Record<string, unknown>]>([
    ['summary-missing', '/patch/summary', { summary: null }],
    ['summary-missing', '/patch/summary', { summary: '  ' }],
    ['citation-missing', '/patch/citations', { citations: null }],
    ['citation-missing', '/patch/citations', { citations: [] }],
    ['source-unknown', '/patch/citations/0/source', { citations: [{ source: 'source-lost' }] }],
    ['date-unreadable', '/patch/occurred', { occurred: null }],
    ['date-unreadable', '/patch/occurred', { occurred: 'soon' }],
    ['window-reversed', '/patch/occurred/latest', { occurred: { edtf: null, earliest: '2026-02-03', latest: '2026-01-03' } }],
    ['party-unknown', '/patch/speakers/0/party', { speakers: [{ party: 'Colombia', kind: 'government' }] }],
    ['field-invalid', '/patch/speakers', { speakers: null }],
    ['field-invalid', '/patch/speakers', { speakers: [] }],
    ['field-invalid', '/patch/speechAct', { speechAct: 'sing' }],
    ['field-invalid', '/patch/place/statedAs', { place: { party: 'USA' } }],
    ['link-target-unknown', '/patch/occurred/relativeTo/record', { occurred: { relativeTo: { record: 'meeting-lost' } } }],
  ])('breaks the record: %s at %s', (code, pointer, patch) => {
    filed().when(correct(patch)).thenRejected(code, { pointer });
  });

  it('says everything that is wrong at once, the reason included', () => {
    filed()
      .when(correct({ summary: null, speakers: [{ party: 'Colombia', kind: 'government' }] }, { reason: ' ' }))
      .thenRejectedFor({ '/reason': 'reason-missing', '/patch/speakers/0/party': 'party-unknown', '/patch/summary': 'summary-missing' });
  });
});

describe('a corrected date', () => {
  const dated = (occurred: object): Given => filed({ 'statement-1': [statementMade({ occurred } as never)] });
  const afterOf = (desk: Given, patch: Record<string, unknown>): unknown => changesOf(desk, correct(patch))[0]!.after;

  it('in its short form takes the place of the day, and leaves the words of the source', () => {
    const stated = { ...day('2026-01-07'), statedAs: 'on Wednesday', basis: 'editor-inferred' };
    expect(afterOf(dated(stated), { occurred: '2026-01' })).toEqual({
      statedAs: 'on Wednesday',
      edtf: '2026-01',
      earliest: '2026-01-01',
      latest: '2026-01-31',
      precision: 'month',
      basis: 'editor-inferred',
      latestBasis: 'stated',
    });
  });

  it('finds the year of a month', () => {
    const october = {
      statedAs: 'last October',
      edtf: 'XXXX-10',
      earliest: null,
      latest: '2026-01-08',
      precision: 'month',
      basis: 'stated',
      latestBasis: 'published',
    };
    expect(afterOf(dated(october), { occurred: '2025-10' })).toMatchObject({
      statedAs: 'last October',
      edtf: '2025-10',
      earliest: '2025-10-01',
      latest: '2025-10-31',
      precision: 'month',
      latestBasis: 'stated',
    });
  });

  it('in its full form is merged: what is not named stays', () => {
    const stated = {
      statedAs: 'early this month',
      edtf: '2026-01',
      earliest: '2026-01-01',
      latest: '2026-01-10',
      precision: 'range',
      basis: 'editor-inferred',
      latestBasis: 'stated',
    };
    expect(afterOf(dated(stated), { occurred: { latest: '2026-01-07' } })).toEqual({ ...stated, latest: '2026-01-07' });
    expect(afterOf(dated(stated), { occurred: { latest: null } })).toEqual({ ...stated, latest: '2026-01-31', precision: 'month' });
  });

  it('keeps the day on which it was settled, unless the days change', () => {
    const settled = { earliest: null, latest: '2026-01-06', precision: 'unknown', basis: 'stated', latestBasis: 'recorded' };
    expect(afterOf(dated(settled), { occurred: { statedAs: 'recently' } })).toEqual({ ...settled, statedAs: 'recently' });
    expect(afterOf(dated(settled), { occurred: '2026-01-05/..' })).toMatchObject({
      earliest: '2026-01-05',
      latest: '2026-01-08',
      latestBasis: 'published',
    });
  });

  it('is settled on the day of the correction where nothing else says one', () => {
    const desk = filed().and(WIRE, [sourceRegistered({ publishedAt: undefined })]);
    expect(afterOf(desk, { occurred: 'unknown' })).toMatchObject({ earliest: null, latest: '2026-02-05', latestBasis: 'recorded' });
  });

  it('leaves the settled day of what nobody touched, whatever was published when', () => {
    const settled = {
      earliest: null,
      latest: '2026-01-06',
      precision: 'unknown' as const,
      basis: 'stated' as const,
      latestBasis: 'published' as const,
    };
    expect(changesOf(dated(settled), correct({ citations: [{ source: BLOG }] }))).toEqual([
      { pointer: '/citations', before: CITED, after: [{ source: BLOG }] },
    ]);
  });
});

describe('sources of a corrected record', () => {
  const withdrawn = (): Given => filed().and(BLOG, [sourceRegistered(), sourceWithdrawn()]);

  it('may have fallen since they were cited', () => {
    const desk = withdrawn().and('statement-1', [statementMade({ citations: [{ source: BLOG }] })]);
    desk.when(correct({ channel: 'press' })).thenStored({ type: 'RecordCorrected', data: { changes: [{ pointer: '/channel' }] } });
    desk.when(correct({ citations: [{ source: BLOG }, { source: WIRE }] })).thenStored({ type: 'RecordCorrected' });
  });

  it('are not cited anew once they have fallen', () => {
    withdrawn()
      .when(correct({ citations: [{ source: BLOG }] }))
      .thenRejected('source-withdrawn', { pointer: '/patch/citations/0/source' });
    withdrawn()
      .when(correct({ channel: 'press' }, { citations: [{ source: BLOG }] }))
      .thenRejected('source-withdrawn', { pointer: '/citations/0/source' });
  });
});

describe('the relationships of a corrected record', () => {
  const derived = { key: 'COL-USA', role: 'primary', derived: true } as const;

  it('follow its sides where nobody gave them', () => {
    expect(changesOf(filed(), correct({ addressees: [VEN] }))).toEqual([
      { pointer: '/addressees', before: [USA], after: [VEN] },
      { pointer: '/relationships', before: [derived], after: [{ ...derived, key: 'COL-VEN' }] },
    ]);
  });

  it('stay where an editor gave them', () => {
    const desk = filed({ 'statement-1': [statementMade({ relationships: [{ key: 'COL-USA', role: 'primary' }] })] });
    expect(changesOf(desk, correct({ addressees: [VEN] })).map(({ pointer }) => pointer)).toEqual(['/addressees']);
  });

  it('stay where the sides are the same parties as before', () => {
    const speakers = [{ ...COL, name: 'Gustavo Petro', kind: 'person' as const }];
    expect(changesOf(filed(), correct({ speakers })).map(({ pointer }) => pointer)).toEqual(['/speakers']);
  });

  it('can be given by a correction', () => {
    expect(
      changesOf(
        filed(),
        correct({
          relationships: [
            { key: 'USA-COL', role: 'topic' },
            { key: 'COL-VEN', role: 'primary' },
          ],
        }),
      ),
    ).toEqual([
      {
        pointer: '/relationships',
        before: [derived],
        after: [
          { key: 'COL-USA', role: 'topic' },
          { key: 'COL-VEN', role: 'primary' },
        ],
      },
    ]);
  });

  it('are derived again where those given are taken away', () => {
    const desk = filed({ 'statement-1': [statementMade({ relationships: [{ key: 'COL-QAT', role: 'primary' }] })] });
    expect(changesOf(desk, correct({ relationships: null }))).toEqual([
      { pointer: '/relationships', before: [{ key: 'COL-QAT', role: 'primary' }], after: [derived] },
    ]);
  });

  it('follow what it was linked to, where nobody is named on the other side', () => {
    const links = [{ rel: 'about' as const, to: 'meeting-1' }];
    const desk = filed({ 'meeting-1': [contactHeld()], 'statement-1': [statementMade({ links })] });
    expect(changesOf(desk, correct({ addressees: null })).map(({ pointer }) => pointer)).toEqual(['/addressees']);
    filed()
      .when(correct({ addressees: null }))
      .thenRejected('relationship-unclear', { pointer: '/patch/relationships' });
  });

  it('must be named where more than two parties meet', () => {
    filed({ 'meeting-1': [contactHeld()] })
      .when(correct({ participants: [USA, COL, QAT] }, { record: 'meeting-1' }))
      .thenRejected('relationship-unclear', { pointer: '/patch/relationships' });
  });
});

describe('a correction and the life of its record', () => {
  const ended = [actionTaken(), actionEnded('completed', '2026-01-10')];
  const heldAtLast = [meetingScheduled(), meetingCancelled('2026-01-20'), meetingRescheduled('2026-01-25'), meetingHeld('2026-02-03')];

  it.each<[string, RejectionCode, string, string, DomainEvent[], Partial<CorrectRecord>]>([
    ['ended', 'action-not-standing', '/standing', 'ActionEnded on 2026-01-10 (version 2)', ended, { patch: { standing: false } }],
    [
      'dated before it',
      'step-too-early',
      '/occurred',
      'ActionEnded on 2026-01-10 (version 2)',
      ended,
      { patch: { occurred: '2026-01-11' } },
    ],
    ['held', 'meeting-cancelled', '/on', 'MeetingHeld on 2026-02-03 (version 4)', heldAtLast, { step: 3, patch: { on: '2026-01-19' } }],
  ])(
    'is refused where it can no longer be %s: %s at %s, and the step in the way is named',
    (_, code, field, obstacle, events, otherwise) => {
      const id = `${fold('x', events)!.kind}-1`;
      const desk = filed({ [id]: events });
      const refusal = { pointer: `/patch${field}`, message: `the record so corrected does not fit: ${obstacle}` };
      desk.when(correct({}, { record: id, ...otherwise })).thenRejected(code, refusal);
      const patch = { citations: [{ source: BLOG }], summary: 'otherwise', ...otherwise.patch };
      desk.when(correct({}, { record: id, ...otherwise, patch })).thenRejected(code, refusal);
    },
  );

  it('is refused where the corrected step itself does not fit, at the field that says so', () => {
    const desk = filed({ 'action-1': [actionTaken(), actionEnded('completed', '2026-01-10')] });
    desk.when(correct({ on: '2025-11-01' }, { record: 'action-1', step: 2 })).thenRejected('step-too-early', { pointer: '/patch/on' });
    const done = filed({ 'action-1': [actionTaken(), actionEnded('completed', '2026-01-10'), actionEnded('broken', '2026-01-12')] });
    done
      .when(correct({ on: '2026-01-13', summary: 'otherwise' }, { record: 'action-1', step: 2 }))
      .thenRejected('action-already-ended', { pointer: '/patch/on' });
    const settled = filed({ 'statement-1': [statementMade({ speechAct: 'praise' }), statementSettled('withdrawn', '2026-02-03')] });
    settled.when(correct({ outcome: 'granted' }, { step: 2 })).thenRejected('statement-not-open', { pointer: '/patch/outcome' });
  });

  it('is not stopped by a step that did not fit before', () => {
    const desk = filed({ 'action-1': [actionTaken({ occurred: day('2026-02-01') }), actionEnded('completed', '2026-01-10')] });
    desk.when(correct({ means: 'ships' }, { record: 'action-1' })).thenStored({ type: 'RecordCorrected' });
    desk.when(correct({ outcome: 'broken' }, { record: 'action-1', step: 2 })).thenStored({ type: 'RecordCorrected' });
  });

  it('withdraws a statement only for its speaker', () => {
    const step = statementSettled('granted', '2026-02-03');
    const desk = filed({ 'statement-1': [statementMade(), { ...step, data: { ...step.data, by: [USA] } } as DomainEvent] });
    desk.when(correct({ outcome: 'withdrawn' }, { step: 2 })).thenRejected('statement-not-open', { pointer: '/patch/by' });
    desk.when(correct({ outcome: 'withdrawn', by: [COL] }, { step: 2 })).thenStored({ type: 'RecordCorrected' });
  });
});

describe('the targets of a corrected sanction', () => {
  const wife = { id: 'wife', party: 'COL', descriptor: 'his wife', kind: 'person' };
  const son = { id: 'son', party: 'COL', descriptor: 'his son', kind: 'person' };
  const sanction = (...later: DomainEvent[]): Given => filed({ 'sanction-1': [sanctionImposed(), ...later] });
  const targets = (...all: object[]): CorrectRecord => correct({ targets: all }, { record: 'sanction-1' });

  it('carry their ids; a new one gets an id that no target ever had', () => {
    const after = [wife, son, { party: 'COL', descriptor: 'his brother', kind: 'person' }];
    const added = sanctionAmended('2026-01-10', { addTargets: [{ id: 't1', descriptor: 'his company', kind: 'company' }] });
    expect(changesOf(sanction(added), targets(...after))).toEqual([
      { pointer: '/targets', before: [wife, son], after: [wife, son, { ...after[2], id: 't2' }] },
    ]);
  });

  it('keep an id that a correction took away from being given again by itself', () => {
    const t1 = { id: 't1', party: 'COL', descriptor: 'his wife', kind: 'person' as const };
    const gone = corrected([{ pointer: '/targets', before: [t1, son], after: [son] }]);
    const desk = filed({ 'sanction-1': [sanctionImposed({ targets: [t1, son as never] }), gone] });
    const [change] = changesOf(desk, targets(son, { descriptor: 'his company', kind: 'company' }));
    expect(change!.after).toEqual([son, { descriptor: 'his company', kind: 'company', id: 't2' }]);
  });

  it('never share an id with one that an amendment added', () => {
    const added = sanctionAmended('2026-01-10', { addTargets: [{ id: 'firm', descriptor: 'his company', kind: 'company' }] });
    sanction(added)
      .when(targets(wife, son, { id: 'firm', descriptor: 'another company', kind: 'company' }))
      .thenRejected('target-id-used', { pointer: '/patch/targets/2/id' });
  });

  it.each([
    ['by name', ['wife']],
    ['with all others', undefined],
  ])('are not taken out once they were lifted %s', (_, lifted) => {
    sanction(sanctionLifted('2026-01-10', lifted))
      .when(targets(son))
      .thenRejected('target-id-used', { pointer: '/patch/targets', message: '"wife" was lifted on 2026-01-10 (version 2)' });
  });

  it('can be taken out while none of them has a lift', () => {
    expect(changesOf(sanction(sanctionLifted('2026-01-10', ['son'])), targets(son))).toHaveLength(1);
  });

  it('of an amendment keep their ids as well', () => {
    const firm = { id: 't1', descriptor: 'his company', kind: 'company' as const };
    const desk = sanction(sanctionAmended('2026-01-10', { addTargets: [firm] }));
    const command = correct({ addTargets: [{ ...firm, name: 'Empresa' }] }, { record: 'sanction-1', step: 2 });
    expect(changesOf(desk, command)).toEqual([{ pointer: '/addTargets', before: [firm], after: [{ ...firm, name: 'Empresa' }] }]);
    const nothing = correct({ addTargets: null }, { record: 'sanction-1', step: 2 });
    desk.when(nothing).thenRejected('field-invalid', { pointer: '/patch', message: 'say what changes' });
  });
});

describe('dates in a circle', () => {
  const leaning = (record: string, step?: number): object => ({
    earliest: '2026-01-08',
    latest: '2026-01-08',
    precision: 'day',
    basis: 'stated',
    latestBasis: 'stated',
    relativeTo: { record, ...(step !== undefined && { step }), minDays: 1, maxDays: 1 },
    own: { earliest: null, latest: null },
  });
  const statement = (occurred: object): DomainEvent => statementMade({ occurred } as never);
  const after = (record: string, step?: number): Record<string, unknown> => ({
    relativeTo: { record, ...(step !== undefined && { step }), minDays: -1, maxDays: -1 },
  });

  it('are refused from a record to itself', () => {
    filed()
      .when(correct({ occurred: after('statement-1') }))
      .thenRejected('date-circular', { pointer: '/patch/occurred/relativeTo/record' });
  });

  it('are refused over one other record, and over many', () => {
    const desk = filed({
      'statement-1': [statementMade()],
      'statement-2': [statement(leaning('statement-1'))],
      'statement-3': [statement(leaning('statement-2'))],
    });
    for (const record of ['statement-2', 'statement-3'])
      desk.when(correct({ occurred: after(record) })).thenRejected('date-circular', { message: 'a day of its own' });
  });

  it('are refused over a step', () => {
    const held = meetingHeld('2026-02-03');
    const desk = filed({
      'meeting-1': [meetingScheduled(), held],
      'statement-1': [statement(leaning('meeting-1', 2))],
    });
    desk
      .when(correct({ on: after('statement-1') }, { record: 'meeting-1', step: 2 }))
      .thenRejected('date-circular', { pointer: '/patch/on/relativeTo/record' });
  });

  it('or in a chain of more than 50 links are refused, a chain of 50 is not', () => {
    const records: Record<string, DomainEvent[]> = { 'statement-0': [statementMade()], 'statement-1': [statementMade()] };
    for (let n = 2; n <= 52; n += 1) records[`statement-${n}`] = [statement(leaning(`statement-${n === 2 ? 0 : n - 1}`))];
    const desk = filed(records);
    desk.when(correct({ occurred: after('statement-50') })).thenStored({ type: 'RecordCorrected' });
    desk
      .when(correct({ occurred: after('statement-51') }))
      .thenRejected('field-invalid', { pointer: '/patch/occurred/relativeTo/record', message: 'statement-0 over 51 links' });
    desk.when(correct({ channel: 'press' }, { record: 'statement-52' })).thenStored({ type: 'RecordCorrected' });
  });

  it('are none where a step leans on its own record, or a record on a step of one that leans on it', () => {
    const desk = filed({ 'meeting-1': [meetingScheduled(), meetingHeld('2026-02-03')], 'statement-1': [statement(leaning('meeting-1'))] });
    const on = { relativeTo: { record: 'meeting-1', minDays: 27, maxDays: 27 } };
    const [change] = changesOf(desk, correct({ on: { edtf: null, ...on } }, { record: 'meeting-1', step: 2 }));
    expect(change!.after).toMatchObject({ earliest: '2026-02-03', latest: '2026-02-03', ...on });
    const [other] = changesOf(
      desk,
      correct({ on: { edtf: null, relativeTo: { record: 'statement-1' } } }, { record: 'meeting-1', step: 2 }),
    );
    expect(other!.pointer).toBe('/on');
  });

  it('stay where they are while another field is corrected, even where the other record has moved too far', () => {
    const bounded = { ...leaning('statement-2'), own: { earliest: null, latest: '2026-01-08' } };
    const desk = filed({ 'statement-2': [statementMade({ occurred: day('2026-03-01') })], 'statement-1': [statement(bounded)] });
    expect(changesOf(desk, correct({ channel: 'press' }))).toEqual([{ pointer: '/channel', after: 'press' }]);
    desk.when(correct({ occurred: { statedAs: 'the next day' } })).thenRejected('window-reversed', { pointer: '/patch/occurred' });
  });

  it('are settled on the day of filing once more where the other one has pushed them past it', () => {
    const pushed = {
      earliest: '2026-03-01',
      latest: '2026-03-01',
      precision: 'range',
      basis: 'stated',
      latestBasis: 'recorded',
      relativeTo: { record: 'statement-2', minDays: 0 },
      own: { earliest: null, latest: null, settled: '2026-01-20' },
    };
    const desk = filed({ 'statement-2': [statementMade({ occurred: day('2026-03-01') })], 'statement-1': [statement(pushed)] }).and(WIRE, [
      sourceRegistered({ publishedAt: undefined }),
    ]);
    const [worded] = changesOf(desk, correct({ occurred: { statedAs: 'later' } }));
    expect(worded!.after).toEqual({ ...pushed, statedAs: 'later' });
    const [moved] = changesOf(desk, correct({ occurred: { relativeTo: { minDays: -60 } } }));
    expect(moved!.after).toMatchObject({ earliest: '2025-12-31', latest: '2026-01-20', own: { earliest: null, latest: null } });
  });

  it('keep their own bounds apart from those of the other record', () => {
    const desk = filed({
      'statement-2': [statementMade({ occurred: day('2026-01-07') })],
      'statement-1': [statement(leaning('statement-2'))],
    });
    const [change] = changesOf(desk, correct({ occurred: { relativeTo: { maxDays: 3 } } }));
    expect(change!.after).toMatchObject({
      earliest: '2026-01-08',
      latest: '2026-01-10',
      precision: 'range',
      own: { earliest: null, latest: null },
      relativeTo: { record: 'statement-2', minDays: 1, maxDays: 3 },
    });
  });
});

describe('every kind of record and step', () => {
  it.each<[string, DomainEvent[], number | undefined, Record<string, unknown>]>([
    ['a source', [sourceRegistered()], undefined, { language: 'en' }],
    ['a statement', [statementMade()], undefined, { modality: 'conditional', condition: 'if asked' }],
    ['a settlement', [statementMade(), statementSettled('granted', '2026-02-03')], 2, { outcome: 'refused' }],
    ['a sanction', [sanctionImposed()], undefined, { program: 'SDNT' }],
    ['an amendment', [sanctionImposed(), sanctionAmended('2026-01-10', { addMeasures: ['travel-ban'] })], 2, { addMeasures: ['tariff'] }],
    ['a lift', [sanctionImposed(), sanctionLifted('2026-01-10')], 2, { targets: ['son'] }],
    ['a scheduling', [meetingScheduled()], undefined, { window: '2026-02' }],
    ['a contact', [contactHeld()], undefined, { format: 'video' }],
    ['a holding', [meetingScheduled(), meetingHeld('2026-02-03')], 2, { place: { statedAs: 'the Oval Office' } }],
    ['a cancellation', [meetingScheduled(), meetingCancelled('2026-01-20')], 2, { by: [COL] }],
    ['an action', [actionTaken()], undefined, { consent: 'joint' }],
    ['an end', [actionTaken(), actionEnded('completed', '2026-02-01')], 2, { outcome: 'broken' }],
  ])('can be corrected, and says nothing new the second time: %s', (_, events, step, patch) => {
    const id = `${fold('x', events)!.kind}-1`;
    const command = correct(patch, { record: id, ...(step !== undefined && { step }) });
    const event = filed({ [id]: events }).when(command).stored;
    expect(event).toMatchObject({ type: 'RecordCorrected' });
    const desk = filed({ [id]: [...events, event] });
    desk.when(command).thenNothing(events.length + 1);
    const before = fold(id, events);
    expect(evolve(id, before, event).version).toBe(events.length + 1);
  });

  it('can be corrected back', () => {
    const event = filed().when(correct({ channel: 'press' })).stored;
    const desk = filed({ 'statement-1': [statementMade(), event] });
    const back = desk.when(correct({ channel: null })).stored;
    expect(fold('statement-1', [statementMade(), event, back])!.filed.data).toEqual(statementMade().data);
  });
});

describe('a retracted record', () => {
  it('is reinstated before it is corrected', () => {
    given('statement-1', [statementMade(), { type: 'RecordRetracted', data: { reason: 'a mix-up' } }])
      .when(correct({ channel: 'press' }))
      .thenRejected('record-retracted', { message: 'reinstate it first' });
  });
});

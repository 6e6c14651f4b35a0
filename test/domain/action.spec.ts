import type { TakeAction } from '../../src/domain/action/action.decide.js';
import { ACTS, ENDINGS } from '../../src/domain/action/action.events.js';
import { fold } from '../../src/domain/fold.js';
import { lifeAt, lifeName } from '../../src/domain/life.js';
import type { DomainEvent } from '../../src/domain/record.js';
import type { RejectionCode } from '../../src/domain/rejection.js';
import { actionEnded, actionTaken, aSource, COL, day, endAction, takeAction, USA, VEN } from './samples.js';

const filed = (...events: DomainEvent[]) => aSource().and('action-1', events);
const life = (...events: DomainEvent[]) => lifeAt(fold('action-1', events)!);

const STANDING = [
  'official-detained',
  'deployment',
  'blockade',
  'airspace-closure',
  'border-closure',
  'ceasefire',
  'recall',
  'relations-broken',
  'embassy-closed',
];

describe('taking an action', () => {
  it('keeps who did what to whom, with what means and by whose consent', () => {
    aSource()
      .when(takeAction({ act: 'exercise', consent: 'joint', means: 'an aircraft carrier', place: { statedAs: 'the Caribbean' } }))
      .thenStored({
        type: 'ActionTaken',
        data: {
          act: 'exercise',
          actors: [USA],
          targets: [VEN],
          consent: 'joint',
          means: 'an aircraft carrier',
          place: { statedAs: 'the Caribbean' },
          relationships: [{ key: 'USA-VEN', role: 'primary', derived: true }],
        },
      });
  });

  it.each(ACTS.map((act) => [act, STANDING.includes(act)] as const))('%s stands: %s', (act, standing) => {
    const taken = aSource().when(takeAction({ act })).stored;
    expect(taken.data).toMatchObject({ standing });
    expect(life(taken)).toEqual({ kind: 'action', state: standing ? 'standing' : 'done' });
  });

  it.each([
    ['deployment', false, 'done'],
    ['cooperation', true, 'standing'],
  ] as const)('%s stands as the editor says: %s', (act, standing, state) => {
    expect(life(aSource().when(takeAction({ act, standing })).stored)).toEqual({ kind: 'action', state });
  });

  it('is between those who did it together where nobody is named on the other side', () => {
    aSource()
      .when(takeAction({ act: 'agreement-signed', actors: [USA, COL], targets: [] }))
      .thenStored({ type: 'ActionTaken', data: { relationships: [{ key: 'COL-USA', role: 'primary', derived: true }] } });
  });

  const nobody = { party: 'XYZ', kind: 'government' } as const;
  it.each<[RejectionCode, string, string, Partial<TakeAction>]>([
    ['field-invalid', '/actors', '{"kind": "unstated"}', { actors: [] }],
    ['party-unknown', '/actors/0/party', 'such as COL', { actors: [nobody] }],
    ['party-unknown', '/targets/1/party', 'such as COL', { targets: [VEN, nobody] }],
    ['relationship-unclear', '/relationships', '"key": "COL-USA"', { targets: undefined }],
  ])('refuses with %s at %s', (code, pointer, message, otherwise) => {
    aSource().when(takeAction(otherwise)).thenRejected(code, { pointer, message });
  });
});

describe('ending an action', () => {
  const states: Record<string, DomainEvent[]> = {
    done: [actionTaken({ act: 'strike', standing: false })],
    standing: [actionTaken()],
    ended: [actionTaken(), actionEnded('lapsed', '2026-01-15')],
  };
  const rules = { done: 'action-not-standing', standing: 'ended', ended: 'action-already-ended' } as const;
  const table = (['done', 'standing', 'ended'] as const).flatMap((state) =>
    ENDINGS.map((outcome) => [state, outcome, rules[state]] as const),
  );

  it.each(table)('one that is %s, as %s: %s', (state, outcome, result) => {
    const asked = filed(...states[state]!).when(endAction({ outcome }));
    if (result === 'ended') expect(life(...states[state]!, asked.stored)).toEqual({ kind: 'action', state: 'ended', outcome });
    else asked.thenRejected(result, { message: result === 'action-not-standing' ? 'only a standing action ends' : 'lapsed' });
  });

  it('is completed unless said otherwise', () => {
    filed(actionTaken())
      .when(endAction())
      .thenStored({ type: 'ActionEnded', data: { outcome: 'completed', on: day('2026-02-01') } });
  });

  it('ends it from that day on, and not before', () => {
    const ended = fold('action-1', [actionTaken(), actionEnded('completed', '2026-02-01')])!;
    expect(['2026-01-31', '2026-02-01'].map((asOf) => lifeName(ended, asOf))).toEqual(['standing', 'ended']);
  });

  it('needs a day and a source', () => {
    filed(actionTaken())
      .when(endAction({ on: undefined, citations: undefined }))
      .thenRejectedFor({ '/citations': 'citation-missing', '/on': 'date-unreadable' });
  });

  it('is no error when asked twice, with or without naming the default', () => {
    filed(actionTaken(), actionEnded('completed', '2026-02-01')).when(endAction()).thenNothing(2);
    filed(actionTaken(), actionEnded('completed', '2026-02-01'))
      .when(endAction({ outcome: 'completed' }))
      .thenNothing(2);
  });

  it('cannot end in two ways', () => {
    filed(actionTaken(), actionEnded('completed', '2026-02-01'))
      .when(endAction({ outcome: 'broken' }))
      .thenRejected('action-already-ended', { message: 'completed' });
  });
});

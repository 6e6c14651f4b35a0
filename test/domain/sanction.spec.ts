import { fold } from '../../src/domain/fold.js';
import { lifeAt, lifeName } from '../../src/domain/life.js';
import type { DomainEvent } from '../../src/domain/record.js';
import type { RejectionCode } from '../../src/domain/rejection.js';
import type { AmendSanction, ImposeSanction, LiftSanction } from '../../src/domain/sanction/sanction.decide.js';
import { targetsInForce, type SanctionLife } from '../../src/domain/sanction/sanction.events.js';
import {
  amendSanction,
  aSource,
  CITED,
  day,
  imposeSanction,
  liftSanction,
  sanctionAmended,
  sanctionImposed,
  sanctionLifted,
  within,
} from './samples.js';

const filed = (...events: DomainEvent[]) => aSource().and('sanction-1', events);
const nameOn = (asOf: string, ...events: DomainEvent[]) => lifeName(fold('sanction-1', events)!, asOf);

function lifeOn(asOf: string, ...events: DomainEvent[]): SanctionLife {
  const life = lifeAt(fold('sanction-1', events)!, asOf);
  if (life.kind !== 'sanction') throw new TypeError('not a sanction');
  return life;
}

function inForce(asOf: string, ...events: DomainEvent[]): string[] {
  return targetsInForce(lifeOn(asOf, ...events), asOf).map(({ id }) => id);
}

describe('imposing a sanction', () => {
  it('keeps who restricts whom, in force and with no measures unless said otherwise', () => {
    aSource()
      .when(imposeSanction())
      .thenStored({
        type: 'SanctionImposed',
        data: {
          authority: { party: 'USA', name: 'US Treasury', kind: 'institution' },
          targets: [{ id: 't1', party: 'COL', descriptor: 'his wife', kind: 'person' }],
          measures: [],
          stage: 'in-force',
          relationships: [{ key: 'COL-USA', role: 'primary', derived: true }],
        },
      });
  });

  it('keeps its grounds as the authority’s allegation, never the newsroom’s', () => {
    aSource()
      .when(imposeSanction({ grounds: { text: 'links to the illicit drug trade' }, program: 'a programme', legalBasis: 'an order' }))
      .thenStored({
        type: 'SanctionImposed',
        data: { grounds: { text: 'links to the illicit drug trade', alleged: true }, program: 'a programme', legalBasis: 'an order' },
      });
  });

  it('names each measure once', () => {
    aSource()
      .when(imposeSanction({ measures: ['travel-ban', 'asset-freeze', 'travel-ban'] }))
      .thenStored({ type: 'SanctionImposed', data: { measures: ['travel-ban', 'asset-freeze'] } });
  });

  it('gives ids t1, t2, … to targets without one, around those that have one', () => {
    const target = { party: 'COL', kind: 'person' } as const;
    aSource()
      .when(
        imposeSanction({
          targets: [
            { ...target, descriptor: 'his wife', id: 't2' },
            { ...target, descriptor: 'his son' },
            { ...target, descriptor: 'the interior minister' },
            { ...target, descriptor: 'a brother', id: 'b' },
          ],
        }),
      )
      .thenStored({ type: 'SanctionImposed', data: { targets: [{ id: 't2' }, { id: 't1' }, { id: 't3' }, { id: 'b' }] } });
  });

  it('leaves the day of its expiry open where none is stated, for it is no fact', () => {
    aSource()
      .when(imposeSanction({ effectiveOn: '2025-11', expiresOn: { statedAs: 'until further notice' } }))
      .thenStored({
        type: 'SanctionImposed',
        data: { effectiveOn: { earliest: '2025-11-01', latest: '2025-11-30' }, expiresOn: { earliest: null, latest: null } },
      });
  });

  const wife = { descriptor: 'his wife', kind: 'person' as const };
  it.each<[RejectionCode, string, string, Partial<ImposeSanction>]>([
    ['field-invalid', '/targets', '"his wife"', { targets: [] }],
    ['field-invalid', '/targets/0/descriptor', '"his wife"', { targets: [{ kind: 'person' }] }],
    ['party-unknown', '/targets/1/party', 'such as COL', { targets: [wife, { ...wife, party: 'XYZ' }] }],
    ['party-unknown', '/authority/party', 'such as COL', { authority: { party: 'XYZ', kind: 'institution' } }],
    [
      'target-id-used',
      '/targets/1/id',
      'choose another',
      {
        targets: [
          { ...wife, id: 'wife' },
          { ...wife, id: 'wife' },
        ],
      },
    ],
    ['date-unreadable', '/effectiveOn', '2026-02-03', { effectiveOn: 'soon' }],
    ['window-reversed', '/expiresOn', '2026-01/2026-03', { expiresOn: '2026-03/2026-01' }],
  ])('refuses with %s at %s', (code, pointer, message, otherwise) => {
    aSource().when(imposeSanction(otherwise)).thenRejected(code, { pointer, message });
  });

  it('names every target of an unknown party', () => {
    const lost = { ...wife, party: 'XYZ' };
    aSource()
      .when(imposeSanction({ targets: [lost, wife, lost] }))
      .thenRejectedFor({ '/targets/0/party': 'party-unknown', '/targets/2/party': 'party-unknown' });
  });
});

describe('the life of a sanction', () => {
  const states: Record<string, DomainEvent[]> = {
    announced: [sanctionImposed({ stage: 'announced' })],
    unclear: [sanctionImposed({ stage: 'unclear' })],
    'in force': [sanctionImposed()],
    'not yet in effect': [sanctionImposed({ effectiveOn: day('2026-06-01') })],
    'lifted in part': [sanctionImposed(), sanctionLifted('2026-01-01', ['son'])],
    lifted: [sanctionImposed(), sanctionLifted('2026-01-01')],
    expired: [sanctionImposed({ expiresOn: day('2026-01-01') })],
  };
  const steps: Record<string, AmendSanction | LiftSanction> = {
    'lift all': liftSanction({ on: '2026-02-01' }),
    'lift the wife': liftSanction({ on: '2026-02-01', targets: ['wife'] }),
    'lift the son': liftSanction({ on: '2026-02-01', targets: ['son'] }),
    'put in force': amendSanction({ on: '2026-02-01', stage: 'in-force' }),
    'add a measure': amendSanction({ on: '2026-02-01', addMeasures: ['travel-ban'] }),
    'add a target': amendSanction({ on: '2026-02-01', addTargets: [{ descriptor: 'the interior minister', kind: 'person' }] }),
    'take out the son': amendSanction({ on: '2026-02-01', removeTargets: ['son'] }),
    extend: amendSanction({ on: '2026-02-01', expiresOn: '2027' }),
  };

  /** Which rule refuses the step in that state; the last column tells how the record then reads on the same day. */
  const table: Record<string, Record<string, string>> = {
    announced: {
      'lift all': 'sanction-not-in-force',
      'lift the wife': 'sanction-not-in-force',
      'lift the son': 'sanction-not-in-force',
      'put in force': 'in-force',
      'add a measure': 'announced',
      'add a target': 'announced',
      'take out the son': 'announced',
      extend: 'announced',
    },
    unclear: {
      'lift all': 'sanction-not-in-force',
      'lift the wife': 'sanction-not-in-force',
      'lift the son': 'sanction-not-in-force',
      'put in force': 'in-force',
      'add a measure': 'unclear',
      'add a target': 'unclear',
      'take out the son': 'unclear',
      extend: 'unclear',
    },
    'in force': {
      'lift all': 'lifted',
      'lift the wife': 'in-force',
      'lift the son': 'in-force',
      'put in force': 'in-force',
      'add a measure': 'in-force',
      'add a target': 'in-force',
      'take out the son': 'in-force',
      extend: 'in-force',
    },
    'not yet in effect': {
      'lift all': 'sanction-not-in-force',
      'lift the wife': 'sanction-not-in-force',
      'lift the son': 'sanction-not-in-force',
      'put in force': 'announced',
      'add a measure': 'announced',
      'add a target': 'announced',
      'take out the son': 'announced',
      extend: 'announced',
    },
    'lifted in part': {
      'lift all': 'lifted',
      'lift the wife': 'lifted',
      'lift the son': 'target-not-sanctioned',
      'put in force': 'in-force',
      'add a measure': 'in-force',
      'add a target': 'in-force',
      'take out the son': 'target-id-used',
      extend: 'in-force',
    },
    lifted: {
      'lift all': 'sanction-not-in-force',
      'lift the wife': 'sanction-not-in-force',
      'lift the son': 'sanction-not-in-force',
      'put in force': 'sanction-not-in-force',
      'add a measure': 'sanction-not-in-force',
      'add a target': 'in-force',
      'take out the son': 'target-id-used',
      extend: 'sanction-not-in-force',
    },
    expired: {
      'lift all': 'sanction-not-in-force',
      'lift the wife': 'sanction-not-in-force',
      'lift the son': 'sanction-not-in-force',
      'put in force': 'sanction-not-in-force',
      'add a measure': 'sanction-not-in-force',
      'add a target': 'sanction-not-in-force',
      'take out the son': 'sanction-not-in-force',
      extend: 'in-force',
    },
  };
  const refusals = ['sanction-not-in-force', 'target-not-sanctioned', 'target-id-used'] as const;
  const cases = Object.entries(table).flatMap(([state, row]) => Object.entries(row).map(([step, result]) => ({ state, step, result })));

  it.each(cases)('one that is $state: $step → $result', ({ state, step, result }) => {
    const asked = filed(...states[state]!).when(steps[step]!);
    const refusal = refusals.find((code) => code === result);
    if (refusal !== undefined) asked.thenRejected(refusal);
    else expect(nameOn('2026-02-01', ...states[state]!, asked.stored)).toBe(result);
  });

  it('stands from the day it took effect, where that was stated', () => {
    const later = sanctionImposed({ effectiveOn: day('2025-11-01') });
    expect(['2025-10-24', '2025-10-31', '2025-11-01'].map((asOf) => inForce(asOf, later))).toEqual([[], [], ['wife', 'son']]);
    expect(nameOn('2025-10-31', later)).toBe('announced');
  });

  it('stands, where it was only announced, from the day on which it was put in force', () => {
    const events = [sanctionImposed({ stage: 'announced' }), sanctionAmended('2026-01-10', { stage: 'in-force' })];
    expect(lifeOn('2026-02-01', ...events).since).toBe('2026-01-10');
    expect(['2026-01-09', '2026-01-10'].map((asOf) => nameOn(asOf, ...events))).toEqual(['announced', 'in-force']);
  });

  it('no longer stands on the day on which it expires', () => {
    const events = [sanctionImposed({ expiresOn: day('2026-01-01') })];
    expect(['2025-12-31', '2026-01-01'].map((asOf) => nameOn(asOf, ...events))).toEqual(['in-force', 'expired']);
    expect(inForce('2026-01-01', ...events)).toEqual([]);
  });

  it('expires with the last day of a vague date', () => {
    expect(
      ['2026-03-30', '2026-03-31'].map((asOf) => nameOn(asOf, sanctionImposed({ expiresOn: within('2026-03-01', '2026-03-31') }))),
    ).toEqual(['in-force', 'expired']);
  });

  it('stands for each target until its own lift', () => {
    const events = [sanctionImposed(), sanctionLifted('2026-01-01', ['son']), sanctionLifted('2026-01-15')];
    expect(['2025-12-31', '2026-01-01', '2026-01-15'].map((asOf) => inForce(asOf, ...events))).toEqual([['wife', 'son'], ['wife'], []]);
    expect(nameOn('2026-01-15', ...events)).toBe('lifted');
  });

  it('is not lifted by anything else: no meeting, no talk of sanctions, only a lift', () => {
    expect(inForce('2030-01-01', sanctionImposed())).toEqual(['wife', 'son']);
  });
});

describe('lifting a sanction', () => {
  it('frees all targets where none is named, an empty list being the same as none', () => {
    const lifted = filed(sanctionImposed()).when(liftSanction({ targets: [] })).stored;
    expect(lifted.data).not.toHaveProperty('targets');
    expect(inForce('2026-05-01', sanctionImposed(), lifted)).toEqual([]);
  });

  it('names the targets that it could free when another one is named', () => {
    filed(sanctionImposed())
      .when(liftSanction({ targets: ['wife', 'brother'] }))
      .thenRejected('target-not-sanctioned', { pointer: '/targets/1', message: 'its targets are wife, son' });
  });

  it('says that it must be put in force first', () => {
    filed(sanctionImposed({ stage: 'announced' }))
      .when(liftSanction())
      .thenRejected('sanction-not-in-force', { message: 'amend its stage first' });
  });

  it('is refused from the day of its expiry on', () => {
    const until = sanctionImposed({ expiresOn: day('2026-05-01') });
    filed(until)
      .when(liftSanction({ on: '2026-04-30' }))
      .thenStored({ type: 'SanctionLifted' });
    filed(until)
      .when(liftSanction({ on: '2026-05-01' }))
      .thenRejected('sanction-not-in-force', { pointer: '/on', message: '2026-05-01' });
  });

  it('is refused before it takes effect, but not once it can have', () => {
    const vague = sanctionImposed({ effectiveOn: within('2026-03-01', '2026-03-31') });
    filed(vague)
      .when(liftSanction({ on: '2026-02-28' }))
      .thenRejected('sanction-not-in-force', { pointer: '/on', message: 'takes effect on 2026-03-01' });
    filed(vague)
      .when(liftSanction({ on: '2026-03-01' }))
      .thenStored({ type: 'SanctionLifted' });
  });

  it('is not held back by a day of effect that an amendment overtook', () => {
    const announced = sanctionImposed({ stage: 'announced', effectiveOn: day('2026-06-01') });
    filed(announced, sanctionAmended('2026-01-10', { stage: 'in-force' }))
      .when(liftSanction({ on: '2026-01-15' }))
      .thenStored({ type: 'SanctionLifted' });
  });

  it('is no error when asked twice, also when another target was lifted since', () => {
    filed(sanctionImposed(), sanctionLifted('2026-05-01')).when(liftSanction()).thenNothing(2);
    filed(sanctionImposed(), sanctionLifted('2026-05-01', ['wife']), sanctionLifted('2026-05-02', ['son']))
      .when(liftSanction({ targets: ['wife'] }))
      .thenNothing(2);
  });

  it('is another lift for another reason, which the rules of its life decide', () => {
    filed(sanctionImposed(), sanctionLifted('2026-05-01'))
      .when(liftSanction({ reason: 'a court said so' }))
      .thenRejected('sanction-not-in-force');
  });
});

describe('amending a sanction', () => {
  it('adds and takes out targets and measures, and changes stage and expiry', () => {
    const events = [
      sanctionImposed({ stage: 'unclear' }),
      sanctionAmended('2026-01-10', {
        addTargets: [{ id: 'minister', descriptor: 'the interior minister', kind: 'person' }],
        removeTargets: ['son'],
        addMeasures: ['travel-ban'],
        removeMeasures: ['asset-freeze'],
        stage: 'in-force',
        expiresOn: day('2027-01-01'),
      }),
    ];
    expect(inForce('2026-01-10', ...events)).toEqual(['wife', 'minister']);
    expect(lifeOn('2026-01-10', ...events)).toMatchObject({ measures: ['travel-ban'], since: '2026-01-10', expires: '2027-01-01' });
    expect(lifeOn('2026-01-09', ...events)).toMatchObject({ stage: 'unclear', measures: ['asset-freeze'], since: null, expires: null });
  });

  it('gives a new target an id that none ever had', () => {
    const history = [sanctionImposed({ targets: [{ id: 't1', descriptor: 'his wife', kind: 'person' }] })];
    const added = filed(
      ...history,
      sanctionAmended('2026-01-01', { addTargets: [{ id: 't2', descriptor: 'his son', kind: 'person' }] }),
    ).when(amendSanction({ addTargets: [{ descriptor: 'the interior minister', kind: 'person' }] }));
    added.thenStored({ type: 'SanctionAmended', data: { addTargets: [{ id: 't3', descriptor: 'the interior minister' }] } });
  });

  it.each([
    ['at first', [sanctionImposed()]],
    ['and was taken out', [sanctionImposed(), sanctionAmended('2026-01-01', { removeTargets: ['son'] })]],
    [
      'by an amendment dated later',
      [
        sanctionImposed({ targets: [{ id: 'wife', descriptor: 'his wife', kind: 'person' }] }),
        sanctionAmended('2026-02-01', { addTargets: [{ id: 'son', descriptor: 'his son', kind: 'person' }] }),
      ],
    ],
  ])('never uses an id again that a target had %s', (_, events) => {
    filed(...events)
      .when(amendSanction({ addTargets: [{ id: 'son', descriptor: 'another son', kind: 'person' }] }))
      .thenRejected('target-id-used', { pointer: '/addTargets/0/id', message: 'choose another' });
  });

  it('does not take out a target that was lifted, even if the lift is dated later', () => {
    filed(sanctionImposed(), sanctionLifted('2026-02-01', ['son']))
      .when(amendSanction({ on: '2026-01-10', removeTargets: ['wife', 'son'] }))
      .thenRejected('target-id-used', { pointer: '/removeTargets/1', message: 'a lift is kept' });
  });

  it('does not take out what is no target then', () => {
    filed(sanctionImposed())
      .when(amendSanction({ removeTargets: ['brother'] }))
      .thenRejected('target-not-sanctioned', { pointer: '/removeTargets/0', message: 'it has wife, son' });
    filed(sanctionImposed(), sanctionAmended('2026-01-01', { removeTargets: ['son'] }))
      .when(amendSanction({ removeTargets: ['son'] }))
      .thenRejected('target-not-sanctioned', { pointer: '/removeTargets/0' });
  });

  it.each([{}, { addTargets: [], removeTargets: [], addMeasures: [] }])(
    'must change something, an empty list being the same as none: %j',
    (changes) => {
      filed(sanctionImposed()).when(amendSanction(changes)).thenRejected('field-invalid', { message: '{"addMeasures": ["travel-ban"]}' });
    },
  );

  it('refuses a new target that nobody could tell, and a date that cannot be read, both at once', () => {
    filed(sanctionImposed())
      .when(amendSanction({ addTargets: [{ kind: 'person' }], expiresOn: 'soon' }))
      .thenRejectedFor({ '/addTargets/0/descriptor': 'field-invalid', '/expiresOn': 'date-unreadable' });
  });

  it('is no error when asked twice, whether the ids of new targets were given or assigned', () => {
    const minister = { descriptor: 'the interior minister', kind: 'person' as const };
    for (const target of [minister, { ...minister, id: 'minister' }]) {
      const command = amendSanction({ addTargets: [target] });
      const first = filed(sanctionImposed()).when(command).stored;
      filed(sanctionImposed(), first).when(command).thenNothing(2);
      filed(sanctionImposed(), first, sanctionAmended('2026-01-20', { addMeasures: ['travel-ban'] }))
        .when(command)
        .thenNothing(2);
    }
  });

  it('adds a second target like the first on another day', () => {
    const company = amendSanction({ addTargets: [{ descriptor: 'a company', kind: 'company' }] });
    const first = filed(sanctionImposed()).when(company).stored;
    filed(sanctionImposed(), first)
      .when({ ...company, on: '2026-01-11' })
      .thenStored({ type: 'SanctionAmended', data: { addTargets: [{ id: 't2' }] } });
  });

  it('needs a day and a source', () => {
    filed(sanctionImposed())
      .when(amendSanction({ addMeasures: ['travel-ban'], on: undefined, citations: [] }))
      .thenRejectedFor({ '/citations': 'citation-missing', '/on': 'date-unreadable' });
  });

  it('keeps its own summary, reason and sources', () => {
    filed(sanctionImposed())
      .when(amendSanction({ addMeasures: ['travel-ban'], summary: 'Travel is banned too', reason: 'first filed without it' }))
      .thenStored({
        type: 'SanctionAmended',
        data: { addMeasures: ['travel-ban'], summary: 'Travel is banned too', reason: 'first filed without it', citations: CITED },
      });
  });
});

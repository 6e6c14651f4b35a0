/** Good bodies of the writing calls, for specs that change one thing about them. */
export const aSource = { publisher: 'Example Wire', title: 'Leaders agree to meet', publishedAt: '2026-01-08' };

const sides = [
  { party: 'USA', name: 'Donald Trump', role: 'President', kind: 'person' },
  { party: 'COL', name: 'Gustavo Petro', role: 'President', kind: 'person' },
];

export function aStatement(source: string) {
  return {
    summary: 'The US president threatens military action against Colombia',
    occurred: '2026-01-05',
    channel: 'press',
    speechAct: 'threaten',
    modality: 'hypothetical',
    speakers: [sides[0]!],
    addressees: [{ party: 'COL', kind: 'government' }],
    citations: [{ source, locator: 'paragraph 2' }],
  };
}

export function aSanction(source: string) {
  return {
    summary: 'The US Treasury sanctions the wife of the Colombian president',
    occurred: '2025-10',
    authority: { party: 'USA', name: 'US Treasury', kind: 'institution' },
    targets: [{ id: 'wife', party: 'COL', descriptor: 'his wife', kind: 'person' }],
    measures: ['asset-freeze'],
    grounds: { text: 'drug cartels flourish', alleged: true },
    citations: [{ source }],
  };
}

export function aMeeting(source: string) {
  return {
    summary: 'The two presidents agree to meet at the White House',
    occurred: '2026-01-07',
    format: 'in-person',
    level: 'leaders',
    window: { statedAs: 'in the coming weeks', earliest: '2026-01-08' },
    participants: sides,
    host: 'USA',
    place: { statedAs: 'the White House', party: 'USA' },
    citations: [{ source }],
  };
}

export function aHolding(source: string) {
  return { on: '2026-02-03', durationMinutes: 120, outcomes: { agreed: [], unresolved: ['the sanctions'] }, citations: [{ source }] };
}

export function anAction(source: string) {
  return {
    summary: 'US forces are deployed off the Venezuelan coast',
    occurred: '2025-09',
    act: 'deployment',
    actors: [{ party: 'USA', kind: 'military' }],
    targets: [{ party: 'VEN', kind: 'government' }],
    citations: [{ source }],
  };
}

/** What every step in the world says. */
export function anEnd(source: string) {
  return { on: '2026-02-03', citations: [{ source }] };
}

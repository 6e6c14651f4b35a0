import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import type { RecordOnFile } from '../../src/domain/record.js';
import type { RelationshipState } from '../../src/domain/relationship/state.js';
import type { Newsroom } from '../domain/relationship/newsroom.js';

export const SEED = 20260205;
export const HISTORIES = 1000;
export const IN_ALL = `in ${HISTORIES} histories (seed ${SEED})`;

export const KEYS = ['COL-USA', 'USA-VEN'];
export const aKey = fc.constantFrom('COL-USA', ...KEYS);

export function always<T extends unknown[]>(property: fc.IPropertyWithHooks<T>): void {
  fc.assert(property, { seed: SEED, numRuns: HISTORIES });
}

/** As `toStrictEqual`, which is slow where there is nothing to complain of. */
export function mustBe(told: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(told, expected)) expect(told).toStrictEqual(expected);
}

/** How each record stands by now, and what follows from its links and sources; its versions and positions left out. */
export function beliefsOf(desk: Newsroom, ids: Iterable<string>): object[] {
  return [...ids].toSorted().map((id) => {
    const { record, status, linkedFrom, muted, sources } = desk.belief(id);
    return { id, told: toldOf(record), status, linkedFrom, muted, sources };
  });
}

function toldOf({ filed, steps, cited, links, queries, assessed, graded }: RecordOnFile): object {
  return {
    filed,
    steps: steps.map(({ type, data }) => ({ type, data })),
    cited: cited.map(({ citation }) => citation),
    links: links.map(({ rel, to, removed }) => ({ rel, to, removed: removed !== undefined })),
    queries: queries.map(({ question, answer }) => ({ question, answer: answer?.text })),
    assessed: assessed.map(({ data }) => data),
    graded: graded.map(({ data }) => data),
  };
}

/** A state without the order in which things of one day are told, which is that in which they were filed. */
export function inNoOrder({ lastContact, latestMoves: _, ...state }: RelationshipState): unknown {
  return { ...(sorted(state) as object), lastContact: lastContact?.on ?? null };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => JSON.stringify(sorted(one))).toSorted();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, sorted(inner)]));
}

import { belongingsOf, ROLES } from '../../src/domain/record.js';
import { lifeName } from '../../src/domain/life.js';
import type { Belief } from '../../src/domain/relationship/belief.js';
import { disputeOf, joined, opposing, takesPosition } from '../../src/domain/relationship/dispute.js';
import { happenedBy, type Cite } from '../../src/domain/relationship/listing.js';
import type { Day } from '../../src/domain/time.js';
import { byId, newestFirst } from '../../src/read-models/beliefs.js';
import type { DisputeFilter, DisputeItem } from '../../src/read-models/dispute.query.js';
import type { QuestionFilter, QuestionItem } from '../../src/read-models/question.query.js';

/** Every belief there is at a moment, and the day that is asked for: what the lists are found from the slow way. */
export interface All {
  beliefs: readonly Belief[];
  asOf: Day;
  cite: Cite;
}

export function disputesIn({ beliefs, asOf, cite }: All, { relationship, open }: DisputeFilter): DisputeItem[] {
  const made = beliefs
    .filter(({ record, status }) => record.kind === 'statement' && happenedBy({ record }, asOf) && !status.retracted)
    .toSorted(newestFirst);
  const read = byId(made);
  const among = (ids: readonly string[]): Belief[] => ids.map((id) => read.get(id)!);
  const told = (ids: readonly string[], isOpen: boolean): DisputeItem => {
    const members = among(ids);
    return { open: isOpen, ...disputeOf(members, asOf, cite), relationships: relationshipsOf(members) };
  };
  const standing = (some: readonly Belief[]): string[][] => setsOf(some.filter((belief) => takesPosition(belief, asOf)));
  const disputes =
    open === true
      ? standing(made).map((ids) => told(ids, true))
      : setsOf(made).flatMap((ids) => {
          const sets = standing(among(ids));
          return sets.length === 0 ? [told(ids, false)] : sets.map((set) => told(set, true));
        });
  return disputes
    .filter((dispute) => open === undefined || dispute.open === open)
    .filter(({ relationships }) => relationship === undefined || relationships.some(({ key }) => key === relationship));
}

function setsOf(beliefs: readonly Belief[]): string[][] {
  return joined(beliefs.map((belief) => ({ record: belief.record.id, against: opposing(belief) })));
}

function relationshipsOf(members: readonly Belief[]): DisputeItem['relationships'] {
  const belongings = members.flatMap(({ record }) => belongingsOf(record));
  const keys = [...new Set(belongings.map(({ key }) => key))].toSorted();
  return keys.map((key) => ({ key, role: ROLES.find((role) => belongings.some((one) => one.key === key && one.role === role))! }));
}

export function questionsIn({ beliefs, asOf }: All, { relationship, open }: QuestionFilter): QuestionItem[] {
  const questions = beliefs
    .filter(({ record, status }) => (record.kind === 'source' || happenedBy({ record }, asOf)) && !status.retracted)
    .flatMap(({ record, entries }) =>
      record.queries.map(({ n, version, question, answer }) => ({
        position: BigInt(entries[version - 1]!.position),
        item: {
          record: record.id,
          life: lifeName(record, asOf),
          relationships: belongingsOf(record).map(({ key, role }) => ({ key, role })),
          n,
          question,
          since: entries[version - 1]!.recordedAt,
          open: answer === undefined,
          answer: answer?.text ?? null,
        },
      })),
    );
  return questions
    .toSorted((a, b) => Number(b.position - a.position))
    .map(({ item }) => item)
    .filter((item) => open === undefined || item.open === open)
    .filter(({ relationships }) => relationship === undefined || relationships.some(({ key }) => key === relationship));
}

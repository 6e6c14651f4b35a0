import { ACTOR_KINDS } from '../domain/actor.js';
import {
  INCOMPLETE,
  BELONGINGS,
  COUNT,
  FLAG,
  MOMENT,
  NEXT,
  RECORD_ID,
  TEXT,
  TEXT_OR_NONE,
  answer,
  list,
  ref,
  type Schema,
} from './openapi.parts.js';

/** What is on file, across relationships. */
export const LIST_VIEWS: Record<string, Schema> = {
  Listing: answer({
    ...MOMENT,
    items: list(answer({ record: RECORD_ID, life: TEXT, relationships: BELONGINGS }, 'As in the state of a relationship')),
    next: NEXT,
    incomplete: INCOMPLETE,
  }),
  Disputes: answer({
    ...MOMENT,
    items: list(
      answer({ open: FLAG, about: TEXT_OR_NONE, since: ref('Occurred'), positions: list({ type: 'object' }), relationships: BELONGINGS }),
    ),
    next: NEXT,
    incomplete: INCOMPLETE,
  }),
};

/** What can be named. */
export const DIRECTORY_VIEWS: Record<string, Schema> = {
  Parties: answer({
    ...MOMENT,
    items: list(
      answer({
        code: TEXT,
        name: TEXT,
        kind: { type: 'string', enum: ['country', 'organisation', 'territory', 'armed-group'] },
        aliases: list(TEXT, 'What else it is called'),
        members: list(TEXT, 'Codes of its members, where the membership is settled'),
      }),
    ),
    next: NEXT,
  }),
  Actors: answer({
    ...MOMENT,
    items: list(
      answer({
        party: TEXT_OR_NONE,
        name: TEXT_OR_NONE,
        kind: { type: 'string', enum: [...ACTOR_KINDS] },
        roles: list(TEXT, 'Every role and style under which they are on file'),
        records: COUNT,
      }),
    ),
    next: NEXT,
  }),
  Topics: answer({ ...MOMENT, items: list(answer({ topic: TEXT, records: COUNT })), next: NEXT }),
};

import type { AppendOutcome } from '../event-store/event-store.js';
import { inSpan } from './span.js';

/** Names of what the spans of appends and projections say of the log. */
export const FIRST_POSITION = 'entente.position.first';
export const LAST_POSITION = 'entente.position.last';

/** What the span of an append is called. */
export const APPEND = 'append';

/** Appends within a span that says what became of it, and where in the log it is now. */
export function inAppendSpan(append: () => Promise<AppendOutcome>): Promise<AppendOutcome> {
  return inSpan(APPEND, {}, async (span) => {
    const answer = await append();
    span?.setAttribute('entente.outcome', answer.outcome);
    if (answer.outcome === 'stored')
      span?.setAttributes({
        'entente.replayed': answer.replayed,
        'entente.events': answer.events.length,
        [FIRST_POSITION]: answer.events[0]!.position.toString(),
        [LAST_POSITION]: answer.events.at(-1)!.position.toString(),
      });
    return answer;
  });
}

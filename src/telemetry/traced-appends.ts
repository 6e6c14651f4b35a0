import { isSpanContextValid, type Link, type SpanContext } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Projected } from '../projection/projector.js';
import { APPEND, LAST_POSITION } from './append-span.js';

/** Most appends that are remembered, where the views do not come after them. */
const MOST = 10_000;

/**
 * The spans of appends that the views have not taken in yet, by the last position of each. What is stored says nothing of traces: it is kept
 * for ever, and a filing that is sent again must be the same. So the span of a projection finds those of its filings here, in the service that
 * filed them.
 */
export class TracedAppends implements SpanProcessor {
  private readonly spans = new Map<bigint, SpanContext>();

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    const position = span.attributes[LAST_POSITION];
    if (span.name !== APPEND || typeof position !== 'string' || !isSpanContextValid(span.spanContext())) return;
    this.spans.set(BigInt(position), span.spanContext());
    if (this.spans.size > MOST) this.spans.delete(this.spans.keys().next().value!);
  }

  /** Links to the appends of these events; they are forgotten with that, and so is everything before them. */
  linksTo({ first, last }: Pick<Projected, 'first' | 'last'>): Link[] {
    const reached = [...this.spans].filter(([position]) => position <= last);
    for (const [position] of reached) this.spans.delete(position);
    return reached.filter(([position]) => position >= first).map(([, context]) => ({ context }));
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {
    this.spans.clear();
  }
}

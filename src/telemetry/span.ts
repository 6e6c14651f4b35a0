import { SpanStatusCode, type Attributes, type Span, type Tracer } from '@opentelemetry/api';

/** Where spans go; nowhere, unless traces are asked for. */
let tracer: Tracer | undefined;

/** From now on spans are made by this tracer; by none, if none is given. */
export function traceWith(other: Tracer | undefined): void {
  tracer = other;
}

export function currentTracer(): Tracer | undefined {
  return tracer;
}

/** Does a piece of work within a span of the trace that is under way. Costs nothing where nobody traces; then it is given no span. */
export function inSpan<T>(name: string, attributes: Attributes, work: (span?: Span) => Promise<T>): Promise<T> {
  if (tracer === undefined) return work();
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      noteFailure(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Says what kind of failure it was, and no more: its message may quote what was filed. */
function noteFailure(span: Span, error: unknown): void {
  const { code, name } = error as { code?: unknown; name?: unknown };
  span.setAttribute('error.type', String(code ?? name));
  span.setStatus({ code: SpanStatusCode.ERROR });
}

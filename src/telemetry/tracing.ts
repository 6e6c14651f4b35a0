import { context, propagation, SpanKind, type Tracer } from '@opentelemetry/api';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Projected } from '../projection/projector.js';
import { reasonOf } from '../system-error.js';
import type { TraceSettings } from '../trace-settings.js';
import { FIRST_POSITION, LAST_POSITION } from './append-span.js';
import { traceWith } from './span.js';
import { TracedAppends } from './traced-appends.js';

/** How long spans are tried to be sent, and so at most how long a stop waits for them. */
const SEND_WITHIN_MS = 3_000;
const SEND_EVERY_MS = 1_000;

/** Traces that are being sent. */
export interface Tracing {
  /** The views have taken in these events. */
  projected(batch: Projected): void;
  /** Sends what there is and ends, within a bounded time. */
  stop(): Promise<void>;
}

/** Begins to send traces by OTLP over HTTP. All that this needs is loaded here and nowhere else: who asks for no traces does not pay for them. */
export async function startTracing({ url, service }: TraceSettings, log: (line: string) => void): Promise<Tracing> {
  const [sdk, { AsyncLocalStorageContextManager }, { W3CTraceContextPropagator }, { resourceFromAttributes }, { OTLPTraceExporter }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/core'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/exporter-trace-otlp-proto'),
    ]);
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: SEND_WITHIN_MS });
  const sender = new sdk.BatchSpanProcessor({
    exporter: telling(exporter, url, log),
    scheduledDelayMillis: SEND_EVERY_MS,
    exportTimeoutMillis: SEND_WITHIN_MS,
  });
  const appends = new TracedAppends();
  const resource = resourceFromAttributes({ 'service.name': service });
  const provider = new sdk.TracerProvider({ resource, spanProcessors: [appends, sender] });
  const tracer = provider.getTracer('entente');
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  traceWith(tracer);
  const stop = async (): Promise<void> => {
    traceWith(undefined);
    await provider.shutdown().catch(() => undefined);
    context.disable();
    propagation.disable();
  };
  return { projected: (batch) => spanOf(tracer, appends, batch), stop };
}

/** A batch has a trace of its own, linked to those of the filings in it: it is one piece of work for all of them. */
function spanOf(tracer: Tracer, appends: TracedAppends, batch: Projected): void {
  const { first, last, events, began, milliseconds } = batch;
  const attributes = { [FIRST_POSITION]: first.toString(), [LAST_POSITION]: last.toString(), 'entente.events': events };
  const options = { kind: SpanKind.CONSUMER, root: true, startTime: began, attributes, links: appends.linksTo(batch) };
  tracer.startSpan('project', options).end(began + milliseconds);
}

/** Says in one line that spans cannot be sent, and in another that they can again. Meanwhile they are dropped, and nothing waits for them. */
function telling(exporter: SpanExporter, url: string, log: (line: string) => void): SpanExporter {
  const { origin } = new URL(url);
  let failing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined;
        if (failed && !failing) log(`Traces cannot be sent to ${origin} and are dropped until they can: ${reasonOf(result.error)}.`);
        if (!failed && failing) log(`Traces are sent to ${origin} again.`);
        failing = failed;
        done(result);
      }),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}

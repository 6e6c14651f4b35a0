import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Metrics } from './metrics.js';
import { currentTracer } from './span.js';

/** Whoever asks these asks every few seconds, for ever. */
const NOT_TRACED = /\/(health\/\w+|metrics)$/;

/** Measures every request, and traces it where traces are sent. */
export function watchRequests(server: FastifyInstance, metrics: Metrics): void {
  server.addHook('onResponse', (request, reply, done) => {
    metrics.answered({ method: request.method, route: routeOf(request), status: reply.statusCode }, reply.elapsedTime);
    done();
  });
  if (currentTracer() !== undefined) traceRequests(server);
}

function traceRequests(server: FastifyInstance): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  server.addHook('onRequest', (request, _reply, done) => {
    const span = NOT_TRACED.test(routeOf(request)) ? undefined : spanOf(request);
    if (span !== undefined) spans.set(request, span);
    done();
  });
  // Not before: what is said to be under way gets lost while the body arrives.
  server.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request);
    if (span === undefined) done();
    else context.with(trace.setSpan(context.active(), span), done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const span = spans.get(request);
    if (span !== undefined) end(span, reply);
    done();
  });
}

/** It goes on with the trace that the caller names in `traceparent`. */
function spanOf(request: FastifyRequest): Span | undefined {
  const { method, url, headers } = request;
  const route = routeOf(request);
  // Without its parameters: they may hold what somebody searches for.
  const attributes = { 'http.request.method': method, 'http.route': route, 'url.path': url.split('?', 1)[0]! };
  const caller = propagation.extract(ROOT_CONTEXT, headers);
  return currentTracer()?.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, caller);
}

function end(span: Span, { statusCode }: FastifyReply): void {
  span.setAttribute('http.response.status_code', statusCode);
  if (statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** The address with the names of its parameters, of which there are as many as there are calls; what a stranger asks for has none. */
function routeOf({ routeOptions: { url = 'none' } }: FastifyRequest): string {
  return url;
}

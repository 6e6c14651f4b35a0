import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { KeyRing } from '../access/key-ring.js';
import { Metrics } from '../telemetry/metrics.js';
import { watchRequests } from '../telemetry/watch-requests.js';
import { AccessGuard } from './access.guard.js';
import { BodyPipe } from './body.js';
import { LARGEST_BODY, readJsonBodies } from './json-body.js';
import { PREFIX, serveOpenApi } from './openapi.js';
import { answer, answerNonsense, nothingHere, ProblemFilter } from './problem.filter.js';

/** Longer than the idle time of the usual proxies (60 s), so that it is they who hang up. */
const KEEP_ALIVE_MS = 65_000;

/** The server that `NestFactory.create(module, createAdapter(), APP_OPTIONS)` runs on. */
export function createAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: LARGEST_BODY,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: SLOWEST_REQUEST_MS,
    clientErrorHandler: answerNonsense,
    trustProxy: false,
    skipMiddie: true,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (_error: unknown, _request: unknown, reply: unknown) => answer(reply as FastifyReply, nothingHere()),
  });
}

/** How long a request may take to arrive. */
const SLOWEST_REQUEST_MS = 30_000;
/** How long a stop waits for answers under way before it hangs up; a client that never reads its answer would hold it up for ever. */
const GRACE_MS = 5_000;

export const APP_OPTIONS = { bodyParser: false } as const;

/** Everything that the HTTP contract says of every call; main and the specs set up their applications with it. */
export function configureApp(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  watchRequests(server, app.get(Metrics));
  readJsonBodies(server);
  server.decorateRequest('caller', null);
  server.addHook('preClose', (done) => {
    setTimeout(() => server.server.closeAllConnections(), GRACE_MS).unref();
    done();
  });
  app.setGlobalPrefix(PREFIX);
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalGuards(new AccessGuard(app.get(KeyRing)));
  app.useGlobalPipes(new BodyPipe());
  serveOpenApi(app);
}

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { aSource, aStatement } from '../http/bodies.js';
import { Checkout, type Program } from '../start/checkout.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { Collector, type ReceivedSpan } from './collector.js';
import { Scraped } from './scraped.js';

jest.setTimeout(60_000);

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const UNRECORDED = '0af7651916cd43dd8448eb211c80319c';
const LAST = '80f198ee56343ba864fe8b2a57d3eff7';
const CALLER = '00f067aa0ba902b7';
const HOOK = resolve(import.meta.dirname, 'list-loaded.js');

/** A service as it is started, with its projector in a thread of its own. */
class Running {
  private constructor(
    readonly program: Program,
    readonly url: string,
    private readonly key: string,
  ) {}

  static async start(checkout: Checkout, database: TestDatabase, env: Record<string, string>): Promise<Running> {
    const program = checkout.service({ env: { DATABASE_URL: database.url, ...env } });
    const url = await program.ready();
    return new Running(program, url, (await readFile(join(checkout.path, 'data/admin.key'), 'utf8')).trim());
  }

  async file(path: string, body: object, headers: Record<string, string> = {}): Promise<{ status: number; id: string; position: string }> {
    const sent = { authorization: `Bearer ${this.key}`, 'content-type': 'application/json', ...headers };
    const answer = await fetch(`${this.url}/api/v1${path}`, { method: 'POST', headers: sent, body: JSON.stringify(body) });
    const { id = '', position = '' } = (await answer.json()) as { id?: string; position?: string };
    return { status: answer.status, id, position };
  }
}

describe('traces of a service', () => {
  let checkout: Checkout;
  let database: TestDatabase;
  const loaded = () => join(checkout.path, 'loaded.txt');
  const listing = () => ({ NODE_OPTIONS: `--import ${HOOK}`, LIST_LOADED: loaded() });
  /** The packages of OpenTelemetry that were loaded. */
  const packages = async () =>
    new Set([...(await readFile(loaded(), 'utf8')).matchAll(/node_modules\/(@opentelemetry\/[\w-]+)/g)].map(([, name]) => name));

  beforeAll(async () => {
    checkout = await Checkout.make();
    expect(await checkout.run('node', ['build-if-changed.js']).ended()).toBe(0);
  });
  afterAll(() => checkout.remove());
  beforeEach(async () => {
    database = await createDatabase();
  });
  afterEach(() => database.drop());

  it('are not made where no collector is named, and nothing is loaded for them', async () => {
    const service = await Running.start(checkout, database, listing());
    expect((await service.file('/sources', aSource)).status).toBe(201);
    expect(await service.program.end('SIGTERM')).toBe(0);
    expect(await readFile(loaded(), 'utf8')).toContain('dist/projector.worker.js');
    expect(await packages()).toEqual(new Set(['@opentelemetry/api']));
  });

  describe('that are sent to a collector', () => {
    let own: TestDatabase;
    let collector: Collector;
    let service: Running;
    beforeAll(async () => {
      own = await createDatabase();
      collector = await Collector.listen();
      const env = { OTEL_EXPORTER_OTLP_HEADERS: 'api-key=hush', OTEL_SERVICE_NAME: 'foreign-desk' };
      service = await Running.start(checkout, own, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env, ...listing() });
    });
    afterAll(async () => {
      await service.program.end('SIGTERM');
      await collector.close();
      await own.drop();
    });

    const within = ({ trace }: ReceivedSpan, ...names: string[]) =>
      names.map((name) => collector.spans.find((span) => span.trace === trace && span.name === name)!);

    it('show one filing from the caller through request and command to the log, and the projection that took it in', async () => {
      const source = await service.file('/sources', aSource);
      const traceparent = `00-${TRACE}-${CALLER}-01`;
      const filed = await service.file('/statements?dry-run=false', aStatement(source.id), { traceparent });
      const request = await collector.span(({ name, trace }) => name === 'POST /api/v1/statements' && trace === TRACE);
      const [command, append] = within(request, 'file MakeStatement', 'append');
      expect([request.parent, command!.parent, append!.parent]).toEqual([CALLER, request.id, command!.id]);
      expect(request.service).toBe('foreign-desk');
      expect(request.attributes).toEqual({
        'http.request.method': 'POST',
        'http.route': '/api/v1/statements',
        'http.response.status_code': '201',
        'url.path': '/api/v1/statements',
      });
      expect(append!.attributes).toEqual({
        'entente.outcome': 'stored',
        'entente.replayed': '0',
        'entente.events': '1',
        'entente.position.first': filed.position,
        'entente.position.last': filed.position,
      });
      expect(append!.milliseconds).toBeLessThanOrEqual(request.milliseconds);
      const projection = await collector.span(
        ({ name, attributes }) => name === 'project' && attributes['entente.position.last'] === filed.position,
      );
      expect(projection.parent).toBe('');
      expect(projection.trace).not.toBe(TRACE);
      expect(projection.links).toContainEqual({ trace: TRACE, id: append!.id });
      expect(projection.milliseconds).toBeGreaterThan(0);
      expect(collector.headers.every((headers) => headers['api-key'] === 'hush')).toBe(true);
      expect(await packages()).toContain('@opentelemetry/sdk-trace');
    });

    it('say nothing of what was filed, also where it was refused, and leave out health and metrics', async () => {
      const source = await service.file('/sources', aSource);
      const statement = aStatement(source.id);
      expect((await service.file('/statements', { ...statement, citations: [{ source: 'source-nowhere' }] })).status).toBe(422);
      for (const path of ['health/live', 'health/ready', 'metrics']) await fetch(`${service.url}/api/v1/${path}`);
      await fetch(`${service.url}/api/v1/relationships?topic=sanctions`);
      const command = await collector.span(({ name, failed }) => name === 'file MakeStatement' && failed);
      expect(command).toMatchObject({ attributes: { 'error.type': 'source-unknown' } });
      const list = await collector.span(({ name }) => name === 'GET /api/v1/relationships');
      expect(list).toMatchObject({ failed: false, attributes: { 'http.response.status_code': '401' } });
      const names = new Set(collector.spans.map(({ name }) => name));
      expect([...names].filter((name) => /health|metrics/.test(name))).toEqual([]);
      expect(JSON.stringify(collector.spans)).not.toMatch(/military|nowhere|topic|Example Wire/);
    });

    it('are beside metrics, which tell of the process too, and of the projector in its thread', async () => {
      await collector.span(({ name }) => name === 'project');
      const scraped = await Scraped.from(service.url);
      expect(scraped.value('entente_projector_events_total')).toBeGreaterThan(0);
      expect([...scraped.kinds.keys()]).toEqual(
        expect.arrayContaining([
          'process_cpu_seconds_total',
          'process_resident_memory_bytes',
          'nodejs_eventloop_lag_seconds',
          'nodejs_gc_duration_seconds',
        ]),
      );
    });

    it('are not of a caller who says that its trace is not recorded; and are all sent before the service ends', async () => {
      const filed = await service.file('/sources', aSource, { traceparent: `00-${UNRECORDED}-${CALLER}-00` });
      expect(filed.status).toBe(201);
      const last = await service.file('/sources', aSource, { traceparent: `00-${LAST}-${CALLER}-01` });
      expect(await service.program.end('SIGTERM')).toBe(0);
      const names = (trace: string) => collector.spans.flatMap((span) => (span.trace === trace ? [span.name] : []));
      expect(names(UNRECORDED)).toEqual([]);
      expect(names(LAST).toSorted()).toEqual(['POST /api/v1/sources', 'append', 'file RegisterSource']);
      expect(collector.spans.some(({ attributes }) => attributes['entente.position.last'] === last.position)).toBe(true);
      expect(service.program.complaints().filter((line) => !line.startsWith('The admin key'))).toEqual([]);
    });
  });

  it('are dropped while the collector is away: one line says so, another that it is back, and filing goes on', async () => {
    const gone = await Collector.listen();
    const { port, url } = gone;
    await gone.close();
    const service = await Running.start(checkout, database, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/v1/traces` });
    const complaints = () => service.program.complaints().filter((line) => line.startsWith('Traces'));
    const fileUntil = async (isDone: () => boolean): Promise<void> => {
      while (!isDone()) {
        expect((await service.file('/sources', aSource)).status).toBe(201);
        await sleep(200);
      }
    };
    await fileUntil(() => complaints().length > 0);
    // Long enough for another batch to be given up.
    const enough = Date.now() + 4_500;
    await fileUntil(() => Date.now() > enough);
    expect(complaints()).toEqual([
      `Traces cannot be sent to ${url} and are dropped until they can: connect ECONNREFUSED 127.0.0.1:${port}.`,
    ]);
    const collector = await Collector.listen(port);
    await fileUntil(() => complaints().length > 1);
    expect(complaints().slice(1)).toEqual([`Traces are sent to ${url} again.`]);
    expect(await service.program.end('SIGTERM')).toBe(0);
    await collector.close();
  });

  it('hold up a stop for a few seconds at most, where the collector takes them and says nothing', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const service = await Running.start(checkout, database, { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });
    for (let i = 0; i < 3; i += 1) await service.file('/sources', aSource);
    const began = performance.now();
    expect(await service.program.end('SIGTERM')).toBe(0);
    const seconds = (performance.now() - began) / 1000;
    expect(seconds).toBeLessThan(6);
    process.stdout.write(`a stop beside a silent collector took ${seconds.toFixed(1)} s\n`);
    silent.close();
  });
});

import { readFileSync } from 'node:fs';
import { StateCache } from '../../src/read-models/state-cache.js';
import { startHttpService, type HttpService } from '../support/http-service.js';
import { aStatement, aSource } from '../http/bodies.js';
import { Scraped } from './scraped.js';

describe('GET /api/v1/metrics', () => {
  let service: HttpService;
  let source: string;
  beforeAll(async () => {
    service = await startHttpService();
    source = String((await service.call('POST', '/sources', aSource)).body['id']);
  });
  afterAll(() => service.stop());

  const scrape = () => Scraped.from(service.url);
  const file = (headers = {}) => service.call('POST', '/statements', aStatement(source), { headers });
  const state = (position: string) => service.call('GET', `/relationships/COL-USA?at-least=${position}`, undefined, { as: 'reader' });

  it('answers in the text format of Prometheus, and asks for no key', async () => {
    const answer = await fetch(`${service.url}/api/v1/metrics`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await answer.text()).toMatch(/^# HELP entente_/);
  });

  it('tells of nothing but what the page on running it explains, and of all of that', async () => {
    const page = readFileSync('docs/operations.md', 'utf8');
    const explained = [...page.matchAll(/^\| `(entente_\w+)` +\| (\w+) /gm)].map(([, name, kind]) => `${name} ${kind}`);
    const told = [...(await scrape()).kinds].map(([name, kind]) => `${name} ${kind}`);
    expect(told.toSorted()).toEqual(explained.toSorted());
  });

  it('tells how long the log took for each filing, by what became of it, and how many went in one commit', async () => {
    const before = await scrape();
    const key = { 'idempotency-key': 'filed twice' };
    await file(key);
    await file(key);
    await Promise.all(Array.from({ length: 20 }, () => file()));
    const after = await scrape();
    const more = (name: string, labels?: string) => (after.value(name, labels) ?? 0) - (before.value(name, labels) ?? 0);
    expect(more('entente_append_duration_seconds_count', 'outcome="stored"')).toBe(21);
    expect(more('entente_append_duration_seconds_count', 'outcome="replayed"')).toBe(1);
    expect(more('entente_append_duration_seconds_sum', 'outcome="stored"')).toBeGreaterThan(0);
    expect(more('entente_append_batch_filings_sum')).toBe(22);
    expect(more('entente_append_batch_events_sum')).toBe(22);
    expect(more('entente_append_batch_filings_count')).toBeLessThan(22);
  });

  it('tells of requests by the template of their address, never by what a stranger asks for', async () => {
    await service.call('GET', '/records/statement-of-nobody', undefined, { as: 'reader' });
    await fetch(`${service.url}/api/v1/wp-admin/setup.php`);
    await fetch(`${service.url}/wp-login.php?as=admin`);
    const scraped = await scrape();
    const labels = scraped.labels('entente_http_request_duration_seconds_count');
    expect(labels).toEqual(
      expect.arrayContaining([
        'method="POST",route="/api/v1/statements",status="201"',
        'method="GET",route="/api/v1/records/:id",status="404"',
        'method="GET",route="none",status="404"',
      ]),
    );
    expect(labels.filter((label) => /nobody|setup|wp-/.test(label))).toEqual([]);
    expect(scraped.value('entente_http_request_duration_seconds_count', 'method="GET",route="none",status="404"')).toBe(2);
  });

  it('tells how the projector stands and what it has done', async () => {
    const { body } = await file();
    await state(String(body['position']));
    // What was told a moment ago is good for a second.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const scraped = await scrape();
    expect(scraped.value('entente_projector_lag_events')).toBe(0);
    expect(scraped.value('entente_projector_lag_seconds')).toBe(0);
    const states = ['live', 'behind', 'stuck', 'dead'].map((name) => scraped.value('entente_projector_state', `state="${name}"`));
    expect(states).toEqual([1, 0, 0, 0]);
    expect(scraped.value('entente_projector_events_total')).toBe(await service.stored());
    expect(scraped.value('entente_projector_batch_duration_seconds_count')).toBeGreaterThan(0);
  });

  it('tells what is kept in memory, and how often that saved the work', async () => {
    const { body } = await file();
    await state(String(body['position']));
    await state(String(body['position']));
    const scraped = await scrape();
    expect(scraped.value('entente_kept_rows')).toBeGreaterThan(0);
    const { hits, misses } = service.app.get(StateCache);
    expect(hits).toBeGreaterThan(0);
    expect(misses).toBeGreaterThan(0);
    expect(scraped.value('entente_state_cache_requests_total', 'result="hit"')).toBe(hits);
    expect(scraped.value('entente_state_cache_requests_total', 'result="miss"')).toBe(misses);
  });

  it('tells of the connections to the database', async () => {
    const scraped = await scrape();
    const open = ['used', 'idle'].map((name) => scraped.value('entente_pool_connections', `state="${name}"`) ?? 0);
    expect(open[0]! + open[1]!).toBeGreaterThan(0);
    expect(open[0]! + open[1]!).toBeLessThanOrEqual(10);
    expect(scraped.value('entente_pool_waiting')).toBe(0);
  });
});

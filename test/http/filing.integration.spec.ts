import { startHttpService, type HttpService } from '../support/http-service.js';

describe('filing over HTTP', () => {
  let service: HttpService;
  beforeAll(async () => {
    service = await startHttpService();
  });
  afterAll(() => service.stop());

  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(service.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${service.as.editor}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('answers a new record with its id', async () => {
    const answer = await post('/sources', { title: 'A', publishedAt: '2026-01-08' });
    console.log(answer.status, [...answer.headers], await answer.text());
    const bad = await post('/sources', { titel: 'A', publishedAt: 3 });
    console.log(bad.status, [...bad.headers], await bad.text());
  });
});

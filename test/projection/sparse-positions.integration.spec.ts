import { articles } from '../example/articles.js';
import { ReadNewsroom } from '../read-models/reading.js';
import { SparseStore } from '../support/sparse-store.js';

describe('the views of a log whose positions have gaps', () => {
  let newsroom: ReadNewsroom;
  beforeAll(async () => {
    newsroom = await ReadNewsroom.open({ store: new SparseStore() });
  });
  afterAll(() => newsroom.close());

  it('follow filing after filing', async () => {
    for (const name of articles.keys()) {
      await newsroom.fileExample(name);
      expect((await newsroom.get('/corrections')).status).toBe(200);
    }
    expect((await newsroom.state('COL-USA', { asOf: '2026-02-04' })).tension.value).toBeCloseTo(56.4, 1);
  });
});

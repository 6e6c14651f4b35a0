import { setTimeout as sleep } from 'node:timers/promises';
import { projectInWorker } from '../../src/start-projector.js';

describe('the thread of the projector', () => {
  it('is started again when it ends, each time after a longer pause, and that is said', async () => {
    const said: string[] = [];
    // There is no file for the thread beside the sources, so it ends at once.
    const stop = projectInWorker(
      { databaseUrl: 'postgres://127.0.0.1:1/news' },
      { moved: () => undefined, projected: () => undefined, log: (line) => said.push(line) },
    );
    while (said.length < 4) await sleep(50);
    expect(said).toEqual([
      expect.stringMatching(/^The projector failed: .*projector\.worker/),
      'The projector has ended; it is started again in 1 s.',
      expect.stringMatching(/^The projector failed: /),
      'The projector has ended; it is started again in 2 s.',
    ]);
    await stop();
  });
});

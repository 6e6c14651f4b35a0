import { MemoryEventStore } from '../../src/event-store/memory/memory-event-store.js';
import { createPool } from '../../src/postgres/pool.js';
import { Edition } from '../../src/read-models/edition.js';
import { KeptRelationships } from '../../src/read-models/kept-relationships.js';
import { ProjectorStanding } from '../../src/read-models/projector-standing.js';
import { StateCache } from '../../src/read-models/state-cache.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { Scraped } from './scraped.js';

describe('metrics while the database is away', () => {
  it('tell what is known without it, and leave out how the projector stands: a zero would be taken for true', async () => {
    const pool = createPool('postgres://127.0.0.1:1/nowhere', { max: 1, applicationName: 'entente: test' });
    const metrics = new Metrics();
    const projector = new ProjectorStanding(pool, new MemoryEventStore());
    metrics.watch({ pool, projector, kept: new KeptRelationships(pool), states: new StateCache(pool, new Edition()) });
    const scraped = new Scraped(await metrics.text());
    expect(scraped.value('entente_pool_connections', 'state="used"')).toBe(0);
    expect(scraped.value('entente_kept_rows')).toBe(0);
    expect(scraped.kinds.get('entente_projector_lag_seconds')).toBe('gauge');
    const told = ['lag_events', 'lag_seconds', 'state', 'owner_info', 'parked_events', 'unknown_events'];
    expect(told.flatMap((name) => scraped.labels(`entente_projector_${name}`))).toEqual([]);
    await pool.end();
  });
});

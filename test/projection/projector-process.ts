/** A projector in a process of its own, which may be killed and stopped: `projector-process.ts <url>`. Tells its parent how far it has come. */
import { PostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { createPool } from '../../src/postgres/pool.js';
import { Projector } from '../../src/projection/projector.js';

const [url = ''] = process.argv.slice(2);
const pool = createPool(url, { max: 4, applicationName: `entente: process ${process.pid}`, pipelined: true });
const store = new PostgresEventStore({ pool, listen: url });
await store.open();
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());
const moved = (position: bigint): void => void process.send?.({ moved: String(position) });
const failed = (error: unknown): void => void process.send?.({ failed: String(error) });
await new Projector(store, pool, { moved, failed }, { batchSize: 5 }).run(stopping.signal);
await store.close();
await pool.end();
process.disconnect();

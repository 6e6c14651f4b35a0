/**
 * A crowd in a process of its own: `log-process.ts <size as JSON> <seed> postgres <url>` or `… kurrentdb <url> <prefix>`. Tells its
 * parent which events it stored, and, once the parent has told it the head, what its subscribers have seen up to there.
 */
import { once } from 'node:events';
import type { EventStore } from '../../src/event-store/event-store.js';
import { connect } from '../../src/event-store/kurrentdb/connect.js';
import { PostgresEventStore } from '../../src/event-store/postgres/postgres-event-store.js';
import { createPool } from '../../src/postgres/pool.js';
import { Crowd, type CrowdSize } from './crowd.js';

const [json = '', seed = '', kind = '', url = '', prefix = ''] = process.argv.slice(2);
const size: CrowdSize = JSON.parse(json);

async function open(): Promise<{ store: EventStore; close: () => Promise<unknown> }> {
  if (kind === 'kurrentdb') {
    const store = await connect(url, { prefix });
    return { store, close: () => store.close() };
  }
  const pool = createPool(url, { max: 4, applicationName: `entente: process ${process.pid}` });
  const store = new PostgresEventStore({ pool, listen: url });
  await store.open();
  return { store, close: () => store.close().then(() => pool.end()) };
}

const { store, close } = await open();
const crowd = new Crowd(store, Number(seed), size);
process.send?.(await crowd.write());
const [head]: string[] = await once(process, 'message');
const seen = await crowd.seenUpTo(BigInt(head ?? 0));
await close();
process.send?.(seen, () => process.disconnect());

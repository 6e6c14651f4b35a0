import { randomUUID } from 'node:crypto';
import { connect } from '../../src/event-store/kurrentdb/connect.js';
import type { KurrentEventStore } from '../../src/event-store/kurrentdb/kurrentdb-event-store.js';
import { CuttingProxy } from './cutting-proxy.js';
import type { OpenLog } from './event-store.contract.js';

export interface OpenKurrentLog extends OpenLog {
  store: KurrentEventStore;
  url: string;
  prefix: string;
  openAnother(): Promise<KurrentEventStore>;
}

/** An empty log in a server that may hold many: each has a prefix of its own. */
export async function openKurrentLog(url: string, prefix = `contract-${randomUUID()}.`): Promise<OpenKurrentLog> {
  const proxy = new CuttingProxy(url);
  const store = await connect(await proxy.listen(), { prefix });
  const others: KurrentEventStore[] = [];
  return {
    store,
    url,
    prefix,
    gapless: false,
    guardsAll: false,
    // A little longer than it waits until it looks for what a silent subscription may have missed.
    restsAfter: 5_500,
    cut: async () => proxy.recover(),
    openAnother: async () => {
      const other = await connect(url, { prefix });
      others.push(other);
      return other;
    },
    processArguments: ['kurrentdb', url, prefix],
    drop: async () => {
      await Promise.all([store, ...others].map((each) => each.close()));
      await proxy.close();
    },
  };
}

import { MemoryEventStore } from '../../src/event-store/memory/memory-event-store.js';
import { eventStoreContract } from './event-store.contract.js';

eventStoreContract('the log in memory', () => {
  const store = new MemoryEventStore();
  return Promise.resolve({ store, gapless: true, guardsAll: true, drop: () => store.close() });
});

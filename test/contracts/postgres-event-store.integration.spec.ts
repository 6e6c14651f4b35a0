import { eventStoreContract } from './event-store.contract.js';
import { openPostgresLog } from './postgres-log.js';

eventStoreContract('the log in PostgreSQL', openPostgresLog);

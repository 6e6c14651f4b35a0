import { eventStoreContract, notRun } from './event-store.contract.js';
import { openKurrentLog } from './kurrentdb-log.js';

const { KURRENTDB_URL: url } = process.env;

if (url === undefined) notRun('the log in KurrentDB', 'KURRENTDB_URL is not set');
else eventStoreContract('the log in KurrentDB', () => openKurrentLog(url));

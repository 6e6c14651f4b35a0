/** `filing-process.ts <url>`: files into a KurrentDB, whatever happens to it, until its parent says enough; then it closes the log. */
import { connect } from '../../src/event-store/kurrentdb/connect.js';
import { onlyUnavailable } from './enduring.js';
import { filing } from './filings.js';

const WRITERS = 12;
const [url = ''] = process.argv.slice(2);
const store = await connect(url);
const enough = new AbortController();
process.once('message', () => enough.abort());

async function write(): Promise<void> {
  while (!enough.signal.aborted) await store.append(filing()).catch(onlyUnavailable);
}

process.send?.('open');
await Promise.all(Array.from({ length: WRITERS }, write));
await store.close();
process.disconnect();

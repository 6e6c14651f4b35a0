import {
  BACKWARDS,
  END,
  type AllStreamRecordedEvent,
  type KurrentDBClient,
  type ReadAllOptions,
  type ReadPosition,
} from '@kurrent/kurrentdb-client';
import { readRecorded, type Recorded } from './envelope.js';
import { PAGE, type LogReader, type Page } from './log-reader.js';

/** A page for one who reads on and on: where it is the last, it ends at the end of the server's log, past what others appended. */
export async function look(log: LogReader, client: KurrentDBClient, from: bigint): Promise<Page> {
  const end = (await lastBefore(client, END))?.position.commit ?? from;
  const page = await log.page(client, from, PAGE);
  return page.full || page.upTo > end ? page : { ...page, upTo: end };
}

/** The last event of the log that completes a filing; none where the log is empty. */
export async function lastCarrier(log: LogReader, client: KurrentDBClient): Promise<Recorded | undefined> {
  let fromPosition: ReadPosition = END;
  for (;;) {
    const event: AllStreamRecordedEvent | undefined = await lastBefore(client, fromPosition, log.filter());
    if (event === undefined || event.streamId === log.names.log) return undefined;
    const recorded = readRecorded(event);
    if (recorded) return isCarrier(recorded) ? recorded : lastCarrierFrom(log, client, BigInt(recorded.envelope.copyOf!));
    fromPosition = event.position;
  }
}

/** Whether its filing is complete with it. */
export function isCarrier({ envelope: { part, copyOf } }: Recorded): boolean {
  return copyOf === undefined && (part === undefined || part.nth === part.of);
}

async function lastCarrierFrom(log: LogReader, client: KurrentDBClient, position: bigint): Promise<Recorded | undefined> {
  let page = await log.page(client, log.commitOf(position), PAGE, 'with');
  let last = page.recorded.findLast(isCarrier);
  while (page.full) {
    page = await log.page(client, page.upTo, PAGE);
    last = page.recorded.findLast(isCarrier) ?? last;
  }
  return last;
}

/** One alone: asked for more than there are, the server would look through all that others kept before this log began. */
async function lastBefore(
  client: KurrentDBClient,
  fromPosition: ReadPosition,
  filter?: ReadAllOptions['filter'],
): Promise<AllStreamRecordedEvent | undefined> {
  for await (const { event } of client.readAll({ fromPosition, direction: BACKWARDS, maxCount: 1, filter })) if (event) return event;
  return undefined;
}

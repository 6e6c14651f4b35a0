import { ANY, type EventData, type KurrentDBClient, NO_STREAM, type AppendResult } from '@kurrent/kurrentdb-client';

/**
 * Appends to a stream that has so many events now; `any` where it does not matter. How long it may take is the server's to say: the client
 * would tell it the time of day by this machine's clock, and a server whose clock is ahead would refuse everything.
 */
export function appendTo(
  client: KurrentDBClient,
  stream: string,
  { events, version }: { events: EventData | EventData[]; version: number | 'any' },
): Promise<AppendResult> {
  const streamState = version === 'any' ? ANY : version === 0 ? NO_STREAM : BigInt(version - 1);
  return client.appendToStream(stream, events, { streamState, deadline: Infinity });
}

import type { Caller } from './caller.js';

const BEFORE_VIEWS_GIVE_UP_MS = 3_600_000;

/** Waits until the views have come to a position. */
export async function viewsAt(caller: Caller, position: number): Promise<void> {
  for (const deadline = Date.now() + BEFORE_VIEWS_GIVE_UP_MS; Date.now() < deadline;) {
    // No record has this id: the answer comes as soon as the views have that position, and costs nothing.
    const { status } = await caller.get(`/records/statement-00000000-0000-7000-8000-000000000000?at-least=${position}`);
    if (status === 404) return;
    if (status !== 503) throw new Error(`the views answer ${status}`);
  }
  throw new Error('the views are not up to date after an hour');
}

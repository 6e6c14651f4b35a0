import { StartError } from '../../src/start-error.js';

/** The one sentence with which a start was refused; 'accepted' when it was not. */
export async function refusalOf(start: Promise<unknown>): Promise<string> {
  try {
    await start;
    return 'accepted';
  } catch (error) {
    return error instanceof StartError ? error.message : `not a StartError: ${String(error)}`;
  }
}

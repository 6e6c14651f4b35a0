/** Why the service cannot start: `message` is one sentence that says what to do. Printed without a stack trace. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** What a run needs and does not find here. */
export class NotRun extends Error {}

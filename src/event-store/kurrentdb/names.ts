/** What the streams are called. Records share a prefix by which they are read; what the store keeps for itself has another. */
export class Names {
  readonly prefix: string;

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** The stream of a record. */
  record(id: string): string {
    return this.prefix + id;
  }

  /** The id of the record that a stream holds. */
  idOf(name: string): string {
    return name.slice(this.prefix.length);
  }

  /** Holds the id of the log. */
  get log(): string {
    return `_${this.prefix}log`;
  }

  /** How far it is known that no copies are missing. */
  get completed(): string {
    return `_${this.prefix}completed`;
  }

  /** What was appended to learn the server's time. */
  get clock(): string {
    return `_${this.prefix}clock`;
  }

  /** Which filings an idempotency key was used for. */
  key(id: string): string {
    return `_${this.prefix}key.${id}`;
  }
}

import type { RecordOnFile } from '../src/domain/record.js';

/** The records that may still be named: each as long as there is a reason to keep it, so that a log of any length fits into memory. */
export class Shelf {
  readonly #kept = new Map<string, { record: RecordOnFile; reasons: number }>();

  get(id: string): RecordOnFile | undefined {
    return this.#kept.get(id)?.record;
  }

  /** A record as it is now, new or changed. */
  put(record: RecordOnFile): void {
    const kept = this.#kept.get(record.id);
    if (kept === undefined) this.#kept.set(record.id, { record, reasons: 0 });
    else kept.record = record;
  }

  keep(id: string): void {
    this.#kept.get(id)!.reasons += 1;
  }

  letGo(id: string): void {
    const kept = this.#kept.get(id)!;
    kept.reasons -= 1;
    if (kept.reasons === 0) this.#kept.delete(id);
  }
}

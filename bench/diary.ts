import { addDays, type Day } from '../src/domain/time.js';

/** What is to be done, by the day on which it falls due. */
export class Diary<T> {
  readonly #pages = new Map<Day, T[]>();
  #page: Day;

  constructor(first: Day) {
    this.#page = first;
  }

  note(day: Day, entry: T): void {
    const page = this.#pages.get(day);
    if (page === undefined) this.#pages.set(day, [entry]);
    else page.push(entry);
  }

  /** The next entry that is due by then; each once, those of earlier days first. */
  next(today: Day): T | undefined {
    for (; ; this.#page = addDays(this.#page, 1)) {
      const entry = this.#pages.get(this.#page)?.pop();
      if (entry !== undefined || this.#page >= today) return entry;
      this.#pages.delete(this.#page);
    }
  }
}

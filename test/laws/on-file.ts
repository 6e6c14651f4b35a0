import fc from 'fast-check';
import type { CitationInput } from '../../src/domain/citation.js';
import type { RecordOnFile } from '../../src/domain/record.js';
import { dateLeans } from '../../src/domain/redate.js';
import type { Newsroom } from '../domain/relationship/newsroom.js';
import { BLOG, WIRE } from '../domain/samples.js';

export const AGENCY = 'source-agency';
export const SOURCES = [WIRE, BLOG, AGENCY];

/** One of the records on file, and some of the sources, whichever they will be. */
export const aRecord = fc.nat(11);
export const aCitation = fc.subarray(SOURCES, { minLength: 1, maxLength: 2 });

/** What an editor sees who asks for something: records other than sources, in the order in which they were filed. */
export class OnFile {
  private readonly ids: readonly string[];

  /** `apart`: a record of which the others know nothing. */
  constructor(
    private readonly desk: Newsroom,
    private readonly apart?: string,
  ) {
    this.ids = [...desk.records.values()].flatMap(({ id, kind }) => (kind === 'source' ? [] : [id]));
  }

  /** The id of the next record. */
  get next(): string {
    return this.apart ?? `record-${this.ids.length}`;
  }

  /** The record that is spoken of: the one that stands apart, where there is one. */
  subject(n: number): RecordOnFile | undefined {
    return this.apart === undefined ? this.record(n) : this.desk.onFile(this.apart);
  }

  record(n: number): RecordOnFile | undefined {
    return this.ids.length === 0 ? undefined : this.desk.onFile(this.ids[n % this.ids.length]!);
  }

  /** A record for a date to lean on: every other time one whose own date leans on another, so that there are chains of them. */
  toLeanOn(n: number): RecordOnFile | undefined {
    const leaning = this.ids.flatMap((id) => this.desk.onFile(id)!).filter((record) => dateLeans(record).length > 0);
    return n % 2 === 1 && leaning.length > 0 ? leaning[n % leaning.length] : this.record(n);
  }

  /** A record on whose date that of another leans. */
  leantOn(n: number): RecordOnFile | undefined {
    const leant = this.ids.flatMap((id) => dateLeans(this.desk.onFile(id)!)).filter((id) => id !== this.apart);
    return leant.length === 0 ? undefined : this.desk.onFile(leant[n % leant.length]!);
  }

  /** A record of which something can be put back. */
  takenOut(n: number): RecordOnFile | undefined {
    const ids = this.apart === undefined ? this.ids : [this.apart];
    const found = ids
      .flatMap((id) => this.desk.onFile(id) ?? [])
      .filter(({ retracted, withheld }) => retracted !== undefined || withheld.length > 0);
    return found[n % found.length];
  }

  /** A record to link to. */
  another(n: number, than?: string): RecordOnFile | undefined {
    const others = this.ids.filter((id) => id !== than && id !== this.apart);
    return others.length === 0 ? undefined : this.desk.onFile(others[n % others.length]!);
  }

  source(id: string): RecordOnFile {
    return this.desk.onFile(id)!;
  }

  /** Of some sources those that can still be cited; else any that can. */
  citations(some: readonly string[]): CitationInput[] {
    const stands = (id: string): boolean => this.source(id).withdrawn === undefined && this.source(id).retracted === undefined;
    const chosen = some.filter(stands);
    return (chosen.length > 0 ? chosen : SOURCES.filter(stands)).map((source) => ({ source }));
  }
}

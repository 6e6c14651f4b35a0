/** The appends of a filing in KurrentDB that a service is killed before, in their order. */
export const APPENDS = ['claim', 'carrier', 'first copy', 'second copy'];

const COPY_OF = /"copyOf":"(\d+)"/;
/** Places in a filing, in the position of an event. */
const PLACES = 1024n;

/** Knows the appends of a filing by what they hold: the claim of its key, the carrier, and a copy for each stream that it carries events for. */
export class FilingAppends {
  /** The positions of which copies were sent, by the filing that they are of. */
  readonly #copies = new Map<bigint, Set<string>>();

  /** Undefined where the message is none of them. */
  nameOf(message: Buffer): string | undefined {
    if (message.includes('KeyClaimed')) return 'claim';
    const [, position] = COPY_OF.exec(message.toString('latin1')) ?? [];
    if (position !== undefined) return this.#copy(position);
    if (!message.includes('"attempt":"')) return undefined;
    return message.includes('"key":{') ? 'carrier' : 'carrier without a claim';
  }

  #copy(position: string): string {
    const filing = BigInt(position) / PLACES;
    const copies = this.#copies.get(filing) ?? new Set();
    this.#copies.set(filing, copies.add(position));
    const nth = [...copies].indexOf(position) + 1;
    return ['', 'first copy', 'second copy'][nth] ?? 'later copy';
  }
}

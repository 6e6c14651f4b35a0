/**
 * Which telling of the past the views hold. Where earlier positions are told anew, since what was parked is projected, it is another: what is kept
 * in memory is kept under its number, so that nobody finds there what was told before.
 */
export class Edition {
  private number = 0n;

  /** As every question learns it with how far the views have come, before it asks for anything else. */
  learn(number: bigint): void {
    // Answers may overtake each other; editions never go back.
    if (number > this.number) this.number = number;
  }

  /** A name that is good for as long as what is told under it. */
  nameOf(what: string): string {
    return `${this.number} ${what}`;
  }
}

import type { Dice } from './dice.js';

/** How many articles are worked from at a time, and how many records cite each in the mean. */
const DESKS = 40;
const CITED = 30;

/** The articles that the newsroom works from just now. */
export class Articles {
  readonly #open: { id: string; left: number }[] = [];
  readonly #free = Array.from({ length: DESKS }, (_, desk) => desk);

  /** Whether a desk waits for its next article. */
  get wanted(): boolean {
    return this.#free.length > 0;
  }

  /** Lays a new article on a desk that waits; answers the one that lay there. */
  lay(id: string, dice: Dice): string | undefined {
    const desk = this.#free.pop()!;
    const before = this.#open[desk]?.id;
    this.#open[desk] = { id, left: dice.whole(1, 2 * CITED - 1) };
    return before;
  }

  /** An article to cite. */
  draw(dice: Dice): string {
    const article = dice.pick(this.#open);
    article.left -= 1;
    if (article.left === 0) this.#free.push(this.#open.indexOf(article));
    return article.id;
  }

  /** An article that was withdrawn is cited no more. */
  clear(id: string): void {
    const desk = this.#open.findIndex((article) => article.id === id);
    if (desk !== -1 && !this.#free.includes(desk)) this.#free.push(desk);
  }
}

import type { Row, Runner } from "#src/warehouse/session.js";
import { type Sql, shown } from "#src/warehouse/sql.js";

/** Writes statements down as a reviewer would read them, and answers each query with the next of the given answers. */
export class Scribe implements Runner {
  readonly written: string[] = [];
  readonly #answers: (Row | readonly Row[])[];

  constructor(...answers: readonly (Row | readonly Row[])[]) {
    this.#answers = [...answers];
  }

  async rows(statement: Sql): Promise<readonly Row[]> {
    this.written.push(shown(statement));
    const answer = this.#answers.shift() ?? [];
    return isRows(answer) ? answer : [answer];
  }

  async run(statement: Sql): Promise<number> {
    this.written.push(shown(statement));
    return 0;
  }
}

function isRows(answer: Row | readonly Row[]): answer is readonly Row[] {
  return Array.isArray(answer);
}

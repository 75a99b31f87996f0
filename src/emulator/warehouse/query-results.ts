import type { SnowflakeError } from "./errors.js";
import type { Outcome } from "./interpreter.js";

/** What became of a query: its outcome, or why it was refused. */
export type Ending = { readonly outcome: Outcome } | { readonly refusal: SnowflakeError };

interface Kept {
  readonly user: string;
  readonly ended: Promise<Ending>;
  ending: Ending | undefined;
}

/** How many queries are remembered. */
const KEPT_QUERIES = 500;

/** What queries brought, by query id, for their user: in whatever session, running or done. */
export class QueryResults {
  readonly #kept = new Map<string, Kept>();

  add(queryId: string, user: string, ended: Promise<Ending>): void {
    const kept: Kept = { user, ended, ending: undefined };
    this.#kept.set(queryId, kept);
    void ended.then((ending) => {
      kept.ending = ending;
    });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_QUERIES && oldest !== undefined) this.#kept.delete(oldest);
  }

  find(queryId: string, user: string): Readonly<Kept> | undefined {
    const kept = this.#kept.get(queryId.toLowerCase());
    return kept?.user === user ? kept : undefined;
  }
}

import { type KnownLimit, limitOf } from "./known-limits.js";
import { breaches } from "./law.js";
import { play } from "./play.js";
import type { Script } from "./script.js";
import type { Subject } from "./subject.js";

/** Plays stories, and counts those that ended beyond a known limit. */
export class Tally {
  readonly #limits = new Map<KnownLimit, number>();
  #stories = 0;

  /** What no known limit excuses at the end of a story; nothing if all is well. */
  async judge(script: Script, subject: Subject): Promise<readonly string[]> {
    const ending = await play(script, subject);
    this.#stories += 1;
    const found = breaches(ending).map((breach) => ({ breach, limit: limitOf(ending, breach) }));
    for (const limit of new Set(found.map((each) => each.limit))) {
      if (limit !== undefined) this.#limits.set(limit, (this.#limits.get(limit) ?? 0) + 1);
    }
    return found
      .filter(({ limit }) => limit === undefined)
      .map(({ breach }) => `${breach.kind}: ${breach.text}`);
  }

  /** How many stories there were, and how many of them met each limit. */
  toString(): string {
    const limits = [...this.#limits].map(([limit, count]) => `${limit}: ${count}`);
    return [`${this.#stories} stories`, ...limits].join("; ");
  }
}

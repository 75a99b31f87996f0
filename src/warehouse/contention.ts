import { isCrowded } from "./refusals.js";

/** What waiting takes: a clock that nobody sets, and chance. */
export interface Waiting {
  elapsed(): number;
  wait(ms: number): Promise<void>;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/** Snowflake ends the transaction of a client that was killed after five minutes, if it keeps somebody waiting. */
const MOST_MS = 360_000;
const FIRST_BACK_OFF_MS = 500;
const LONGEST_BACK_OFF_MS = 8000;

/**
 * Sends a statement again while Snowflake refuses it because too many wait for one table (it admits twenty), or because
 * it has waited too long itself. A refused statement had no effect, and its transaction stays open.
 */
export async function outlastingCrowds<T>(send: () => Promise<T>, waiting: Waiting): Promise<T> {
  const { random = Math.random } = waiting;
  const started = waiting.elapsed();
  for (let longest = FIRST_BACK_OFF_MS; ; longest *= 2) {
    try {
      return await send();
    } catch (error) {
      if (!isCrowded(error) || waiting.elapsed() - started > MOST_MS) throw error;
      await waiting.wait(random() * Math.min(longest, LONGEST_BACK_OFF_MS));
    }
  }
}

import { isCrowded } from "./refusals.js";

/** What waiting takes: a clock that nobody sets, and chance. */
export interface Waiting {
  elapsed(): number;
  wait(ms: number): Promise<void>;
  /** From 0 to 1. */
  readonly random?: () => number;
}

const MOST_MS = 180_000;
const FIRST_BACK_OFF_MS = 250;
const LONGEST_BACK_OFF_MS = 5000;

/**
 * Does the work again while Snowflake refuses it because too many statements wait for one table (it admits twenty), or
 * one has waited too long. A refused statement had no effect, and a transaction that holds one was rolled back.
 */
export async function outlastingCrowds<T>(work: () => Promise<T>, waiting: Waiting): Promise<T> {
  const { random = Math.random } = waiting;
  const started = waiting.elapsed();
  for (let longest = FIRST_BACK_OFF_MS; ; longest *= 2) {
    try {
      return await work();
    } catch (error) {
      if (!isCrowded(error) || waiting.elapsed() - started > MOST_MS) throw error;
      await waiting.wait(random() * Math.min(longest, LONGEST_BACK_OFF_MS));
    }
  }
}

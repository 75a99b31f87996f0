/** All places, or a few drawn by a seed. */
export const IS_WHOLE = process.env["FAULTS"] === "all";
/** Names the places that are drawn: the same every time, unless another seed is asked for. A new one is for a search, not for a gate. */
export const SEED = Number(process.env["FAULTS_SEED"] ?? 20_251_217);
/** In place of what the kinds of change say; 1 tries every place of every kind, in about twice the time. */
const ONE_IN = process.env["FAULTS_ONE_IN"] ? Number(process.env["FAULTS_ONE_IN"]) : undefined;
/** Worlds tried at once in one process, where each starts processes of its own. */
const AT_ONCE = 3;
/** The same where a world is no more than this process: two thirds of its time are waiting. */
export const WAITING_AT_ONCE = 6;
/** `0/2` is the first half of the places, for the first of two processes. */
const [part = 0, parts = 1] = (process.env["FAULTS_PART"] ?? "0/1").split("/").map(Number);

/** The items in an order that the seed decides. */
export function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  const random = randomOf(SEED);
  return items
    .map((item) => ({ item, order: random() }))
    .toSorted((one, other) => one.order - other.order)
    .map(({ item }) => item);
}

/** So many of the items; where all are tried, this process's part of them, or of one in so many. */
export function drawn<Item>(items: readonly Item[], few: number, oneIn = 1): readonly Item[] {
  if (!IS_WHOLE) return shuffled(items).slice(0, few);
  return shuffled(items).filter((_, index) => index % (parts * (ONE_IN ?? oneIn)) === part);
}

/** Does something for each item, for a few of them at once unless they share something. Answers in their order. */
export async function forEach<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  atOnce = AT_ONCE,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const left = [...items.entries()];
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      results[next[0]] = await work(next[1]);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

/** Numbers from 0 to 1, always the same for a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
